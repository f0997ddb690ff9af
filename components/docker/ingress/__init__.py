"""`ingress` on Docker: a reverse proxy with host routing."""

"""`load_balancer` on Docker: a stub."""

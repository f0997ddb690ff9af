"""`cache` on Docker: a container."""

"""`database` on Docker: a container with a volume."""

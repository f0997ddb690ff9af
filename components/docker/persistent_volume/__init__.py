"""`persistent_volume` on Docker: a volume."""

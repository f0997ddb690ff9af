"""`message_queue` on Docker: a container with a volume."""

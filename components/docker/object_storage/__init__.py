"""`object_storage` on Docker: an S3 server over a volume."""

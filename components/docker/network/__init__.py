"""`network` on Docker: a bridge network."""

"""`namespace` on Docker: a bridge network."""

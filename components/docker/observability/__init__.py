"""`observability` on Docker: a stub."""

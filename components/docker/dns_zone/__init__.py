"""`dns_zone` on Docker: a stub."""

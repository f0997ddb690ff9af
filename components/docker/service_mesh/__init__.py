"""`service_mesh` on Docker: a stub."""

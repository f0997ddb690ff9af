"""`kubernetes_cluster` on Docker: a stub."""

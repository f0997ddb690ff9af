"""`cache` on Acme."""

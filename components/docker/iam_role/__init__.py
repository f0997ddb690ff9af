"""`iam_role` on Docker: a stub."""

"""`database` on AWS: an RDS instance."""

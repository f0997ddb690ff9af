"""`iam_role` on AWS: an IAM role with its policies."""

"""`network` on AWS: a VPC with public and private subnets over availability zones."""

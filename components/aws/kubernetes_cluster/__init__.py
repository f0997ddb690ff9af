"""`kubernetes_cluster` on AWS: an EKS cluster with managed node groups."""

"""`container_runtime` on AWS: a workload on an EKS cluster, reached through its load balancer controller."""

"""`namespace` on AWS: a Kubernetes namespace on an EKS cluster."""

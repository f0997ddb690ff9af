"""Workloads on Kubernetes: the objects of capabilities, for every provider that has a cluster.

It knows no provider. What differs between them (the ingress controller and what it is told) is passed in; whose
component it is decides type tokens and URNs.
"""

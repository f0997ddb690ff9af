"""Kubernetes objects of capabilities, for every provider that has a cluster.

It knows no provider. What differs between them (the ingress controller and its annotations) is passed in; whose
component it is decides type tokens and URNs.
"""

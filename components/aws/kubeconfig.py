"""Kubeconfig by which a stack reaches an EKS cluster."""

from __future__ import annotations

import json
from collections.abc import Sequence


def kubeconfig(name: str, endpoint: str, ca_certificate: str, arguments: Sequence[str]) -> str:
    """Build a kubeconfig without credentials, as JSON: the AWS CLI gets a token whenever one is needed."""
    execute = {
        "apiVersion": "client.authentication.k8s.io/v1beta1",
        "command": "aws",
        "args": ["eks", "get-token", "--output", "json", "--cluster-name", name, *arguments],
        "interactiveMode": "Never",
    }
    cluster = {"server": endpoint, "certificate-authority-data": ca_certificate}
    return json.dumps(
        {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{"name": name, "cluster": cluster}],
            "users": [{"name": name, "user": {"exec": execute}}],
            "contexts": [{"name": name, "context": {"cluster": name, "user": name}}],
            "current-context": name,
        },
        sort_keys=True,
    )

"""How a stack reaches its clusters: which provider resource stands for which, and the kubeconfig it is given."""

from __future__ import annotations

import json
from collections.abc import Sequence

from platform_pulumi.model.capability import Capability
from platform_pulumi.sdk.scope import CapabilityScope

CLUSTER = "kubernetes_cluster"


def package(scope: CapabilityScope) -> str:
    """The key, within the scope's providers, of the one for the bound cluster."""
    own = provider_name(scope.capability, several=True)
    return own if own in scope.shared.providers else "kubernetes"


def provider_name(capability: Capability, *, several: bool) -> str:
    """The logical name of the provider resource for a capability's cluster."""
    return f"kubernetes-{capability.bindings[CLUSTER].name}" if several else "kubernetes"


def kubeconfig(name: str, endpoint: str, ca_certificate: str, arguments: Sequence[str]) -> str:
    """A kubeconfig without credentials, as JSON: the AWS CLI gets a token whenever one is needed."""
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

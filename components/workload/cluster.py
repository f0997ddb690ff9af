"""Provider resources of clusters: which one of a stack stands for which cluster."""

from __future__ import annotations

from platform_pulumi.model.capability import Capability
from platform_pulumi.sdk.scope import CapabilityScope

CLUSTER = "kubernetes_cluster"


def package(scope: CapabilityScope) -> str:
    """Return the key, in the scope's providers, of the provider resource of the bound cluster."""
    own = provider_name(scope.capability, several=True)
    return own if own in scope.shared.providers else "kubernetes"


def provider_name(capability: Capability, *, several: bool) -> str:
    """Build the logical name of the provider resource for a capability's cluster."""
    return f"kubernetes-{capability.bindings[CLUSTER].name}" if several else "kubernetes"

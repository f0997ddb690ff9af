"""Provider resources of clusters: which one of a stack stands for which cluster."""

from __future__ import annotations

from collections.abc import Iterable

from platform_pulumi.model.capability import Capability, CapabilityRef
from platform_pulumi.sdk.scope import CapabilityScope

CLUSTER = "kubernetes_cluster"


def package(scope: CapabilityScope) -> str:
    """Return the key, in the scope's providers, of the provider resource of the bound cluster."""
    own = _of_several(scope.capability.bindings[CLUSTER])
    return own if own in scope.shared.providers else "kubernetes"


def clusters(capabilities: Iterable[Capability]) -> dict[str, CapabilityRef]:
    """Map the logical name of each provider resource that these capabilities need to its cluster."""
    bound = dict.fromkeys(c.bindings[CLUSTER] for c in capabilities if CLUSTER in c.bindings)
    return {_of_several(cluster) if len(bound) > 1 else "kubernetes": cluster for cluster in bound}


def _of_several(cluster: CapabilityRef) -> str:
    return f"kubernetes-{cluster.name}"

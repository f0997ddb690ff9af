"""Namespace on a cluster, and the ResourceQuota that limits it.

https://kubernetes.io/docs/concepts/policy/resource-quotas/. There is no LimitRange: it would give containers limits
that nobody declared.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi
from pulumi_kubernetes.core.v1 import Namespace, ResourceQuota, ResourceQuotaSpecArgs

from components.workload.cluster import package
from components.workload.metadata import metadata
from platform_pulumi.model.capabilities.shared_primitives.namespace import Namespace as Properties
from platform_pulumi.model.capabilities.shared_primitives.namespace import ResourceQuotas
from platform_pulumi.sdk.component import CapabilityComponent


def namespace(component: CapabilityComponent, properties: Properties) -> Mapping[str, pulumi.Input[Any]]:
    """Create the objects of a `namespace` as the component's children; return the type's outputs."""
    scope = component.scope
    name, logical = scope.name(), component.logical()
    space = Namespace(logical, metadata=metadata(scope, name, logical), opts=component.child(package(scope)))
    hard = hard_limits(properties.resource_quotas)
    if hard:
        logical = component.logical("quota")
        ResourceQuota(
            logical,
            metadata=metadata(scope, scope.name("quota"), logical, namespace=name),
            spec=ResourceQuotaSpecArgs(hard=hard),
            opts=component.child(package(scope), depends_on=[space], delete_before_replace=True),
        )
    return {"name": name}


def hard_limits(quotas: ResourceQuotas) -> dict[str, str]:
    """Convert quotas to a ResourceQuota's hard limits: of the sum of the containers' limits, and the number of pods."""
    wanted = {
        "limits.cpu": quotas.cpu,
        "limits.memory": quotas.memory,
        "pods": None if quotas.pods is None else str(quotas.pods),
    }
    return {name: value for name, value in wanted.items() if value is not None}

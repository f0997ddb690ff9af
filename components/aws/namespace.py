"""`namespace` on AWS: a Kubernetes namespace on the bound EKS cluster, with a ResourceQuota."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, cast

import pulumi
from pulumi_kubernetes.core.v1 import Namespace as KubernetesNamespace
from pulumi_kubernetes.core.v1 import ResourceQuota, ResourceQuotaSpecArgs

from components.aws.cluster_access import package
from components.aws.kubernetes import metadata
from platform_pulumi.model.capabilities.namespace import Namespace as Properties
from platform_pulumi.model.capabilities.namespace import ResourceQuotas
from platform_pulumi.sdk.component import CapabilityComponent
from platform_pulumi.sdk.scope import CapabilityScope


class Namespace(CapabilityComponent):
    """A namespace and, where a quota is set, what bounds it.

    https://kubernetes.io/docs/concepts/policy/resource-quotas/. There is no LimitRange: it would give containers
    limits that nobody declared.
    """

    TOKEN: ClassVar[str] = "platform:aws:Namespace"

    def build(self, scope: CapabilityScope) -> Mapping[str, pulumi.Input[Any]]:
        """Create the children; return the type's outputs."""
        properties = cast("Properties", scope.properties)
        name = scope.name()
        namespace = KubernetesNamespace(
            self.logical(), metadata=metadata(scope, name, self.logical()), opts=self.child(package(scope))
        )
        hard = hard_limits(properties.resource_quotas)
        if hard:
            logical = self.logical("quota")
            ResourceQuota(
                logical,
                metadata=metadata(scope, scope.name("quota"), logical, namespace=name),
                spec=ResourceQuotaSpecArgs(hard=hard),
                opts=self.child(package(scope), depends_on=[namespace], delete_before_replace=True),
            )
        return {"name": name}


def hard_limits(quotas: ResourceQuotas) -> dict[str, str]:
    """Quotas in Kubernetes' words: they bound the containers' limits together, and the number of pods."""
    wanted = {
        "limits.cpu": quotas.cpu,
        "limits.memory": quotas.memory,
        "pods": None if quotas.pods is None else str(quotas.pods),
    }
    return {name: value for name, value in wanted.items() if value is not None}

"""Binding of `kubernetes_cluster` to AWS, field by field. No pulumi here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, cast

from platform_pulumi.sdk.fidelity import FULL, FieldFidelity
from platform_pulumi.sdk.provider import CapabilityBinding, Claim, name_claim

if TYPE_CHECKING:
    from platform_pulumi.model.capabilities.infrastructure.kubernetes_cluster import KubernetesCluster
    from platform_pulumi.model.capability import Capability

FIDELITY: Mapping[str, FieldFidelity] = {
    "version": FULL,
    "node_groups[].name": FULL,
    "node_groups[].instance_type": FULL,
    "node_groups[].min_size": FULL,
    "node_groups[].max_size": FULL,
    "node_groups[].desired_size": FULL,
    "node_groups[].disk_size_gb": FULL,
    "node_groups[].capacity": FULL,
    "node_groups[].labels.*": FULL,
    "networking.vpc_cidr": FULL,
    "networking.private_subnets": FULL,
    "networking.public_subnets": FULL,
    "public_endpoint": FULL,
}


def _names(capability: Capability, _: Mapping[str, Any]) -> Iterable[Claim]:
    groups = cast("KubernetesCluster", capability.properties).node_groups
    for index, group in enumerate(groups):
        yield name_claim(f"{capability.name}-{group.name}", "a node group", ("node_groups", index, "name"))


BINDING = CapabilityBinding(
    "components.aws.kubernetes_cluster.component:KubernetesCluster",
    FIDELITY,
    requires=lambda _: ("network",),
    claims=_names,
    summary="EKS cluster with managed node groups",
)

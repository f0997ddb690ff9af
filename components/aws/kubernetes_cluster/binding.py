"""Binding of `kubernetes_cluster` to AWS, field by field. No pulumi here."""

from __future__ import annotations

from collections.abc import Mapping

from platform_pulumi.sdk.fidelity import FULL, FieldFidelity
from platform_pulumi.sdk.provider import CapabilityBinding

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

BINDING = CapabilityBinding(
    "components.aws.kubernetes_cluster.component:KubernetesCluster",
    FIDELITY,
    requires=lambda _: ("network",),
    summary="EKS cluster with managed node groups",
)

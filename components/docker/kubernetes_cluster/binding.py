"""Binding of `kubernetes_cluster` to Docker, field by field. No pulumi here."""

from __future__ import annotations

from collections.abc import Mapping

from components.docker.field_fidelity import UNANNOTATED, UNLABELLED
from platform_pulumi.sdk.fidelity import FieldFidelity, stub
from platform_pulumi.sdk.provider import CapabilityBinding

FIDELITY: Mapping[str, FieldFidelity] = dict.fromkeys(
    (
        "version", "node_groups[].name", "node_groups[].instance_type", "node_groups[].min_size",
        "node_groups[].max_size", "node_groups[].desired_size", "node_groups[].disk_size_gb",
        "node_groups[].capacity", "node_groups[].labels.*", "networking.vpc_cidr", "networking.private_subnets",
        "networking.public_subnets", "public_endpoint",
    ),
    stub("no cluster: containers run on the Docker host itself", "provider kind, for Kubernetes locally"),
)  # fmt: skip

BINDING = CapabilityBinding(
    "components.docker.kubernetes_cluster.component:KubernetesCluster",
    FIDELITY,
    summary="stub: containers run on the Docker host",
    labels=UNLABELLED,
    annotations=UNANNOTATED,
)

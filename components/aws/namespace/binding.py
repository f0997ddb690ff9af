"""Binding of `namespace` to AWS, field by field. No pulumi here."""

from __future__ import annotations

from collections.abc import Mapping

from platform_pulumi.sdk.fidelity import FULL, FieldFidelity
from platform_pulumi.sdk.provider import CapabilityBinding

FIDELITY: Mapping[str, FieldFidelity] = {
    "resource_quotas.cpu": FULL,
    "resource_quotas.memory": FULL,
    "resource_quotas.pods": FULL,
}

BINDING = CapabilityBinding(
    "components.aws.namespace.component:Namespace",
    FIDELITY,
    requires=lambda _: ("kubernetes_cluster",),
    summary="Kubernetes namespace with a ResourceQuota on EKS",
    annotations=FULL,
)

"""Binding of `namespace` to Docker, field by field. No pulumi here."""

from __future__ import annotations

from collections.abc import Mapping

from components.docker.field_fidelity import KEPT_LABELS
from platform_pulumi.sdk.fidelity import FieldFidelity, stub
from platform_pulumi.sdk.provider import CapabilityBinding

FIDELITY: Mapping[str, FieldFidelity] = dict.fromkeys(
    ("resource_quotas.cpu", "resource_quotas.memory", "resource_quotas.pods"),
    stub("checked when a plan is made; the Docker daemon itself enforces none"),
)

BINDING = CapabilityBinding(
    "components.docker.namespace.component:Namespace",
    FIDELITY,
    summary="bridge network; quotas are checked",
    labels=KEPT_LABELS,
)

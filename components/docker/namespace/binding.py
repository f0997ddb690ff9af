"""Binding of `namespace` to Docker, field by field. No pulumi here."""

from __future__ import annotations

from collections.abc import Mapping

from platform_pulumi.sdk.provider import CapabilityBinding, FieldFidelity, partial

FIDELITY: Mapping[str, FieldFidelity] = dict.fromkeys(
    ("resource_quotas.cpu", "resource_quotas.memory", "resource_quotas.pods"),
    partial("checked when a plan is made; the Docker daemon itself enforces none"),
)

BINDING = CapabilityBinding(
    "components.docker.namespace.component:Namespace", FIDELITY, summary="bridge network; quotas are checked"
)

"""Binding of `observability` to Docker, field by field. No pulumi here."""

from __future__ import annotations

from collections.abc import Mapping

from components.docker.field_fidelity import UNANNOTATED, UNLABELLED
from platform_pulumi.sdk.fidelity import FieldFidelity, stub
from platform_pulumi.sdk.provider import CapabilityBinding

FIDELITY: Mapping[str, FieldFidelity] = dict.fromkeys(
    ("metrics", "logs", "traces", "retention_days"),
    stub("no-op: nothing is collected", "platform logs and platform status ask Docker itself"),
)

BINDING = CapabilityBinding(
    "components.docker.observability.component:Observability",
    FIDELITY,
    summary="stub",
    labels=UNLABELLED,
    annotations=UNANNOTATED,
)

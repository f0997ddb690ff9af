"""Binding of `service_mesh` to Docker, field by field. No pulumi here."""

from __future__ import annotations

from collections.abc import Mapping

from components.docker.field_fidelity import UNANNOTATED, UNLABELLED
from platform_pulumi.sdk.fidelity import FieldFidelity, stub
from platform_pulumi.sdk.provider import CapabilityBinding

FIDELITY: Mapping[str, FieldFidelity] = {
    "mutual_tls": stub("no-op: containers of a network speak to each other in clear")
}

BINDING = CapabilityBinding(
    "components.docker.service_mesh.component:ServiceMesh",
    FIDELITY,
    summary="stub",
    labels=UNLABELLED,
    annotations=UNANNOTATED,
)

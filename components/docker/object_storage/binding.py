"""Binding of `object_storage` to Docker, field by field. No pulumi here."""

from __future__ import annotations

from collections.abc import Mapping

from components.docker.claims import host_ports
from components.docker.field_fidelity import KEPT_LABELS
from platform_pulumi.sdk.fidelity import FULL, IS_TRUE, FieldFidelity, stub
from platform_pulumi.sdk.provider import CapabilityBinding

FIDELITY: Mapping[str, FieldFidelity] = {
    "bucket": FULL,
    "versioned": stub("replaced and deleted objects are gone", when=IS_TRUE),
    "access_key": FULL,
    "secret_key": FULL,
}

BINDING = CapabilityBinding(
    "components.docker.object_storage.component:ObjectStorage",
    FIDELITY,
    requires=lambda _: ("network",),
    claims=host_ports,
    summary="S3 server over a volume",
    labels=KEPT_LABELS,
)

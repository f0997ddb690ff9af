"""Binding of `object_storage` to Docker, field by field. No pulumi here."""

from __future__ import annotations

from collections.abc import Mapping

from platform_pulumi.sdk.provider import FULL, CapabilityBinding, FieldFidelity, is_true, stub

FIDELITY: Mapping[str, FieldFidelity] = {
    "bucket": FULL,
    "versioned": stub("replaced and deleted objects are gone", when=is_true),
    "access_key": FULL,
    "secret_key": FULL,
}

BINDING = CapabilityBinding(
    "components.docker.object_storage.component:ObjectStorage",
    FIDELITY,
    requires=lambda _: ("network",),
    summary="S3 server over a volume",
)

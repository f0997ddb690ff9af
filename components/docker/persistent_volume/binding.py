"""Binding of `persistent_volume` to Docker, field by field. No pulumi here."""

from __future__ import annotations

from collections.abc import Mapping

from components.docker.field_fidelity import KEPT_LABELS
from platform_pulumi.sdk.fidelity import FieldFidelity, stub
from platform_pulumi.sdk.provider import CapabilityBinding

FIDELITY: Mapping[str, FieldFidelity] = {
    "size_gb": stub("no limit: Docker's volumes grow with the disk of the machine")
}

BINDING = CapabilityBinding(
    "components.docker.persistent_volume.component:PersistentVolume", FIDELITY, summary="volume", labels=KEPT_LABELS
)

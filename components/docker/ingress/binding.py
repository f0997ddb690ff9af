"""Binding of `ingress` to Docker, field by field. No pulumi here."""

from __future__ import annotations

from collections.abc import Mapping

from components.docker.field_fidelity import SELF_SIGNED, is_true, stub
from platform_pulumi.sdk.provider import FULL, CapabilityBinding, FieldFidelity

FIDELITY: Mapping[str, FieldFidelity] = {
    "port": FULL,
    "tls": stub(SELF_SIGNED, "trust it for this machine alone", when=is_true),
}

BINDING = CapabilityBinding(
    "components.docker.ingress.component:Ingress", FIDELITY, summary="reverse proxy with host routing"
)

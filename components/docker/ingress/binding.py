"""Binding of `ingress` to Docker, field by field. No pulumi here."""

from __future__ import annotations

from collections.abc import Mapping

from components.docker.claims import host_ports
from components.docker.field_fidelity import KEPT_LABELS, SELF_SIGNED
from platform_pulumi.sdk.fidelity import FULL, FieldFidelity
from platform_pulumi.sdk.provider import CapabilityBinding

FIDELITY: Mapping[str, FieldFidelity] = {
    "port": FULL,
    "tls": SELF_SIGNED,
}

BINDING = CapabilityBinding(
    "components.docker.ingress.component:Ingress",
    FIDELITY,
    claims=host_ports,
    summary="reverse proxy with host routing",
    labels=KEPT_LABELS,
)

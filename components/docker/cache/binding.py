"""Binding of `cache` to Docker, field by field. No pulumi here."""

from __future__ import annotations

from collections.abc import Mapping

from components.docker.claims import host_ports
from components.docker.field_fidelity import MEMORY
from platform_pulumi.sdk.fidelity import FULL, IS_TRUE, FieldFidelity, stub
from platform_pulumi.sdk.provider import CapabilityBinding

FIDELITY: Mapping[str, FieldFidelity] = {
    "engine": FULL,
    "version": FULL,
    "memory": MEMORY,
    "eviction": FULL,
    "password": FULL,
    "high_availability": stub("single node (production has a second one)", when=IS_TRUE),
}

BINDING = CapabilityBinding(
    "components.docker.cache.component:Cache",
    FIDELITY,
    requires=lambda _: ("network",),
    claims=host_ports,
    summary="container",
)

"""Binding of `cache` to Docker, field by field. No pulumi here."""

from __future__ import annotations

from collections.abc import Mapping

from platform_pulumi.sdk.provider import FULL, CapabilityBinding, FieldFidelity, is_true, stub

FIDELITY: Mapping[str, FieldFidelity] = {
    "engine": FULL,
    "version": FULL,
    "memory": FULL,
    "eviction": FULL,
    "password": FULL,
    "high_availability": stub("single node (production has a second one)", when=is_true),
}

BINDING = CapabilityBinding(
    "components.docker.cache.component:Cache", FIDELITY, requires=lambda _: ("network",), summary="container"
)

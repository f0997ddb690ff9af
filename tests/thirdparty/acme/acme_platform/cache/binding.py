"""How Acme serves `cache`, field by field. No pulumi here."""

from __future__ import annotations

from typing import Any

from platform_pulumi.model.capability import CapabilityProperties
from platform_pulumi.sdk.fidelity import FULL, IS_TRUE, Condition, none, partial
from platform_pulumi.sdk.provider import CapabilityBinding

#: In these words the table of `platform fidelity` says when there is a gap.
_MINOR = Condition("it has a minor version", lambda version, _: "." in version)


def _served(version: Any, _properties: CapabilityProperties) -> str:
    return f"Acme offers {version.partition('.')[0]}, not {version}; it chooses the minor version"


BINDING = CapabilityBinding(
    component="acme_platform.cache.component:Cache",
    fidelity={
        "engine": FULL,
        "version": partial("major versions only", "Leave the minor version out.", when=_MINOR, describe=_served),
        "memory": FULL,
        "eviction": FULL,
        "password": FULL,
        "high_availability": none("one node", "Use another provider for it.", when=IS_TRUE),
    },
    # Acme's caches are reached from everywhere; the declaration may still name a network.
    unused=lambda _: ("network",),
    summary="cache of Acme's service",
)

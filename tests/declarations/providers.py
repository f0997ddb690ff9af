"""Providers of our own for tests: every type served, some needs required."""

from __future__ import annotations

from collections.abc import Callable

from platform_pulumi.model.capabilities import CAPABILITY_TYPES
from platform_pulumi.model.capability import CapabilityProperties
from platform_pulumi.sdk.provider import CapabilityBinding, ProviderDefinition

_REQUIRED = {
    "kubernetes_cluster": ("network",),
    "namespace": ("kubernetes_cluster",),
    "database": ("network",),
    "container_runtime": ("kubernetes_cluster", "namespace"),
}


def _requires(kind: str, *, strict: bool) -> Callable[[CapabilityProperties], tuple[str, ...]]:
    needed = _REQUIRED.get(kind, ()) if strict else ()
    return lambda properties: needed


def _definition(
    name: str,
    *,
    strict: bool,
    aliases: tuple[str, ...] = (),
    fields: tuple[str, ...] = (),
    unavailable: tuple[str, ...] = (),
) -> ProviderDefinition:
    bindings = {kind: CapabilityBinding("none:none", {}, _requires(kind, strict=strict)) for kind in CAPABILITY_TYPES}
    return ProviderDefinition(
        name=name,
        packages={},
        bindings=bindings,
        providers="none:none",
        reveal="none:none",
        aliases=aliases,
        config_fields=dict.fromkeys(fields, ""),
        unavailable=dict.fromkeys(unavailable, "Do without."),
    )


#: `aws` and `docker` insist on what they need, `mock` does without.
DEFINITIONS = {
    "aws": _definition(
        "aws",
        strict=True,
        aliases=("amazon",),
        fields=("region", "account_id", "credentials"),
        unavailable=("credentials",),
    ),
    "docker": _definition("docker", strict=True, aliases=("docker-compose",)),
    "mock": _definition("mock", strict=False),
}

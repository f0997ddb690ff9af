"""Catalog of installed provider definitions and tier programs, found through entry points.

Nothing in `platform_pulumi` names them; third parties enter through the same door.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from platform_pulumi.errors import InputError
from platform_pulumi.lazy_mapping import LazyMapping

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

    from platform_pulumi.model.tier import Tier
    from platform_pulumi.sdk.provider import ProviderDefinition

PROVIDERS = "platform_pulumi.providers"
TIERS = "platform_pulumi.tiers"


@functools.cache
def provider_definitions() -> Mapping[str, ProviderDefinition]:
    """Return the installed providers by name; each is loaded when it is first looked up.

    Raises:
        InputError: two distributions offer a provider of the same name.
    """
    entries = _unique(PROVIDERS)
    return LazyMapping(lambda: entries, lambda name: entries[name].load())


def distribution_version(name: str) -> str:
    """Return the version of the distribution that a provider came with; "0" where it has none."""
    entry = _unique(PROVIDERS).get(name)
    return entry.dist.version if entry is not None and entry.dist is not None else "0"


@functools.cache
def sdk_version(module: str) -> str:
    """Return the version of an installed SDK, by its module (`pulumi_aws`); "0" where it is not installed."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(module.replace("_", "-"))
    except PackageNotFoundError:
        return "0"


def tier_program(tier: Tier) -> Callable[[Any], None]:
    """Load the program of a tier."""
    program: Callable[[Any], None] = _unique(TIERS)[tier.label].load()
    return program


@functools.cache
def _unique(group: str) -> Mapping[str, EntryPoint]:
    from importlib.metadata import entry_points

    found: dict[str, EntryPoint] = {}
    for entry in entry_points(group=group):
        if entry.name in found and found[entry.name].value != entry.value:
            detail = f"{found[entry.name].value} and {entry.value} both call themselves {entry.name}; uninstall one."
            raise InputError("Two plugins have the same name", detail)
        found[entry.name] = entry
    return found

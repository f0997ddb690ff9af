"""What is installed: provider definitions and tier programs, found through entry points.

Nothing in `platform_pulumi` names them; third parties enter through the same door.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from platform_pulumi.errors import InputError
from platform_pulumi.model.tier import Tier
from platform_pulumi.sdk.provider import ProviderDefinition

PROVIDERS = "platform_pulumi.providers"
TIERS = "platform_pulumi.tiers"


@functools.cache
def provider_definitions() -> Mapping[str, ProviderDefinition]:
    """The installed providers by name.

    Raises:
        InputError: two distributions offer a provider of the same name.
    """
    return {name: entry.load() for name, entry in _unique(PROVIDERS).items()}


def tier_program(tier: Tier) -> Callable[[Any], None]:
    """The program of a tier."""
    program: Callable[[Any], None] = _unique(TIERS)[tier.label].load()
    return program


def _unique(group: str) -> Mapping[str, EntryPoint]:
    found: dict[str, EntryPoint] = {}
    for entry in entry_points(group=group):
        if entry.name in found and found[entry.name].value != entry.value:
            detail = f"{found[entry.name].value} and {entry.value} both call themselves {entry.name}; uninstall one."
            raise InputError("Two plugins have the same name", detail)
        found[entry.name] = entry
    return found

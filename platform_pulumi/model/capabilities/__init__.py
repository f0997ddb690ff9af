"""Registry of the capability types, one module each: `<tier>/<type>.py`.

A type is the contract between a declaration and every provider: its fields, what it needs, what it gives. Its place
says its name and tier, so a type's module is imported only when its fields are asked for: building a pydantic model
costs milliseconds, and few files use them all.
"""

from __future__ import annotations

import functools
import importlib
from collections.abc import Mapping
from pathlib import Path

from platform_pulumi.lazy_mapping import LazyMapping
from platform_pulumi.model.capability import CapabilityProperties
from platform_pulumi.model.naming import pascal_case
from platform_pulumi.model.tier import Tier


@functools.cache
def _tiers() -> Mapping[str, Tier]:
    return {name: tier for tier in Tier for name in _modules(Path(__file__).parent / tier.label)}


def _load(name: str) -> type[CapabilityProperties]:
    module = importlib.import_module(f"{__name__}.{tier_of(name).label}.{name}")
    model: type[CapabilityProperties] = getattr(module, pascal_case(name))
    return model


#: The model of each type, in the order of tier and name.
CAPABILITY_TYPES: Mapping[str, type[CapabilityProperties]] = LazyMapping(_tiers, _load)


def tier_of(name: str) -> Tier:
    """Return the tier of a type, without importing it.

    Raises:
        KeyError: there is no such type.
    """
    return _tiers()[name]


def _modules(folder: Path) -> list[str]:
    return sorted(file.stem for file in folder.iterdir() if file.suffix == ".py" and not file.stem.startswith("_"))

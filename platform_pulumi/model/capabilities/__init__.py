"""Registry of the capability types, one module each: `<tier>/<type>.py`.

A type is the contract between a declaration and every provider: its fields, what it needs, what it gives. Its place
says its name and tier, so a type's module is imported only when its fields are asked for: building a pydantic model
costs milliseconds, and few files use them all.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path

from platform_pulumi.model.capability import CapabilityProperties
from platform_pulumi.model.naming import pascal_case
from platform_pulumi.model.tier import Tier


class _CapabilityTypes(Mapping[str, type[CapabilityProperties]]):
    """Lazy mapping from type name to model, in the order of tier and name; imports a type on first use."""

    def __init__(self) -> None:
        self._loaded: dict[str, type[CapabilityProperties]] = {}

    @cached_property
    def tiers(self) -> Mapping[str, Tier]:
        """The tier of each type."""
        return {name: tier for tier in Tier for name in _modules(Path(__file__).parent / tier.label)}

    def __getitem__(self, name: str) -> type[CapabilityProperties]:
        model = self._loaded.get(name)
        if model is None:
            module = importlib.import_module(f"{__name__}.{self.tiers[name].label}.{name}")
            model = self._loaded[name] = getattr(module, pascal_case(name))
        return model

    def __iter__(self) -> Iterator[str]:
        return iter(self.tiers)

    def __len__(self) -> int:
        return len(self.tiers)

    def __contains__(self, name: object) -> bool:
        return name in self.tiers


_TYPES = _CapabilityTypes()
CAPABILITY_TYPES: Mapping[str, type[CapabilityProperties]] = _TYPES


def tier_of(name: str) -> Tier:
    """Return the tier of a type, without importing it.

    Raises:
        KeyError: there is no such type.
    """
    return _TYPES.tiers[name]


def _modules(folder: Path) -> list[str]:
    return sorted(file.stem for file in folder.iterdir() if file.suffix == ".py" and not file.stem.startswith("_"))

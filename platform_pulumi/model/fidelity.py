"""Fidelity: how faithfully a provider serves the fields of a capability (specification, section 6.4)."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple


class Fidelity(enum.StrEnum):
    """Levels from `full` (production equivalent) to `none` (not supported)."""

    FULL = "full"
    PARTIAL = "partial"
    STUB = "stub"
    NONE = "none"

    @property
    def rank(self) -> int:
        """0 for full, 3 for none."""
        return list(Fidelity).index(self)


@dataclass(frozen=True, slots=True)
class FidelityGap:
    """Property that the provider does not serve in full: what it does instead, and what to do about it."""

    property: str
    fidelity: Fidelity
    description: str
    workaround: str = ""


def grouped(gaps: Iterable[FidelityGap]) -> list[FidelityGap]:
    """Merge gaps of equal description into one that names all their properties."""
    found: dict[tuple[Fidelity, str, str], list[FidelityGap]] = {}
    for gap in gaps:
        found.setdefault((gap.fidelity, gap.description, gap.workaround), []).append(gap)
    return [
        replace(same[0], property=", ".join(dict.fromkeys(gap.property for gap in same))) for same in found.values()
    ]


@dataclass(frozen=True, slots=True)
class FidelityReport:
    """Fidelity gaps of one capability on one provider; `fidelity` is the worst of them, or `full`."""

    capability: str
    type: str
    provider: str
    fidelity: Fidelity
    gaps: tuple[FidelityGap, ...] = ()


class FieldLevel(NamedTuple):
    """Fidelity of one field: its level, what the provider does instead, and what to do about it."""

    fidelity: Fidelity
    does: str = ""
    workaround: str = ""


@dataclass(frozen=True, slots=True)
class FidelityTable:
    """Fidelity of every field on a provider: capability type to leaf path to level."""

    provider: str
    types: Mapping[str, Mapping[str, FieldLevel]]

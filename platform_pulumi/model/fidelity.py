"""How faithfully a provider does what a field asks (specification, section 6.4)."""

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
    """A property the provider does not do in full: what it does, and what to do about it."""

    property: str
    fidelity: Fidelity
    description: str
    workaround: str = ""


def grouped(gaps: Iterable[FidelityGap]) -> list[FidelityGap]:
    """The gaps, those of which the same is said as one that names all their properties."""
    found: dict[tuple[Fidelity, str, str], list[FidelityGap]] = {}
    for gap in gaps:
        found.setdefault((gap.fidelity, gap.description, gap.workaround), []).append(gap)
    return [
        replace(same[0], property=", ".join(dict.fromkeys(gap.property for gap in same))) for same in found.values()
    ]


@dataclass(frozen=True, slots=True)
class FidelityReport:
    """The gaps of one capability on one provider; `fidelity` is the worst of them, or `full`."""

    capability: str
    type: str
    provider: str
    fidelity: Fidelity
    gaps: tuple[FidelityGap, ...] = ()


class FieldLevel(NamedTuple):
    """How a provider treats one field: its level, what it does instead, and what to do about it."""

    fidelity: Fidelity
    does: str = ""
    workaround: str = ""


@dataclass(frozen=True, slots=True)
class FidelityTable:
    """A provider's contract with every field: capability type to leaf path to level."""

    provider: str
    types: Mapping[str, Mapping[str, FieldLevel]]

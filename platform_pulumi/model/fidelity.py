"""Fidelity: how faithfully a provider serves the fields of a capability (specification, section 6.4)."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple, TypeAlias


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
    """Fidelity of one field: its level, what the provider does instead, what to do about it, and when.

    `when` completes "where ..."; without it the level is that of every declaration of the field.
    """

    fidelity: Fidelity
    does: str = ""
    workaround: str = ""
    when: str = ""

    def heading(self) -> str:
        """Word the level with its condition: "NONE where it is true"."""
        return f"{self.fidelity.upper()}{f' where {self.when}' if self.when else ''}"


#: Fidelity of one field in every declaration: its levels, the lowest first.
FieldLevels: TypeAlias = tuple[FieldLevel, ...]


def lacks(levels: FieldLevels) -> bool:
    """Whether there is a declaration in which the field is not done in full."""
    return any(level.fidelity is not Fidelity.FULL for level in levels)


@dataclass(frozen=True, slots=True)
class FidelityTable:
    """Fidelity of every field on a provider: capability type to leaf path to levels, the lowest first.

    A field has several where they depend on the declaration: each has a condition then. Where none of its conditions
    holds, a field is done in full.
    """

    provider: str
    types: Mapping[str, Mapping[str, FieldLevels]]

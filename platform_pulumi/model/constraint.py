"""Constraints of a tier on the tiers below it (specification, sections 2.1 and 3.3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from platform_pulumi.errors import Position

#: How a property may be compared to a constraint's value.
OPERATORS = ("<=", ">=", "==", "in", "not_in")


@dataclass(frozen=True, slots=True)
class Constraint:
    """Constraint `field operator value`; `source` is a tier's label, or a capability's name for its own."""

    field: str
    operator: str
    value: Any
    source: str
    declared_at: Position

    def __str__(self) -> str:
        return f"{self.field} {self.operator} {written(self.value)}"


def written(value: Any, longest: int | None = 60) -> str:
    """Write a constraint's value, or one that it is compared with, as YAML would; of a long one the beginning."""
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(written(item, longest) for item in value)}]"
    if isinstance(value, bool):
        return str(value).lower()
    return str(value)[:longest]

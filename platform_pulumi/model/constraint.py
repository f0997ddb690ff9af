"""Limits a tier sets for what lies below it (specification, sections 2.1 and 3.3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from platform_pulumi.errors import Position


@dataclass(frozen=True, slots=True)
class Constraint:
    """`field operator value`, and who set it: `source` is a tier's label, or a capability's name for its own."""

    field: str
    operator: str
    value: Any
    source: str
    declared_at: Position


@dataclass(frozen=True, slots=True)
class Violation:
    """A capability that breaks a constraint; `actual` is None where the field was left out."""

    constraint: Constraint
    capability: str
    actual: Any
    message: str
    declared_at: Position

"""Constraints of a tier on the tiers below it (specification, sections 2.1 and 3.3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from platform_pulumi.errors import Position


@dataclass(frozen=True, slots=True)
class Constraint:
    """Constraint `field operator value`; `source` is a tier's label, or a capability's name for its own."""

    field: str
    operator: str
    value: Any
    source: str
    declared_at: Position

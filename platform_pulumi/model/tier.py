"""Tiers and their order (specification, section 1.1)."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from typing import NamedTuple


class Tier(enum.IntEnum):
    """Tier; its value is its number, its `label` the name it has in YAML, plans and stack names."""

    INFRASTRUCTURE = 1
    SHARED_PRIMITIVES = 2
    APPLICATION = 3

    @property
    def label(self) -> str:
        """Name in YAML: `infrastructure`, `shared_primitives` or `application`."""
        return self.name.lower()

    @property
    def above(self) -> tuple[Tier, ...]:
        """Tiers above this one, topmost first: their outputs and constraints apply to it."""
        return tuple(tier for tier in Tier if tier < self)

    @classmethod
    def from_label(cls, label: str) -> Tier:
        """Return the tier of a label or number (`"2"`).

        Raises:
            KeyError: there is no such tier.
        """
        if label in {"1", "2", "3"}:
            return cls(int(label))
        if label != label.lower():
            raise KeyError(label)
        return cls[label.upper()]


class TierKey(NamedTuple):
    """Key of a tier, or of one application of tier 3: of a declaration, a stack, a section of a plan, an outcome."""

    tier: Tier
    application: str | None = None

    def __str__(self) -> str:
        """`infrastructure`, or `application (api)`."""
        return f"{self.tier.label} ({self.application})" if self.application else self.tier.label


def sole_application(keys: Iterable[TierKey]) -> str | None:
    """Return the application of the keys of tier 3, where there is one; None where there are none or several."""
    applications = {key.application for key in keys if key.tier is Tier.APPLICATION}
    return applications.pop() if len(applications) == 1 else None

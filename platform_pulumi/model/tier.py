"""The three tiers and their order (specification, section 1.1)."""

from __future__ import annotations

import enum


class Tier(enum.IntEnum):
    """A tier; its value is its number, its `label` the name it has in YAML, plans and stack names."""

    INFRASTRUCTURE = 1
    SHARED_PRIMITIVES = 2
    APPLICATION = 3

    @property
    def label(self) -> str:
        """The name in YAML: `infrastructure`, `shared_primitives` or `application`."""
        return self.name.lower()

    @property
    def above(self) -> tuple[Tier, ...]:
        """The tiers whose outputs and constraints reach this one, topmost first."""
        return tuple(tier for tier in Tier if tier < self)

    @classmethod
    def from_label(cls, label: str) -> Tier:
        """The tier of that label or number (`"2"`).

        Raises:
            KeyError: there is no such tier.
        """
        if label in {"1", "2", "3"}:
            return cls(int(label))
        if label != label.lower():
            raise KeyError(label)
        return cls[label.upper()]

"""Order across tiers: deletes of a tier come last while tiers below it are at work (docs/adr/0030).

Applied from the top down alone, tier 1 would delete what tiers 2 and 3 still use: a cloud refuses that half way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from platform_pulumi.model.tier import Tier
from platform_pulumi.operations.planned import PlannedTier


def ordered(planned: Sequence[PlannedTier]) -> tuple[PlannedTier, ...]:
    """Mark the sections whose deletes come last: a tier below changes in the same run, and has a stack to let go."""
    return tuple(
        replace(one, section=replace(one.section, deletes_last=True)) if _waits(one, planned) else one
        for one in planned
    )


def _waits(one: PlannedTier, planned: Sequence[PlannedTier]) -> bool:
    below = (other for other in planned if other.declaration.tier > one.declaration.tier)
    letting_go = any(other.snapshot is not None and other.section.applies for other in below)
    return letting_go and one.declaration.tier is not Tier.APPLICATION and bool(one.section.deletable)

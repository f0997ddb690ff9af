"""Tier 3: one application, inside what tiers 1 and 2 give."""

from __future__ import annotations

from platform_pulumi.model.tier import Tier
from platform_pulumi.sdk.program import TierProgram


def program(tier: TierProgram) -> None:
    """Link, build, export."""
    tier.link(Tier.INFRASTRUCTURE, Tier.SHARED_PRIMITIVES)
    tier.build()
    tier.export()

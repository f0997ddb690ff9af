"""Tier 2: what the applications of an environment share, inside what tier 1 gives."""

from __future__ import annotations

from platform_pulumi.model.tier import Tier
from platform_pulumi.sdk.program import TierProgram


def program(tier: TierProgram) -> None:
    """Link, build, export."""
    tier.link(Tier.INFRASTRUCTURE)
    tier.build()
    tier.export()

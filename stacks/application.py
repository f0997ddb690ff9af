"""Tier program of tier 3, application: one application on the outputs of tiers 1 and 2."""

from __future__ import annotations

from platform_pulumi.model.tier import Tier
from platform_pulumi.sdk.program import TierProgram


def program(tier: TierProgram) -> None:
    """Build the application's stack: link the tiers above, build the components, export the outputs."""
    tier.link(Tier.INFRASTRUCTURE, Tier.SHARED_PRIMITIVES)
    tier.build()
    tier.export()

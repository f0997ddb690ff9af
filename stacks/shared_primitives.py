"""Tier program of tier 2, shared primitives of an environment's applications, on the outputs of tier 1."""

from __future__ import annotations

from platform_pulumi.model.tier import Tier
from platform_pulumi.sdk.program import TierProgram


def program(tier: TierProgram) -> None:
    """Build the shared primitives' stack: link the tier above, build the components, export the outputs."""
    tier.link(Tier.INFRASTRUCTURE)
    tier.build()
    tier.export()

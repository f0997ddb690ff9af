"""Tier program of tier 1, infrastructure: clusters, networks, identities."""

from __future__ import annotations

from platform_pulumi.sdk.program import TierProgram


def program(tier: TierProgram) -> None:
    """Build the infrastructure stack: build the components, export the outputs."""
    tier.build()
    tier.export()

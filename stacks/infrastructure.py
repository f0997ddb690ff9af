"""Tier 1: clusters, networks, identities. Nothing stands above it."""

from __future__ import annotations

from platform_pulumi.sdk.program import TierProgram


def program(tier: TierProgram) -> None:
    """Link, build, export."""
    tier.build()
    tier.export()

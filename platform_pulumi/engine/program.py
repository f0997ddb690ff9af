"""Entry point of a tier's program within the child process."""

from __future__ import annotations

from platform_pulumi.catalog import provider_definitions, tier_program
from platform_pulumi.sdk.program import TierProgram
from platform_pulumi.sdk.run import TierRun


def run_tier(run: TierRun) -> None:
    """Build the tier's stack in the running Pulumi program."""
    program = TierProgram(run, {name: provider_definitions()[name] for name in run.providers})
    tier_program(run.tier)(program)

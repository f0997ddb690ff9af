"""`platform up`."""

from __future__ import annotations

import click

from platform_pulumi.cli.apply import run
from platform_pulumi.cli.call import CHANGES, Call
from platform_pulumi.cli.options import (
    exitcode_option,
    full_option,
    loss_option,
    pending_option,
    refresh_option,
    request_command,
    yes_option,
)


@click.command("up")
@request_command
@loss_option
@refresh_option
@pending_option
@yes_option
@full_option
@exitcode_option
def command(call: Call, yes: bool, full: bool, detailed_exitcode: bool) -> int:
    """Show the plan, ask for each tier that needs approval, and apply tier by tier until one fails."""
    applied = run(call, call.operations.up, yes=yes, full=full)
    return CHANGES if detailed_exitcode and applied.plan.changes else 0

"""`platform destroy`."""

from __future__ import annotations

import click

from platform_pulumi.cli.apply import run
from platform_pulumi.cli.call import Call
from platform_pulumi.cli.options import loss_option, pending_option, request_command, yes_option


@click.command("destroy")
@request_command
@loss_option
@pending_option
@yes_option
def command(call: Call, yes: bool) -> int:
    """Delete every resource of the tiers, the lowest first; refused while another application uses one of them."""
    run(call, call.operations.destroy, yes=yes)
    return 0

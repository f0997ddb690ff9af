"""`platform scale`."""

from __future__ import annotations

import click

from platform_pulumi.cli.apply import run_scaling
from platform_pulumi.cli.call import Call
from platform_pulumi.cli.options import request_command, yes_option


@click.command("scale")
@click.argument("capability", metavar="CAPABILITY")
@request_command
@click.option("--replicas", type=int, required=True, metavar="N", help="How many there should be.")
@yes_option
def command(call: Call, capability: str, replicas: int, yes: bool) -> int:
    """Change the number of replicas of a CAPABILITY now, within its constraints and quotas; the file stays as it is.

    Only its tier (of tier 3, its application) is planned and applied. Other changes of the file that come with it are
    asked about. The next `platform up` returns to what the file says.
    """
    run_scaling(call, capability, replicas, yes=yes)
    return 0

"""`platform logs`."""

from __future__ import annotations

import re

import click

from platform_pulumi.cli.call import Call
from platform_pulumi.cli.options import stream_command

#: Lines of each container, where neither a number nor a time is given.
USUAL = 100
_DURATION = re.compile(r"([0-9]{1,9})([smhd])")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def _ago(ctx: click.Context, parameter: click.Parameter, value: str | None) -> int | None:
    """Convert a duration (`10m`) to seconds."""
    if value is None:
        return None
    found = _DURATION.fullmatch(value)
    if found is None:
        message = f"{value!r} is not a duration such as 30s, 10m, 2h or 1d."
        raise click.BadParameter(message, ctx=ctx, param=parameter)
    return int(found[1]) * _SECONDS[found[2]]


@click.command("logs")
@click.argument("capability", metavar="CAPABILITY")
@stream_command
@click.option("-F", "--follow", is_flag=True, help="Go on until all have stopped, or Ctrl+C.")
@click.option(
    "--tail",
    type=click.IntRange(min=0),
    metavar="N",
    help=f"Only the last N lines of each.  [default: {USUAL}, all with --since]",
)
@click.option("--since", "seconds", callback=_ago, metavar="TIME", help="Only what is not older: 30s, 10m, 2h, 1d.")
@click.option("--all", "gateway", is_flag=True, help="The gateway before the service, too.")
def command(  # its options
    call: Call, capability: str, follow: bool, tail: int | None, seconds: int | None, gateway: bool
) -> int:  # fmt: skip
    """Show the logs of a CAPABILITY: the lines of all its replicas, each after the name of its replica.

    JSON is an object a line: {"source": "api-1", "text": "..."}.
    """
    from platform_pulumi.cli import output
    from platform_pulumi.cli.views import log_lines
    from platform_pulumi.operations.logs import LogOptions

    tail = USUAL if tail is None and seconds is None else tail
    found = call.operations.logs(call.task, capability, LogOptions(follow, tail, seconds, gateway))
    for note in found.notes:
        output.say(log_lines.note(note))
    shown = log_lines.document if call.format == "json" else log_lines.human(found.sources)
    for line in found.lines:
        output.write(shown(line))
    return 0

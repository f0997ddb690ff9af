"""`platform status`."""

from __future__ import annotations

import click

from platform_pulumi.cli.call import CHANGES, Call
from platform_pulumi.cli.options import request_command


@click.command("status")
@request_command
@click.option("--detailed-exitcode", is_flag=True, help="Exit with 7 when anything is not active.")
def command(call: Call, detailed_exitcode: bool) -> int:
    """Show the status of everything that was applied: state, health, replicas, endpoint, and what is wrong."""
    from platform_pulumi.cli.views.document import status as document
    from platform_pulumi.cli.views.human import status as human
    from platform_pulumi.cli.views.markdown import status as markdown

    report = call.operations.status(call.task)
    call.emit(
        human=lambda: human.status(report, call.next_step),
        document=lambda: document.status(report),
        markdown=lambda: markdown.status(report),
    )
    return CHANGES if detailed_exitcode and not report.all_active else 0

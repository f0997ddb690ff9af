"""`platform outputs`."""

from __future__ import annotations

import click

from platform_pulumi.cli.call import Call
from platform_pulumi.cli.options import request_command


@click.command("outputs")
@request_command
def command(call: Call) -> int:
    """Show the outputs of the applied tiers, by the names of their contracts. Secrets are never shown."""
    from platform_pulumi.cli.views.document import results as document
    from platform_pulumi.cli.views.human import outputs as human
    from platform_pulumi.cli.views.markdown import results as markdown

    report = call.operations.outputs(call.task)
    call.emit(
        human=lambda: human.outputs(report),
        document=lambda: document.outputs(report),
        markdown=lambda: markdown.outputs(report),
    )
    return 0

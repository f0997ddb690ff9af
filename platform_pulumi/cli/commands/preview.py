"""`platform preview`."""

from __future__ import annotations

import click

from platform_pulumi.cli.call import CHANGES, Call
from platform_pulumi.cli.options import exitcode_option, full_option, loss_option, refresh_option, request_command


@click.command("preview")
@request_command
@loss_option
@refresh_option
@full_option
@exitcode_option
def command(call: Call, full: bool, detailed_exitcode: bool) -> int:
    """Plan all tiers in one run, each against what the tiers above it will give. Nothing is touched."""
    from platform_pulumi.cli.views.human import plan as human
    from platform_pulumi.cli.views.markdown import plan as markdown
    from platform_pulumi.cli.views.view_options import ViewOptions
    from platform_pulumi.model.plan import document

    operations = call.operations
    with call.show_progress() as display:
        plan = operations.preview(call.task, display)
    options = ViewOptions(call.next_step, call.request.allow_data_loss, full=full)
    call.emit(
        human=lambda: human.plan(plan, options),
        document=lambda: document.write(plan),
        markdown=lambda: markdown.plan(plan, options),
    )
    return CHANGES if detailed_exitcode and plan.changes else 0

"""`platform preview`."""

from __future__ import annotations

import click

from platform_pulumi.cli.call import CHANGES, Call
from platform_pulumi.cli.options import exitcode_option, loss_option, refresh_option, request_command


@click.command("preview")
@request_command
@loss_option
@refresh_option
@exitcode_option
def command(call: Call, detailed_exitcode: bool) -> int:
    """Plan all tiers in one run, each against what the tiers above it will give. Nothing is touched."""
    from platform_pulumi.cli.views.document import plan as document
    from platform_pulumi.cli.views.human import plan as human
    from platform_pulumi.cli.views.markdown import plan as markdown
    from platform_pulumi.cli.views.notes import Notes
    from platform_pulumi.errors import ConstraintError

    operations = call.operations
    with call.watched() as display:
        plan = operations.preview(call.request, display)
    notes = Notes(call.next_step, call.request.allow_data_loss)
    call.emit(
        human=lambda: human.plan(plan, notes),
        document=lambda: document.plan(plan),
        markdown=lambda: markdown.plan(plan, notes),
    )
    if plan.violations:
        return ConstraintError.exit_code
    return CHANGES if detailed_exitcode and plan.changes else 0

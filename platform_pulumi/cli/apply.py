"""Run of `up`, `destroy` and `scale`: progress, the plan, approvals, the result."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from platform_pulumi.cli import output
from platform_pulumi.cli.approval import TerminalApprover
from platform_pulumi.cli.call import Call
from platform_pulumi.cli.display import Display
from platform_pulumi.cli.views.document import results as document
from platform_pulumi.cli.views.human import applied as human
from platform_pulumi.cli.views.human import plan as plan_view
from platform_pulumi.cli.views.human import scaled
from platform_pulumi.cli.views.markdown import results as markdown
from platform_pulumi.cli.views.markdown.text import cell
from platform_pulumi.cli.views.view_options import ViewOptions
from platform_pulumi.model.applied import Applied
from platform_pulumi.model.plan import Plan
from platform_pulumi.operations.ports import Approver, Observer
from platform_pulumi.operations.task import Task

Operation = Callable[[Task, Observer, Approver], Applied]


def run(call: Call, operation: Operation, *, yes: bool, full: bool = False) -> Applied:
    """Run `up` or `destroy` with progress and approvals, and show its result. Errors are the operation's own."""
    with _asking(call, yes=yes, full=full) as (display, asker):
        applied = operation(call.task, display, asker)
    call.emit(
        human=lambda: human.applied(applied),
        document=lambda: document.applied(applied),
        markdown=lambda: markdown.applied(applied),
    )
    return applied


def run_scaling(call: Call, capability: str, replicas: int, *, yes: bool) -> None:
    """Scale, and show the result and how long it lasts."""
    with _asking(call, yes=yes) as (display, asker):
        value = call.operations.scale(call.task, capability, replicas, display, asker)
    call.emit(
        human=lambda: scaled.scaled(value),
        document=lambda: document.scaled(value),
        markdown=lambda: f"{markdown.applied(value.applied)}\n{cell(scaled.lasting_text(value))}\n",
    )


@contextmanager
def _asking(call: Call, *, yes: bool, full: bool = False) -> Iterator[tuple[Display, TerminalApprover]]:
    """Open the display and the approver of a run, for the length of the block."""
    terminal = call.terminal

    def show(plan: Plan) -> None:
        page = plan_view.plan(
            plan, ViewOptions(call.next_step, call.request.allow_data_loss, advise=False, verb=call.command, full=full)
        )
        page.blank()
        if call.format == "human" and call.out is None:
            output.write(page.text(colour=terminal.colour_out))
        else:
            # The result alone goes to stdout; whoever is asked still has to see what they approve.
            output.say(page.text(colour=terminal.colour_err), line=False, colour=True)

    with call.show_progress() as display:
        yield display, TerminalApprover(show, display, yes=yes, interactive=terminal.interactive)

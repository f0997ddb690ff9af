"""Approver at the terminal: shows a plan and asks once for each tier that needs approval."""

from __future__ import annotations

import sys
from collections.abc import Callable

import click

from platform_pulumi.cli.display import Display
from platform_pulumi.cli.views.words import listed, tier_title, todo
from platform_pulumi.errors import RefusedError
from platform_pulumi.model.plan import Operation, Plan, TierPlan
from platform_pulumi.model.plan.queries import losses


class TerminalApprover:
    """Approver at the terminal, or `--yes` in its place. Whether approval is needed is decided elsewhere.

    Args:
        show: shows the plan.
        display: prepared for the tiers that follow.
        yes: approve everything.
        interactive: whether there is somebody to ask.
    """

    def __init__(self, show: Callable[[Plan], None], display: Display, *, yes: bool, interactive: bool) -> None:
        self._show = show
        self._display = display
        self._yes = yes
        self._interactive = interactive

    def show(self, plan: Plan) -> None:
        """Show the whole plan, before anything is asked."""
        self._show(plan)
        self._display.prepare(plan)

    def approve(self, plan: Plan, tier: TierPlan) -> bool:
        """Ask whether the tier may be applied (or destroyed).

        Raises:
            RefusedError: nobody is there to ask.
        """
        if self._yes:
            return True
        doing = "destroy" if tier.operation is Operation.DESTROY else "apply"
        what = _described(plan, tier)
        if not self._interactive:
            summary = "Approval is needed"
            detail = f"To {doing} {what} somebody has to approve it, and there is no terminal to ask on. "
            raise RefusedError(summary, f"{detail}`--yes` approves what the plan above shows.")
        click.echo(f"{doing.capitalize()} {what}? [y/N] ", err=True, nl=False)
        answer = sys.stdin.readline()
        if not answer.endswith("\n"):
            click.echo(err=True)  # the input ended: what follows must not stand behind the question
        return answer.strip().lower() in {"y", "yes"}


def _described(plan: Plan, tier: TierPlan) -> str:
    """`1 infrastructure (31 to create)`, with what loses its data."""
    lost = [loss.capability for loss in losses(plan) if loss.key == tier.key]
    loses = f"; LOSES DATA: {listed(lost)}" if lost else ""
    return f"{tier_title(tier.key)} ({todo(tier)}{loses})"

"""Lines of a plan on its order: what cannot be done in one go, and what is deleted at the end."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from platform_pulumi.cli.views.page import Page, Styled
from platform_pulumi.cli.views.words import listed, place, tier_title
from platform_pulumi.model.plan import Operation, Plan
from platform_pulumi.model.plan.order import interruptions, steps


def obstacle_lines(page: Page, value: Plan) -> None:
    """Add what stands in the way of an apply, with the steps that lead there: once where they are the same."""
    for steps_there, obstacles in groupby(value.obstacles, lambda obstacle: obstacle.steps):
        for obstacle in obstacles:
            at = f" ({place(obstacle.declared_at)})" if obstacle.declared_at else ""
            page.line(
                Styled("NOT IN ONE GO", "alarm"), f"  {obstacle.capability}{at}: ", Styled(obstacle.summary, "bad")
            )
            page.paragraph(obstacle.detail, indent=3)
        for number, step in enumerate(steps_there, 1):
            page.paragraph(f"{number}. {step}", indent=3, hang=3)
    page.blank()


def order_lines(page: Page, value: Plan) -> None:
    """Add the order of the steps, where it is not plainly from the top down."""
    text = order_text(value)
    if text:
        page.paragraph(f"{'Order':<14}{text}", hang=14)


def order_text(value: Plan) -> str:
    """Format the order in sentences; "" where nothing is deleted at the end, and nothing goes before its successor."""
    if value.obstacles or value.operation is Operation.DESTROY:
        return ""
    return " ".join([*_steps(value), *_interrupted(value)])


def _steps(value: Plan) -> Iterator[str]:
    last = [f"{tier_title(step.key)} ({step.actions['delete']})" for step in steps(value) if step.deletes]
    if last:
        yield f"from the top down what is new or changed; then deletes from the bottom up: {', '.join(last)}."


def _interrupted(value: Plan) -> Iterator[str]:
    names = interruptions(value)
    if names:
        successors = "its successor" if len(names) == 1 else "their successors"
        yield f"Deleted before {successors}: {listed(names)}."

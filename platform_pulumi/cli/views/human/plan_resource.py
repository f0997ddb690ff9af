"""Resources on the page of a plan: what changes of each, and what of a capability only follows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from platform_pulumi.cli.views.fields import field_changes
from platform_pulumi.cli.views.page import Page, Piece, Styled
from platform_pulumi.cli.views.words import SIGNS, STYLES, because, change, counts, plural
from platform_pulumi.model.plan import Action, Diff, PlanAction, TierPlan
from platform_pulumi.model.plan.causes import Consequence
from platform_pulumi.model.plan.queries import strongest_action, upper_waits
from platform_pulumi.model.plan.ranges import ranges
from platform_pulumi.model.plan.values import PROVIDER

#: Widest column of field names; longer ones stand out of line.
COLUMN = 40
#: Resources that change alike, before one stands for them.
LEAST_ALIKE = 3


def examples(actions: Sequence[PlanAction]) -> list[PlanAction]:
    """Select what is shown of resources: of several that change alike, such as subnets, the first stands for all.

    All of what is deleted or loses data.
    """
    found: dict[Any, list[PlanAction]] = {}
    for action in actions:
        single = action.action is Action.DELETE or action.loses_data or not action.diff
        paths = tuple((diff.path, diff.replaces) for diff in action.diff)
        found.setdefault(action.urn if single else (action.resource_type, action.action, paths), []).append(action)
    folded = {action.urn for group in found.values() if len(group) >= LEAST_ALIKE for action in group[1:]}
    return [action for action in actions if action.urn not in folded]


def in_a_line(page: Page, tier: TierPlan, action: PlanAction) -> bool:
    """Show the only change of a capability in one line, where that is enough and fits."""
    if action.action is not Action.UPDATE or len(action.diff) != 1:
        return False
    (name, diff), *others = field_changes(action, action.diff)
    if others:
        return False
    text = f"        {name}   {_change(tier, action, diff)}"
    how = f"     in place ({action.resource_type})"
    if not page.fits(text, how):
        return False
    page.line(text, Styled(how, "dim"))
    return True


def resource_lines(page: Page, tier: TierPlan, action: PlanAction, consequence: Consequence) -> None:
    """Add the lines of one resource of a capability that changes."""
    kind = action.action
    head = Styled(f"{SIGNS[kind]} {action.resource_name}", STYLES.get(kind, ""))
    pieces: list[Piece] = ["     ", head, f"  {action.resource_type}"]
    if kind is Action.UPDATE:
        pieces.append(Styled("  in place", "dim"))
    if action.loses_data:
        pieces += ["  ", Styled("LOSES DATA", "bad")]
    diffs = [diff for diff in action.diff if (action.urn, diff.path) not in consequence.paths]
    rows = field_changes(action, diffs)
    folded = len(diffs) < len(action.diff)
    if kind is Action.REPLACE and not action.diff:
        pieces.append(Styled(f"   {_reason(action)}", "dim"))
    if len(rows) == 1 and rows[0][1].replaces is (kind is Action.REPLACE):
        beside = f"   {rows[0][0]}   {_change(tier, action, rows[0][1])}"
        if page.fits(*pieces, beside):
            page.line(*pieces, beside)
            return
    page.line(*pieces)
    column = max((len(name) for name, _ in rows if len(name) <= COLUMN), default=0)
    for name, diff in rows:
        why = "     forces the replacement" if diff.replaces else ""
        field_line(page, name, column, _change(tier, action, diff), why)
    if folded:
        many = plural(len(action.diff) - len(diffs), "more field")
        page.line(f"        and {many} {_why(consequence)} (--full lists them)")


def following_lines(page: Page, folded: Sequence[PlanAction], consequence: Consequence) -> None:
    """Add how many resources of a capability follow its own changes, or others; those that lose data one by one."""
    if folded:
        sign = SIGNS[strongest_action(folded)]
        text = f"{sign} and {counts(ranges(folded))} {_why(consequence)} (--full lists them)"
        page.paragraph(text, indent=5, hang=2)
    for action in folded:
        if action.loses_data:
            head = Styled(f"{SIGNS[action.action]} {action.resource_name}", STYLES.get(action.action, ""))
            page.line("     ", head, f"  {action.resource_type}  ", Styled("LOSES DATA", "bad"))


def field_line(page: Page, name: str, column: int, text: str, why: str) -> None:
    """Add a changed field, on lines of their own where both values do not fit beside it."""
    if page.fits(f"        {name:<{column}}   {text}", why):
        page.line(f"        {name:<{column}}   {text}", Styled(why, "dim"))
        return
    page.line(f"        {name}", Styled(why, "dim"))
    before, arrow, after = text.partition(" -> ")
    page.line(f"          {before}")
    if arrow:
        page.line(f"          -> {after}")


def _reason(action: PlanAction) -> str:
    """Why a resource is replaced of which nothing changes that is known."""
    return "its provider is replaced" if PROVIDER in action.replace_keys else "what it depends on is replaced"


def _why(consequence: Consequence) -> str:
    return because(consequence.causes) if consequence.causes else "because of that"


def _change(tier: TierPlan, action: PlanAction, diff: Diff) -> str:
    return change(diff, upper_waits(tier, action.waits_for))

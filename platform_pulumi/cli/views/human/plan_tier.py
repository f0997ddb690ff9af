"""One tier on the page of a plan: a line for each capability, its changes, and the capabilities affected.

What only comes into being folds to a count, what only follows another replacement to a line; what is changed by itself
shows its fields; what is deleted or loses data shows every resource, however long the plan.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias

from platform_pulumi.cli.views.fields import Hidden, field_name, hidden_fields
from platform_pulumi.cli.views.page import Page, Piece, Styled
from platform_pulumi.cli.views.words import (
    SIGNS,
    change,
    counts,
    format_value,
    known_after,
    listed,
    place,
    plural,
    tier_name,
    todo,
    uncertain_text,
    waits_for,
)
from platform_pulumi.model.plan import Action, Affected, PlanAction, PlannedOutput, TierPlan
from platform_pulumi.model.plan.queries import Consequence, Group, by_capability, strongest_action
from platform_pulumi.model.plan.ranges import ranges
from platform_pulumi.model.tier import TierKey

STYLES = {
    Action.CREATE: "good",
    Action.UPDATE: "change",
    Action.REPLACE: "replace",
    Action.DELETE: "bad",
    Action.IMPORT: "good",
    Action.OTHER: "notice",
}
#: Whom a change reaches, by tier and capability (`queries.impacts`).
Touched: TypeAlias = Mapping[tuple[TierKey, str], Iterable[Affected]]
#: Capabilities that only come into being, listed before the rest of them folds.
MOST_CREATES = 50
#: Widest column of field names; longer ones stand out of line.
COLUMN = 40
#: Fields of a new capability that are shown as secret or as known later.
MOST_FIELDS = 6


#: What of a capability's changes only follows others, by tier and capability (`queries.consequences`).
Consequences: TypeAlias = Mapping[tuple[TierKey, str], Consequence]
#: Of a capability all of whose changes stand for themselves.
NO_CONSEQUENCE = Consequence((), frozenset(), whole=False)


def tier_section(
    page: Page, tier: TierPlan, touched: Touched, following: Consequences | None, width: int, approval: str
) -> None:
    """Add the tier's heading and its changes.

    Args:
        touched: whom each change reaches.
        following: what only follows others folds to a line; None where nothing folds.
        width: of the names' column.
        approval: who lets it pass.
    """
    heading = f"{tier.tier.value}  {tier_name(tier.key):<{width}}   "
    if not tier.applies:
        page.line(Styled(heading, "strong"), "nothing to do", " (unchanged, engine not run)" if tier.skipped else "")
        _outputs(page, tier)
        return
    page.sides([Styled(heading, "strong"), todo(tier)], [Styled(approval, "dim")])
    if note := uncertain_text(tier):
        page.paragraph(note, indent=5, style="dim")
    creates = unchanged = 0
    most = MOST_CREATES if following is not None else len(tier.actions)
    for group in by_capability(tier):
        if group.action is Action.NO_OP and not any(action.retained for action in group.actions):
            unchanged += bool(group.name)
            continue
        if group.action is Action.CREATE:
            creates += 1
            if creates > most:
                continue
        consequence = (following or {}).get((tier.key, group.name), NO_CONSEQUENCE)
        if consequence.whole:
            _consequence(page, group, consequence, width)
            continue
        _capability(page, group, width, consequence, tier.tier.label)
        _affected(page, touched.get((tier.key, group.name), ()))
    _without_resources(page, tier, touched, width)
    if creates > most:
        page.line(f"   + and {creates - most} more capabilities to create (--full lists them)")
    if unchanged:
        page.line(f"     {plural(unchanged, 'capability', 'capabilities')} unchanged")
    _outputs(page, tier)


def _consequence(page: Page, group: Group, consequence: Consequence, width: int) -> None:
    """A capability that changes only because others do, in a line: its own declaration is what it was."""
    names = listed(name.partition(".")[2] for name in consequence.causes)
    head = f"{SIGNS[group.action]} {group.name:<{width}}"
    many = counts(ranges(group.actions))
    pieces: list[Piece] = ["   ", Styled(head, STYLES.get(group.action, "")), f" {group.type:<20} "]
    page.line(*pieces, f"{many}  ", Styled(f"follows {names}", "dim"))


def _capability(page: Page, group: Group, width: int, consequence: Consequence, own: str) -> None:
    kind = group.action
    pieces: list[Piece] = [
        "   ",
        Styled(f"{SIGNS[kind]} {group.name or '(the stack itself)':<{width}}", STYLES.get(kind, "")),
        f" {'no longer declared' if group.removed else group.type:<20} ",
    ]
    if kind is Action.CREATE:
        pieces.append(f"{plural(len(group.actions), 'resource'):<12}")
    elif group.declared_at is not None:
        pieces.append(Styled(place(group.declared_at), "dim"))
    beside = f"waits for {waits_for(group.waits_for, own)}" if group.waits_for else ""
    if page.fits(*pieces, "  ", beside):
        page.line(*pieces, "  ", Styled(beside, "dim"))
    else:
        page.line(*pieces)
        page.paragraph(beside, indent=8, style="dim", hang=10)
    if kind is Action.CREATE:
        _hidden_fields(page, group.actions, own)
        return
    changing = [action for action in group.actions if action.changes]
    if not (len(changing) == 1 and _in_a_line(page, changing[0], own)):
        folded = [action for action in changing if action.urn in consequence.urns]
        for action in changing:
            if action not in folded:
                _resource(page, action, own)
        if folded:
            sign = SIGNS[strongest_action(folded)]
            page.line(f"     {sign} and {counts(ranges(folded))} because of that (--full lists them)")
    for action in group.actions:
        if action.retained:
            page.line(
                f"     = {action.resource_name}  {action.resource_type}  ", Styled("retained: it holds data", "dim")
            )


def _without_resources(page: Page, tier: TierPlan, touched: Touched, width: int) -> None:
    """Add the capabilities that reach others though no resource of theirs changes: their outputs do, or they go."""
    changing = {action.capability for action in tier.actions if action.changes}
    declared = {capability.name for capability in tier.capabilities}
    for (key, name), affected in touched.items():
        if key == tier.key and name not in changing:
            kind, what = (
                (Action.UPDATE, "outputs change") if name in declared else (Action.DELETE, "no longer declared")
            )
            page.line("   ", Styled(f"{SIGNS[kind]} {name:<{width}}", STYLES[kind]), f" {what}")
            _affected(page, affected)


def _hidden_fields(page: Page, actions: Iterable[PlanAction], own: str) -> None:
    """Add the fields of a new capability that are unknown or secret."""
    fields = [(path, _known(field, action, own)) for action in actions for path, field in hidden_fields(action.after)]
    column = max((len(path) for path, _ in fields[:MOST_FIELDS] if len(path) <= COLUMN), default=0)
    for path, text in fields[:MOST_FIELDS]:
        page.line(f"        {path:<{column}}   ", Styled(text, "dim"))
    if len(fields) > MOST_FIELDS:
        page.line(f"        and {plural(len(fields) - MOST_FIELDS, 'more field')} known later or secret")


def _known(field: Hidden, action: PlanAction, own: str) -> str:
    return "secret" if field is Hidden.SECRET else known_after(action.waits_for, own)


def _in_a_line(page: Page, action: PlanAction, own: str) -> bool:
    """Show the only change of a capability in one line, where that is enough and fits."""
    if action.action is not Action.UPDATE or len(action.diff) != 1:
        return False
    diff = action.diff[0]
    text = f"        {field_name(diff.path, action.after, action.before)}   {change(diff, action.waits_for, own)}"
    how = f"     in place ({action.resource_type})"
    if not page.fits(text, how):
        return False
    page.line(text, Styled(how, "dim"))
    return True


def _resource(page: Page, action: PlanAction, own: str) -> None:
    """Add the lines of one resource of a capability that changes."""
    kind = action.action
    head = Styled(f"{SIGNS[kind]} {action.resource_name}", STYLES.get(kind, ""))
    pieces: list[Piece] = ["     ", head, f"  {action.resource_type}"]
    if kind is Action.UPDATE:
        pieces.append(Styled("  in place", "dim"))
    if action.loses_data:
        pieces += ["  ", Styled("LOSES DATA", "bad")]
    page.line(*pieces)
    rows = [(field_name(diff.path, action.after, action.before), diff) for diff in action.diff]
    column = max((len(name) for name, _ in rows if len(name) <= COLUMN), default=0)
    for name, diff in rows:
        text, why = change(diff, action.waits_for, own), "     forces the replacement" if diff.replaces else ""
        if page.fits(f"        {name:<{column}}   {text}", why):
            page.line(f"        {name:<{column}}   {text}", Styled(why, "dim"))
            continue
        page.line(f"        {name}", Styled(why, "dim"))
        before, arrow, after = text.partition(" -> ")
        page.line(f"          {before}")
        if arrow:
            page.line(f"          -> {after}")


def _affected(page: Page, affected: Iterable[Affected]) -> None:
    places: dict[str, list[str]] = {}
    for one in affected:
        severity = ", high" if one.severity == "high" else ""
        where = tier_name(one.key)
        places.setdefault(where, []).append(f"{one.capability} ({one.kind}{severity})")
    if places:
        text = "; ".join(f"{', '.join(names)} in {where}" for where, names in places.items())
        page.paragraph(f"Touches: {text}", indent=5, hang=9)


def _outputs(page: Page, tier: TierPlan) -> None:
    """Outputs of the contract that change; new ones come with their capabilities and say nothing new."""
    for name, output in tier.outputs.items():
        if output.change in {"changed", "may-change", "removed"} and ":" not in name:
            page.line(f"     output {name}   ", Styled(_output(output), "change"))


def _output(output: PlannedOutput) -> str:
    certain = output.change == "changed"
    if output.change == "removed":
        return "removed"
    if output.secret:
        return "secret, changed" if certain else "secret, may change"
    if output.unknown:
        return "may change, known after the apply"
    return f"{'becomes' if certain else 'may become'} {format_value(output.value)}"

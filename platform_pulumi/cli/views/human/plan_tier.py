"""One tier on the page of a plan: a line for each capability, its changes, and the capabilities affected.

What only comes into being folds to a count, what only follows others to a line for each cause; what is changed by
itself shows its fields; what is deleted or loses data shows every resource, however long the plan.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from platform_pulumi.cli.views.fields import Hidden, field_changes, hidden_fields
from platform_pulumi.cli.views.human.cascade import cascade_lines
from platform_pulumi.cli.views.page import Page, Piece, Styled
from platform_pulumi.cli.views.words import (
    SIGNS,
    STYLES,
    because,
    change,
    counts,
    format_value,
    known_after,
    listed,
    place,
    plural,
    tier_name,
    todo,
    waits_for,
)
from platform_pulumi.model.plan import Action, Affected, Diff, PlanAction, PlannedOutput, TierPlan
from platform_pulumi.model.plan.causes import Cause, Consequence, Consequences
from platform_pulumi.model.plan.queries import Group, by_capability, strongest_action, upper_waits
from platform_pulumi.model.plan.ranges import ranges
from platform_pulumi.model.tier import TierKey

#: Whom a change reaches, by tier and capability (`queries.impacts`).
Touched: TypeAlias = Mapping[tuple[TierKey, str], Iterable[Affected]]
#: Capabilities that only come into being, listed before the rest of them folds.
MOST_CREATES = 50
#: Widest column of field names; longer ones stand out of line.
COLUMN = 40
#: Outputs that are only known later, by name.
MOST_OUTPUTS = 5
#: Fields of a new capability that are shown as secret or as known later.
MOST_FIELDS = 6


#: Of a capability all of whose changes stand for themselves.
NO_CONSEQUENCE = Consequence((), frozenset())


def tier_section(
    page: Page, tier: TierPlan, touched: Touched, following: Consequences | None, width: int, approval: str
) -> None:
    """Add the tier's heading and its changes.

    Args:
        touched: whom each change reaches.
        following: what only follows others folds by its cause; None where nothing folds.
        width: of the names' column.
        approval: who lets it pass.
    """
    heading = f"{tier.tier.value}  {tier_name(tier.key):<{width}}   "
    if not tier.applies:
        page.line(Styled(heading, "strong"), "nothing to do", " (unchanged, engine not run)" if tier.skipped else "")
    else:
        page.sides([Styled(heading, "strong"), todo(tier)], [Styled(approval, "dim")])
    _groups(page, tier, touched, following, width)
    output_changes(page, tier, folded=following is not None)


def _groups(page: Page, tier: TierPlan, touched: Touched, following: Consequences | None, width: int) -> None:
    """Add the capabilities: those that change by themselves, then those that follow, then how many stay."""
    creates = unchanged = 0
    most = MOST_CREATES if following is not None else len(tier.actions)
    followers: dict[tuple[Cause, ...], list[Group]] = {}
    for group in by_capability(tier):
        consequence = (following or {}).get((tier.key, group.name), NO_CONSEQUENCE)
        if group.action is Action.NO_OP and not group.diff and not any(action.retained for action in group.actions):
            unchanged += bool(group.name)
        elif group.action is Action.CREATE and (creates := creates + 1) > most:
            continue
        elif consequence.whole and not group.diff:
            followers.setdefault(consequence.causes, []).append(group)
        else:
            _capability(page, tier, group, width, consequence)
            _affected(page, touched.get((tier.key, group.name), ()), following)
    _without_resources(page, tier, touched, following, width)
    cascade_lines(page, followers, width)
    if creates > most:
        page.line(f"   + and {creates - most} more capabilities to create (--full lists them)")
    if unchanged and tier.applies:
        page.line(f"     {plural(unchanged, 'capability', 'capabilities')} unchanged")


def _capability(page: Page, tier: TierPlan, group: Group, width: int, consequence: Consequence) -> None:
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
    beside = f"waits for {waits_for(group.waits_for, tier.tier.label)}" if group.waits_for else ""
    if page.fits(*pieces, "  ", beside):
        page.line(*pieces, "  ", Styled(beside, "dim"))
    else:
        page.line(*pieces)
        page.paragraph(beside, indent=8, style="dim", hang=10)
    if kind is Action.CREATE:
        _hidden_fields(page, tier, group.actions)
        return
    changing = [action for action in group.actions if action.changes]
    own = [action for action in changing if action.urn not in consequence.urns]
    _declared(page, group, own)
    if not (len(changing) == len(own) == 1 and _in_a_line(page, tier, own[0])):
        for action in own:
            _resource(page, tier, action, consequence)
        _following(page, [action for action in changing if action.urn in consequence.urns], consequence)
    for action in group.actions:
        if action.retained:
            page.line(
                f"     = {action.resource_name}  {action.resource_type}  ", Styled("retained: it holds data", "dim")
            )


def _without_resources(
    page: Page, tier: TierPlan, touched: Touched, following: Consequences | None, width: int
) -> None:
    """Add the capabilities that reach others though no resource of theirs changes: their outputs do, or they go."""
    changing = {action.capability for action in tier.actions if action.changes}
    declared = {capability.name for capability in tier.capabilities}
    for (key, name), affected in touched.items():
        if key == tier.key and name not in changing:
            kind, what = (
                (Action.UPDATE, "outputs change") if name in declared else (Action.DELETE, "no longer declared")
            )
            page.line("   ", Styled(f"{SIGNS[kind]} {name:<{width}}", STYLES[kind]), f" {what}")
            _affected(page, affected, following)


def _declared(page: Page, group: Group, shown: Iterable[PlanAction]) -> None:
    """Add what the declaration changes, unless the resources below show the very same values."""
    values = [(diff.old, diff.new) for action in shown for diff in action.diff]
    diffs = [diff for diff in group.diff if diff.secret or (diff.old, diff.new) not in values]
    column = max((len(diff.path) for diff in diffs if len(diff.path) <= COLUMN), default=0)
    why = "declared" if any(action.changes for action in group.actions) else "declared; changes no resource"
    for diff in diffs:
        _field(page, diff.path, column, change(diff), f"     {why}")


def _following(page: Page, folded: Sequence[PlanAction], consequence: Consequence) -> None:
    """Add how many resources of a capability follow its own changes, or others; those that lose data one by one."""
    if folded:
        sign = SIGNS[strongest_action(folded)]
        text = f"{sign} and {counts(ranges(folded))} {_why(consequence)} (--full lists them)"
        page.paragraph(text, indent=5, hang=2)
    for action in folded:
        if action.loses_data:
            head = Styled(f"{SIGNS[action.action]} {action.resource_name}", STYLES.get(action.action, ""))
            page.line("     ", head, f"  {action.resource_type}  ", Styled("LOSES DATA", "bad"))


def _why(consequence: Consequence) -> str:
    return because(consequence.causes) if consequence.causes else "because of that"


def _hidden_fields(page: Page, tier: TierPlan, actions: Iterable[PlanAction]) -> None:
    """Add the fields of a new capability that are unknown or secret."""
    fields = [(path, _known(field, tier, action)) for action in actions for path, field in hidden_fields(action.after)]
    column = max((len(path) for path, _ in fields[:MOST_FIELDS] if len(path) <= COLUMN), default=0)
    for path, text in fields[:MOST_FIELDS]:
        page.line(f"        {path:<{column}}   ", Styled(text, "dim"))
    if len(fields) > MOST_FIELDS:
        page.line(f"        and {plural(len(fields) - MOST_FIELDS, 'more field')} known later or secret")


def _known(field: Hidden, tier: TierPlan, action: PlanAction) -> str:
    return "secret" if field is Hidden.SECRET else known_after(upper_waits(tier, action.waits_for))


def _in_a_line(page: Page, tier: TierPlan, action: PlanAction) -> bool:
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


def _change(tier: TierPlan, action: PlanAction, diff: Diff) -> str:
    return change(diff, upper_waits(tier, action.waits_for))


def _resource(page: Page, tier: TierPlan, action: PlanAction, consequence: Consequence) -> None:
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
    if len(rows) == 1 and rows[0][1].replaces is (kind is Action.REPLACE):
        beside = f"   {rows[0][0]}   {_change(tier, action, rows[0][1])}"
        if page.fits(*pieces, beside):
            page.line(*pieces, beside)
            return
    page.line(*pieces)
    column = max((len(name) for name, _ in rows if len(name) <= COLUMN), default=0)
    for name, diff in rows:
        why = "     forces the replacement" if diff.replaces else ""
        _field(page, name, column, _change(tier, action, diff), why)
    if folded:
        many = plural(len(action.diff) - len(diffs), "more field")
        page.line(f"        and {many} {_why(consequence)} (--full lists them)")


def _field(page: Page, name: str, column: int, text: str, why: str) -> None:
    """Add a changed field, on lines of their own where both values do not fit beside it."""
    if page.fits(f"        {name:<{column}}   {text}", why):
        page.line(f"        {name:<{column}}   {text}", Styled(why, "dim"))
        return
    page.line(f"        {name}", Styled(why, "dim"))
    before, arrow, after = text.partition(" -> ")
    page.line(f"          {before}")
    if arrow:
        page.line(f"          -> {after}")


def _affected(page: Page, affected: Iterable[Affected], following: Consequences | None) -> None:
    """Add whom a change reaches, but for those that a line of the plan says to follow."""
    places: dict[str, list[str]] = {}
    for one in affected:
        consequence = (following or {}).get((one.key, one.capability))
        if consequence is not None and consequence.whole:
            continue
        severity = ", high" if one.severity == "high" else ""
        where = tier_name(one.key)
        places.setdefault(where, []).append(f"{one.capability} ({one.kind}{severity})")
    if places:
        text = "; ".join(f"{', '.join(names)} in {where}" for where, names in places.items())
        page.paragraph(f"Touches: {text}", indent=5, hang=9)


def output_changes(page: Page, tier: TierPlan, *, folded: bool) -> None:
    """Add the contract's outputs that change; new ones come with their capabilities and say nothing new.

    `folded` says to name those that are only known later in one line.
    """
    changed = {name: o for name, o in tier.outputs.items() if ":" not in name and o.change not in {"new", "same"}}
    later = [name for name, output in changed.items() if output.unknown]
    for name, output in changed.items():
        if not (folded and len(later) > 1 and name in later):
            page.line(f"     output {name}   ", Styled(_output(output), "change"))
    if folded and len(later) > 1:
        names = f"outputs {listed(later)}" if len(later) <= MOST_OUTPUTS else f"{len(later)} outputs"
        page.paragraph(f"{names} may change, known after the apply", indent=5, style="change", hang=2)


def _output(output: PlannedOutput) -> str:
    certain = output.change == "changed"
    if output.change == "removed":
        return "removed"
    if output.secret:
        return "secret, changed" if certain else "secret, may change"
    if output.unknown:
        return "may change, known after the apply"
    return f"{'becomes' if certain else 'may become'} {format_value(output.value)}"

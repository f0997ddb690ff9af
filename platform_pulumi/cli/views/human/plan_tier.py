"""One tier on the page of a plan: a line for each capability, its changes, and the capabilities affected.

What only comes into being folds to a count, what only follows others to a line for each cause; what is changed by
itself shows its fields; what is deleted or loses data shows every resource, however long the plan.
"""

from __future__ import annotations

from collections.abc import Iterable

from platform_pulumi.cli.views.fields import Hidden, hidden_fields
from platform_pulumi.cli.views.human.cascade import cascade_lines
from platform_pulumi.cli.views.human.plan_impact import Touched, affected_lines, standing_out
from platform_pulumi.cli.views.human.plan_resource import (
    COLUMN,
    examples,
    field_line,
    following_lines,
    in_a_line,
    resource_lines,
)
from platform_pulumi.cli.views.page import Page, Piece, Styled
from platform_pulumi.cli.views.words import (
    SIGNS,
    STYLES,
    change,
    format_value,
    known_after,
    limit_text,
    listed,
    place,
    plural,
    tier_name,
    todo,
    waits_for,
)
from platform_pulumi.model.plan import Action, Affected, PlanAction, PlannedOutput, TierPlan
from platform_pulumi.model.plan.causes import Cause, Consequence, Consequences
from platform_pulumi.model.plan.queries import Group, by_capability, upper_waits

#: Capabilities that only come into being, listed before the rest of them folds.
MOST_CREATES = 50
#: Outputs that are only known later, by name.
MOST_OUTPUTS = 5
#: Fields of a new capability that are shown as secret or as known later.
MOST_FIELDS = 6


#: Changes of an output that are none to whom it had before.
_STILL = {"new", "same"}
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
    _limits(page, tier, width)
    _groups(page, tier, touched, following, width)
    output_changes(page, tier, folded=following is not None)


def _limits(page: Page, tier: TierPlan, width: int) -> None:
    """Add each limit that changes for the tiers below, what it was and is; and who asks for an approval."""
    if tier.applies and tier.mode_because:
        page.paragraph(f"needs approval: {tier.mode_because}", indent=5, style="notice", hang=2)
    for limit in tier.limits:
        style = "bad" if limit.loosens else "good"
        at: list[Piece] = ["  ", Styled(place(limit.declared_at), "dim")] if limit.declared_at else []
        page.line(f"     limit {limit.limit:<{width}} ", Styled(limit_text(limit), style), *at)


def _groups(page: Page, tier: TierPlan, touched: Touched, following: Consequences | None, width: int) -> None:
    """Add the capabilities: those that change by themselves, then those that follow, then how many stay."""

    def reached(group: Group) -> list[Affected]:
        return standing_out(touched.get((tier.key, group.name), ()), following)

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
            _capability(page, tier, group, following, width, consequence)
            affected_lines(page, reached(group))
    _without_resources(page, tier, touched, following, width)
    cascade_lines(page, followers, width, reached)
    if creates > most:
        page.line(f"   + and {creates - most} more capabilities to create (--full lists them)")
    if unchanged and tier.applies:
        page.line(f"     {plural(unchanged, 'capability', 'capabilities')} unchanged")


def _capability(
    page: Page, tier: TierPlan, group: Group, following: Consequences | None, width: int, consequence: Consequence
) -> None:
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
    if not (len(changing) == len(own) == 1 and in_a_line(page, tier, own[0])):
        shown = examples(own) if following is not None else own
        for action in shown:
            resource_lines(page, tier, action, consequence)
        named = {action.urn for action in shown}
        following_lines(page, [action for action in changing if action.urn not in named], consequence)
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
            kind = Action.UPDATE if name in declared else Action.DELETE
            what = _outputs_of(tier, name) if name in declared else "no longer declared"
            page.line("   ", Styled(f"{SIGNS[kind]} {name:<{width}}", STYLES[kind]), f" {what}")
            affected_lines(page, standing_out(affected, following))


def _outputs_of(tier: TierPlan, capability: str) -> str:
    """What happens to the outputs of a capability, in words; it may be no more than that they get other names."""
    kinds = {output.change for name, output in tier.outputs.items() if name.startswith(f"{capability}:")} - _STILL
    return "outputs may change" if kinds == {"may-change"} else "outputs change" if kinds else "output contract changes"


def _declared(page: Page, group: Group, shown: Iterable[PlanAction]) -> None:
    """Add what the declaration changes, unless the resources below show the very same values."""
    values = [(diff.old, diff.new) for action in shown for diff in action.diff]
    diffs = [diff for diff in group.diff if diff.secret or (diff.old, diff.new) not in values]
    column = max((len(diff.path) for diff in diffs if len(diff.path) <= COLUMN), default=0)
    why = "declared" if any(action.changes for action in group.actions) else "declared; changes no resource"
    for diff in diffs:
        field_line(page, diff.path, column, change(diff), f"     {why}")


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


def output_changes(page: Page, tier: TierPlan, *, folded: bool) -> None:
    """Add the contract's outputs that change; new ones come with their capabilities and say nothing new.

    `folded` says to name those of which no value is shown in one line.
    """
    changed = {name: o for name, o in sorted(tier.outputs.items()) if ":" not in name and o.change not in _STILL}
    alike: dict[str, list[str]] = {}
    for name, output in changed.items():
        alike.setdefault(_output(output) if folded and _hidden(output) else name, []).append(name)
    for text, names in alike.items():
        if len(names) == 1:
            page.line(f"     output {names[0]}   ", Styled(_output(changed[names[0]]), "change"))
        else:
            many = f"outputs {listed(names)}" if len(names) <= MOST_OUTPUTS else f"{len(names)} outputs"
            page.paragraph(f"{many}   {text}", indent=5, style="change", hang=2)


def _hidden(output: PlannedOutput) -> bool:
    """Whether nothing is shown of it but that it changes."""
    return output.change != "removed" and (output.secret or output.unknown)


def _output(output: PlannedOutput) -> str:
    certain = output.change == "changed"
    if output.change == "removed":
        return "removed"
    if output.secret:
        return "secret, changed" if certain else "secret, may change"
    if output.unknown:
        return "may change, known after the apply"
    return f"{'becomes' if certain else 'may become'} {format_value(output.value)}"

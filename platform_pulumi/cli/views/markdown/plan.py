"""Markdown of a plan for a pull request comment: losses on top, a table of the tiers, the details folded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from platform_pulumi.cli.views.fields import field_changes
from platform_pulumi.cli.views.human.order import order_text
from platform_pulumi.cli.views.human.plan import SIMULATED
from platform_pulumi.cli.views.markdown.text import cell, code, details, fenced, table
from platform_pulumi.cli.views.view_options import PLAIN, ViewOptions
from platform_pulumi.cli.views.words import (
    SIGNS,
    change,
    counts,
    gap_text,
    mode,
    place,
    plural,
    tier_name,
    tier_title,
    todo,
    uncertain_text,
    waits_for,
)
from platform_pulumi.errors import Problem
from platform_pulumi.model.plan import Action, Plan, PlanAction, TierPlan
from platform_pulumi.model.plan.queries import Group, by_capability, loss_options, losses, upper_waits
from platform_pulumi.model.plan.ranges import ranges

#: Hosts refuse longer comments (65,536 characters on GitHub); the details go first, a loss never does.
LONGEST = 60_000
_MARKS = {Action.CREATE: "+", Action.DELETE: "-", Action.REPLACE: "!", Action.UPDATE: "!"}


def plan(value: Plan, options: ViewOptions = PLAIN) -> str:
    """Format the whole plan as Markdown."""
    text = _text(value, options, detailed=True)
    return text if len(text) <= LONGEST else _text(value, options, detailed=False)


def _text(value: Plan, options: ViewOptions, *, detailed: bool) -> str:
    lines = [*_losses(value, options), *_obstacles(value), *_heading(value), *_summary(value)]
    lines += _limits(value)
    if detailed:
        lines += [line for tier in value.tiers if _says(tier) for line in _tier(tier)]
    else:
        lines += ["The details are too long for a comment; `platform preview` shows them.", ""]
    lines += [*_order(value), *_checks(value), *_impact(value), *warnings(value.warnings)]
    lines += _next(value, options) if options.advise else []
    return "\n".join(lines).rstrip() + "\n"


def _next(value: Plan, options: ViewOptions) -> list[str]:
    if value.obstacles:
        return ["Take the steps above; as it is, no apply of this plan begins."]
    if not value.changes:
        return ["Nothing to do: what is declared is what is there."]
    refused = [loss.capability for loss in losses(value) if loss.capability not in options.allowed]
    flags = loss_options(refused)
    advice = ["Keep what holds data, or name what may be lost:", ""] if flags else []
    return [*advice, *fenced("sh", [options.next_step("up", *flags)])]


def _losses(value: Plan, options: ViewOptions) -> Iterator[str]:
    found = tuple(losses(value))
    if not found:
        return
    yield "> [!CAUTION]"
    for loss in found:
        kind = f"{cell(loss.type)}, " if loss.type else ""
        at = f"{kind}{code(place(loss.declared_at))}" if loss.declared_at else "no longer declared"
        allowed = "allowed by name" if loss.capability in options.allowed else "refused unless allowed by name"
        yield f"> **LOSES DATA** {loss.action} {code(loss.capability)} ({at}): {allowed}  "
    yield ""


def _obstacles(value: Plan) -> Iterator[str]:
    if not value.obstacles:
        return
    yield "> [!WARNING]"
    for obstacle in value.obstacles:
        at = f" ({code(place(obstacle.declared_at))})" if obstacle.declared_at else ""
        yield f"> **NOT IN ONE GO** {code(obstacle.capability)}{at}: {cell(obstacle.summary)}. {cell(obstacle.detail)}"
        yield ">"
        for number, step in enumerate(obstacle.steps, 1):
            yield f"> {number}. {cell(step)}"
        yield ">"
    yield ""


def _order(value: Plan) -> list[str]:
    text = order_text(value)
    return [f"**Order**: {cell(text)}", ""] if text else []


def _heading(value: Plan) -> Iterator[str]:
    simulated = f" - **{SIMULATED}**" if value.simulated else ""
    yield f"### Plan {code(value.id)} for {code(value.context)}{simulated}"
    yield ""
    providers = ", ".join(f"{cell(p.name)} {cell(p.version)} ({p.plugin})" for p in value.providers)
    checked = f"{value.constraints_checked} constraints checked, 0 violated"
    yield f"{providers or 'no provider'}; {checked}"
    yield ""


def _summary(value: Plan) -> list[str]:
    columns = ("create", "update", "replace", "delete", "no-op")
    rows = [
        [
            cell(tier_title(tier.key)),
            *(str(ranges(tier.actions).get(column, "")) for column in columns),
            mode(tier) if tier.applies else "nothing to do",
            code(tier.digest.removeprefix("sha256:")[:12]),
        ]
        for tier in value.tiers
    ]
    heads = ["Tier", "Create", "Change", "Replace", "Delete", "Unchanged", "Approval", "Digest"]
    return [*table(heads, rows, range(1, 6)), ""]


def _limits(value: Plan) -> list[str]:
    """Every limit that changes, and who asks for an approval that the declaration does not: never folded."""
    held = [tier for tier in value.tiers if tier.applies and tier.mode_because]
    lines = [f"> {cell(tier_title(tier.key))} needs approval: {cell(tier.mode_because)}  " for tier in held]
    rows = [
        [
            cell(tier_title(tier.key)),
            code(limit.limit),
            *("none" if text is None else code(text) for text in (limit.old, limit.new)),
            f"**{limit.kind}**" if limit.loosens else limit.kind,
        ]
        for tier in value.tiers
        for limit in tier.limits
    ]
    lines += [""] if lines else []
    return [*lines, *table(["Tier", "Limit", "Old", "New", "Change"], rows), ""] if rows else lines


def _says(tier: TierPlan) -> bool:
    return tier.applies or any(capability.diff for capability in tier.capabilities)


def _tier(tier: TierPlan) -> list[str]:
    kinds = {action.action for action in tier.actions}
    lines = _capabilities(tier)
    changed = [line for group in by_capability(tier) for line in _declared(group)]
    changed += [line for action in tier.actions for line in _changed(tier, action)]
    if changed:
        lines += ["", *fenced("diff", changed)]
    if not lines:  # limits that change stand above, and outputs have no lines here
        return [] if tier.limits else [f"**{cell(tier_title(tier.key))}**: {todo(tier)} ({mode(tier)})", ""]
    note = uncertain_text(tier)
    lines = [*([note, ""] if note else []), *lines]
    summary = f"<b>{tier_title(tier.key)}</b>: {todo(tier)} ({mode(tier)})"
    return details(summary, lines, expanded=bool(kinds & {Action.REPLACE, Action.DELETE}))


def _capabilities(tier: TierPlan) -> list[str]:
    rows = [
        [
            code(SIGNS[group.action]),
            code(group.name) if group.name else "the stack itself",
            "no longer declared" if group.removed else cell(group.type),
            counts(ranges(group.actions), nothing="no resource changes"),
            code(place(group.declared_at)) if group.declared_at else "",
            cell(waits_for(group.waits_for, tier.tier.label)),
        ]
        for group in by_capability(tier)
        if group.action is not Action.NO_OP or group.diff
    ]
    return table(["", "Capability", "Type", "Resources", "Declared", "Waits for"], rows) if rows else []


def _declared(group: Group) -> Iterator[str]:
    """Lines of a diff block: what changes of a declaration."""
    if group.diff:
        yield f"! declared {group.name}"
    for diff in group.diff:
        yield f"    {diff.path}: {change(diff)}"


def _changed(tier: TierPlan, action: PlanAction) -> Iterator[str]:
    """Lines of a diff block: what is updated with its fields, what is replaced or deleted always."""
    kind = action.action
    if action.retained:
        yield f"  retained {action.resource_name} {action.resource_type}: it holds data"
    if kind in {Action.NO_OP, Action.READ, Action.CREATE}:
        return
    loses = "  LOSES DATA" if action.loses_data else ""
    yield f"{_MARKS.get(kind, '!')} {kind} {action.resource_name} {action.resource_type}{loses}"
    for field, diff in field_changes(action, action.diff):
        replaces = "  (forces the replacement)"
        yield f"    {field}: {change(diff, upper_waits(tier, action.waits_for))}{replaces if diff.replaces else ''}"


def _checks(value: Plan) -> Iterator[str]:
    gaps = [(report, gap) for report in value.fidelity for gap in report.gaps]
    if gaps:
        rows = [
            [
                code(report.capability),
                code(gap.property),
                gap.fidelity.upper(),
                cell(gap_text(gap)),
            ]
            for report, gap in gaps
        ]
        heads = ["Capability", "Property", "Fidelity", "What happens"]
        yield from details(f"<b>Fidelity</b>: {plural(len(gaps), 'gap')}", table(heads, rows))


def _impact(value: Plan) -> Iterator[str]:
    if not value.impact:
        return
    rows = [
        [
            code(impact.changed),
            impact.action.value,
            ", ".join(
                f"{code(reached.capability)} in {cell(tier_name(reached.key))} ({reached.kind}, {reached.severity})"
                for reached in impact.affected
            ),
        ]
        for impact in value.impact
    ]
    yield from details("<b>Touches</b>", table(["Changed", "How", "Reaches"], rows), expanded=True)


def warnings(found: Iterable[Problem]) -> Iterator[str]:
    """Format warnings as a list."""
    lines = [
        f"- warning: {f'{code(str(warning.position))} ' if warning.position else ''}{cell(warning.summary)}: "
        f"{cell(warning.detail)}"
        for warning in found
    ]
    yield from [*lines, ""] if lines else []

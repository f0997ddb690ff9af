"""One tier of a plan: a line for each capability, what changes within it, and whom it touches.

What only comes into being folds to a count; what is changed shows its fields; what is replaced or deleted shows every
resource, however long the plan.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias

from platform_pulumi.cli.views.fields import Hidden, field_name, hidden_fields
from platform_pulumi.cli.views.grouping import Undeclared, by_capability
from platform_pulumi.cli.views.page import WIDTH, Page, Piece, Styled
from platform_pulumi.cli.views.words import (
    SIGNS,
    change,
    counts,
    known_after,
    mode,
    place,
    plural,
    shown,
    strongest,
    tier_name,
    waits_for,
)
from platform_pulumi.model.plan import Action, Affected, BoundCapability, PlanAction, TierPlan

STYLES = {
    Action.CREATE: "good",
    Action.UPDATE: "change",
    Action.REPLACE: "replace",
    Action.DELETE: "bad",
    Action.IMPORT: "good",
    Action.OTHER: "notice",
}
#: Whom a change reaches, by tier and capability (`grouping.reached`).
Touched: TypeAlias = Mapping[tuple[str, str], Iterable[Affected]]
#: Capabilities that only come into being, listed before the rest of them folds.
MOST_CREATES = 50
#: Fields of a new capability that are shown as secret or as known later.
MOST_FIELDS = 6


def tier_section(page: Page, tier: TierPlan, touched: Touched, width: int) -> None:
    """Add the tier's heading and what happens in it; `width` is the column of the names."""
    heading = f"{tier.tier.value}  {tier_name(tier.tier, tier.application):<{width}}   "
    if not tier.changes:
        page.line(Styled(heading, "strong"), "nothing to do", " (proven unchanged)" if tier.skipped else "")
        _outputs(page, tier)
        return
    todo = counts({k: v for k, v in tier.summary.items() if k != "no-op"})
    page.sides([Styled(heading, "strong"), todo], [Styled(mode(tier), "dim")])
    creates = unchanged = 0
    for capability, actions in by_capability(tier):
        kind = strongest(actions)
        if kind is Action.NO_OP:
            unchanged += bool(capability.name)
            continue
        if kind is Action.CREATE:
            creates += 1
            if creates > MOST_CREATES:
                continue
        _capability(page, capability, actions, kind, width)
        _touches(page, touched.get((tier.tier.label, capability.name), ()))
    if creates > MOST_CREATES:
        page.line(f"   + and {creates - MOST_CREATES} more capabilities to create (all of them: --format json)")
    if unchanged:
        page.line(f"     {plural(unchanged, 'capability', 'capabilities')} unchanged")
    _outputs(page, tier)


def _capability(
    page: Page, capability: BoundCapability | Undeclared, actions: list[PlanAction], kind: Action, width: int
) -> None:
    removed = kind is not Action.CREATE and capability.name and not capability.type
    pieces: list[Piece] = [
        "   ",
        Styled(f"{SIGNS[kind]} {capability.name or '(the stack itself)':<{width}}", STYLES.get(kind, "")),
        f" {'no longer declared' if removed else capability.type:<20} ",
    ]
    if kind is Action.CREATE:
        pieces.append(f"{plural(len(actions), 'resource'):<12}")
    elif capability.declared_at is not None:
        pieces.append(Styled(place(capability.declared_at), "dim"))
    waits = capability.waits_for or tuple(dict.fromkeys(name for action in actions for name in action.waits_for))
    beside = f"waits for {waits_for(waits)}" if waits else ""
    if page.fits(*pieces, "  ", beside):
        page.line(*pieces, "  ", Styled(beside, "dim"))
    else:
        page.line(*pieces)
        page.paragraph(beside, indent=8, style="dim", hang=10)
    if kind is Action.CREATE:
        _later(page, actions)
    else:
        for action in actions:
            _resource(page, action)


def _later(page: Page, actions: Iterable[PlanAction]) -> None:
    """The fields of what is created that nobody can know yet, or that nobody may see."""
    fields = [(path, _known(field, action)) for action in actions for path, field in hidden_fields(action.after)]
    column = max((len(path) for path, _ in fields[:MOST_FIELDS]), default=0)
    for path, text in fields[:MOST_FIELDS]:
        page.line(f"        {path:<{column}}   ", Styled(text, "dim"))
    if len(fields) > MOST_FIELDS:
        page.line(f"        and {plural(len(fields) - MOST_FIELDS, 'more field')} known later or secret")


def _known(field: Hidden, action: PlanAction) -> str:
    return "secret" if field is Hidden.SECRET else known_after(action.waits_for)


def _resource(page: Page, action: PlanAction) -> None:
    """What happens to one resource of a capability that changes."""
    kind = action.action
    if kind in {Action.NO_OP, Action.READ}:
        return
    rows = [(field_name(diff.path, action.after, action.before), diff) for diff in action.diff]
    if kind is Action.UPDATE and len(rows) == 1:
        name, diff = rows[0]
        inline = (f"        {name}   {change(diff, action.waits_for)}", f"     in place ({action.resource_type})")
        if page.fits(*inline):
            page.line(inline[0], Styled(inline[1], "dim"))
            return
    head = Styled(f"{SIGNS[kind]} {action.resource_name}", STYLES.get(kind, ""))
    pieces: list[Piece] = ["     ", head, f"  {action.resource_type}"]
    if kind is Action.UPDATE:
        pieces.append(Styled("  in place", "dim"))
    if action.loses_data:
        pieces += ["  ", Styled("LOSES DATA", "bad")]
    page.line(*pieces)
    column = min(WIDTH // 2, max((len(name) for name, _ in rows), default=0))
    for name, diff in rows:
        text = f"        {name:<{column}}   {change(diff, action.waits_for)}"
        page.line(text, *([Styled("     forces the replacement", "dim")] if diff.replaces else []))


def _touches(page: Page, affected: Iterable[Affected]) -> None:
    places: dict[str, list[str]] = {}
    for one in affected:
        severity = ", high" if one.severity == "high" else ""
        where = tier_name(one.tier, one.application)
        places.setdefault(where, []).append(f"{one.capability} ({one.kind}{severity})")
    if places:
        text = "; ".join(f"{', '.join(names)} in {where}" for where, names in places.items())
        page.paragraph(f"Touches: {text}", indent=5, hang=9)


def _outputs(page: Page, tier: TierPlan) -> None:
    """Outputs of the contract that change; new ones come with their capabilities and say nothing new."""
    for name, output in tier.outputs.items():
        if output.change not in {"changed", "removed"} or ":" in name:
            continue
        if output.change == "removed":
            what = "removed"
        elif output.secret:
            what = "secret, changed"
        else:
            what = f"becomes {'known after the apply' if output.unknown else shown(output.value)}"
        page.line(f"     output {name}   ", Styled(what, "change"))

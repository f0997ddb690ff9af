"""Wording shared by all views: counts, signs, values, what an action waits for."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from platform_pulumi.model.platform import Mode
from platform_pulumi.model.tier import TierKey

if TYPE_CHECKING:
    # `validate` counts and spells too, and has no plan to load.
    from platform_pulumi.errors import Position
    from platform_pulumi.model.fidelity import FidelityGap
    from platform_pulumi.model.plan import Diff, TierPlan
    from platform_pulumi.model.plan.causes import Cause
    from platform_pulumi.model.plan.limits import LimitChange
    from platform_pulumi.model.plan.ranges import Range

#: Where no resource changes, but the contract with the tiers below (constraints, outputs) does.
CONTRACT = "its contract changes"
#: Where nothing of its own changes, but values it passes on to the tiers below do.
OUTPUTS = "passes changed outputs on"
#: The same, where it is not known whether they do.
MAYBE_OUTPUTS = "outputs may change"
#: Names in a row, before the others are counted.
MOST_NAMES = 3
#: Longest value a person is shown on one line; documents carry all of it.
LONGEST = 60

SIGNS = {
    "create": "+",
    "update": "~",
    "replace": "±",
    "delete": "-",
    "no-op": " ",
    "import": ">",
    "read": " ",
    "other": "?",
}
#: Style of an action; it only repeats what the sign says.
STYLES = {
    "create": "good",
    "update": "change",
    "replace": "replace",
    "delete": "bad",
    "import": "good",
    "other": "notice",
}
TODO = {
    "create": "to create",
    "update": "to change",
    "replace": "to replace",
    "delete": "to delete",
    "import": "to import",
    "other": "of unknown kind",
}
DONE = {
    "create": "created",
    "update": "changed",
    "replace": "replaced",
    "delete": "deleted",
    "import": "imported",
    "other": "touched",
}


def place(position: Position) -> str:
    """Format a position without its column: `platform.yaml:41`."""
    return position.place


def plural(count: int | Range, noun: str, many: str = "") -> str:
    """Format a count with its noun: `1 tier`, `2 tiers`, `0-1 tiers`."""
    return f"{count} {noun if str(count) == '1' else many or noun + 's'}"


def counts(summary: Mapping[str, int | Range], words: Mapping[str, str] = TODO, nothing: str = "nothing to do") -> str:
    """Format counts: `31 to create, 0-2 to change`; `nothing` where no resource changes."""
    return ", ".join(f"{summary[action]} {word}" for action, word in words.items() if summary.get(action)) or nothing


def listed(names: Iterable[str]) -> str:
    """Join words: `a`, `a and b`, `a, b and c`."""
    *head, last = names
    return f"{', '.join(head)} and {last}" if head else last


def because(causes: Iterable[Cause]) -> str:
    """Format why something follows: `because primary-vpc is replaced`; of many causes the first ones."""
    parts = []
    by_action: dict[str, list[str]] = {}
    for cause in causes:
        by_action.setdefault(DONE[cause.action], []).append(cause.name.partition(".")[2])
    for done, names in by_action.items():
        more = [f"{len(names) - MOST_NAMES} more"] if len(names) > MOST_NAMES else []
        parts.append(f"{listed([*names[:MOST_NAMES], *more])} {'is' if len(names) == 1 else 'are'} {done}")
    return f"because {listed(parts)}"


def tier_name(key: TierKey) -> str:
    """Format a tier: `infrastructure`, or `application/api` for a named application."""
    tier, application = key
    return f"{tier.label}/{application}" if application and application != "default" else tier.label


def tier_title(key: TierKey) -> str:
    """Format a tier with its number: `3 application/api`."""
    return f"{key.tier.value} {tier_name(key)}"


def mode(tier: TierPlan) -> str:
    """Format the apply mode of a tier, or that of its destroy."""
    if tier.mode is Mode.PLAN_AND_APPROVE:
        return "needs approval"
    return "applies by itself" if tier.operation.value == "up" else "needs no approval"


def todo(tier: TierPlan) -> str:
    """Format what a section does: `31 to create, 0-2 to change`."""
    from platform_pulumi.model.plan.ranges import ranges

    return counts(ranges(tier.actions), nothing=no_change_text(tier))


def uncertain_text(tier: TierPlan) -> str:
    """Word why counts of a section are ranges; "" where they are not."""
    from platform_pulumi.model.plan.ranges import readings

    waiting = [action for action in tier.actions if len(readings(action)) > 1]
    if not waiting:
        return ""
    tiers = {name.partition(".")[0] for action in waiting for name in action.waits_for} - {tier.tier.label}
    after = f"once {applied_text(sorted(tiers))}" if tiers else "as it is applied"
    return f"{len(waiting)} of these may turn out less, or nothing, {after}"


def limit_text(limit: LimitChange) -> str:
    """Format the change of a limit: `1Gi -> 100Gi, loosened`."""
    return f"{limit_value(limit.old)} -> {limit_value(limit.new)}, {limit.kind}"


def limit_value(text: str | None) -> str:
    """Format a limit on one line."""
    if text is None:
        return "none"
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}… ({len(text)} characters)"


def no_change_text(tier: TierPlan) -> str:
    """Word what happens where no resource changes: the contract does, or nothing."""
    if tier.limits:
        loosened = sum(limit.loosens for limit in tier.limits)
        ways = [(loosened, "loosened"), (len(tier.limits) - loosened, "tightened")]
        return ", ".join(f"{plural(count, 'limit')} {way}" for count, way in ways if count)
    if tier.contract_changes:
        return CONTRACT
    if not tier.outputs_change:
        return "nothing to do"
    certain = any(output.change not in {"same", "may-change"} for output in tier.outputs.values())
    return OUTPUTS if certain else MAYBE_OUTPUTS


def waits_for(names: Iterable[str], own: str = "") -> str:
    """Format the capabilities waited for, each tier named once: `shared_primitives.shared-postgres, .event-queue`.

    Those of the `own` tier are `primary-vpc of its own tier`.
    """
    capabilities = dict.fromkeys(tuple(name.split(".", 2)[:2]) for name in names)
    words, before = [], ""
    for tier, *rest in capabilities:
        if tier != own:
            words.append(".".join(["" if tier == before else tier, *rest]))
            before = tier
    within = [name for tier, name in capabilities if tier == own]
    return ", ".join([*words, f"{listed(within)} of its own tier"] if within else words)


def gap_text(gap: FidelityGap) -> str:
    """Word a fidelity gap: what the provider does instead, and what to do about it."""
    if not gap.workaround:
        return gap.description
    return f"{gap.description.rstrip('.')}. Workaround: {gap.workaround}"


def known_after(names: Iterable[str]) -> str:
    """Format `known after shared_primitives is applied`; for what waits for nothing above, for the apply itself."""
    tiers = list(dict.fromkeys(name.partition(".")[0] for name in names))
    return f"known after {applied_text(tiers)}" if tiers else "known after the apply"


def applied_text(tiers: Sequence[str]) -> str:
    """Format `infrastructure and shared_primitives are applied`."""
    return f"{listed(tiers)} {'is' if len(tiers) == 1 else 'are'} applied"


def format_value(value: Any, limit: int | None = LONGEST) -> str:
    """Format a value on one line; text in quotes only where its ends would not be seen."""
    from platform_pulumi.model.json_form import plain

    value = _readable(plain(value))
    if isinstance(value, str) and (value == "(known later)" or (value and not any(map(str.isspace, value)))):
        text = value
    else:
        text = json.dumps(value, ensure_ascii=False)
    if limit is not None and len(text) > limit:
        return f"{text[: limit - 1]}… ({len(text)} characters)"
    return text


def _readable(value: Any) -> Any:
    from platform_pulumi.model.plan.values import is_unknown

    if is_unknown(value):
        return "(known later)"
    if isinstance(value, dict) and set(value) == {"reference"}:
        return f"${{{value['reference']}}}"
    if isinstance(value, dict) and set(value) == {"template"}:
        return "".join(str(_readable(part)) for part in value["template"])
    if isinstance(value, dict):
        return {key: _readable(item) for key, item in value.items()}
    return [_readable(item) for item in value] if isinstance(value, list) else value


def change(diff: Diff, waits: tuple[str, ...] = ()) -> str:
    """Format a changed property: `100 -> 200`, `known after infrastructure is applied`, `secret`."""
    if diff.secret and diff.unknown:
        return "secret, may change"
    if diff.secret:
        return "secret" if diff.old is None and diff.new is None else "secret, changed"
    new = format_value(diff.new)
    if diff.unknown:
        new = known_after(waits)
        return new if diff.old is None else f"{format_value(diff.old)} -> {new}"
    return f"{'unset' if diff.old is None else format_value(diff.old)} -> {'unset' if diff.new is None else new}"

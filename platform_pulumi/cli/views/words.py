"""Words all views share: counts, signs, values, what an action waits for."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from enum import Enum
from typing import TYPE_CHECKING, Any

from platform_pulumi.model.platform import Mode
from platform_pulumi.model.tier import Tier
from platform_pulumi.model.value import Secret

if TYPE_CHECKING:
    # `validate` counts and spells too, and has no plan to load.
    from platform_pulumi.errors import Position
    from platform_pulumi.model.fidelity import FidelityGap
    from platform_pulumi.model.plan import Action, Diff, PlanAction, TierPlan

SECRET = "[secret]"
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
    """`platform.yaml:41`: a capability is found by its line."""
    return f"{position.file}:{position.line}"


def plural(count: int, noun: str, many: str = "") -> str:
    """`1 tier`, `2 tiers`."""
    return f"{count} {noun if count == 1 else many or noun + 's'}"


def counts(summary: Mapping[str, int], words: Mapping[str, str] = TODO, nothing: str = "nothing to do") -> str:
    """`31 to create, 1 to change`; `nothing` where no resource changes."""
    return ", ".join(f"{summary[action]} {word}" for action, word in words.items() if summary.get(action)) or nothing


def listed(names: Iterable[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    *head, last = names
    return f"{', '.join(head)} and {last}" if head else last


def tier_name(tier: Tier, application: str | None) -> str:
    """`infrastructure`, or `application/api` for a named application."""
    return f"{tier.label}/{application}" if application and application != "default" else tier.label


def mode(tier: TierPlan) -> str:
    """How the tier's plan becomes an apply."""
    return "applies by itself" if tier.mode is Mode.AUTO_APPLY else "needs approval"


def strongest(actions: Iterable[PlanAction]) -> Action:
    """What happens to a capability, given what happens to its resources."""
    from platform_pulumi.model.plan import Action

    kinds = {action.action for action in actions} - {Action.READ}
    for action in (Action.REPLACE, Action.OTHER):
        if action in kinds:
            return action
    stays = Action.NO_OP in kinds
    kinds.discard(Action.NO_OP)
    if not kinds:
        return Action.NO_OP
    # Only what comes as a whole is new: one more replica is a change of what is there.
    return kinds.pop() if len(kinds) == 1 and not (stays and Action.CREATE in kinds) else Action.UPDATE


def waits_for(names: Iterable[str]) -> str:
    """Capabilities above, each tier named once: `shared_primitives.shared-postgres, .event-queue`."""
    capabilities = dict.fromkeys(tuple(name.split(".", 2)[:2]) for name in names)
    words, before = [], ""
    for tier, *rest in capabilities:
        words.append(".".join(["" if tier == before else tier, *rest]))
        before = tier
    return ", ".join(words)


def instead(gap: FidelityGap) -> str:
    """What a provider does instead, and what to do about it."""
    if not gap.workaround:
        return gap.description
    return f"{gap.description.rstrip('.')}. Workaround: {gap.workaround}"


def known_after(names: Iterable[str]) -> str:
    """`known after shared_primitives is applied`; for what waits for nothing above, for the apply itself."""
    tiers = list(dict.fromkeys(name.partition(".")[0] for name in names))
    return (
        f"known after {listed(tiers)} {'is' if len(tiers) == 1 else 'are'} applied"
        if tiers
        else "known after the apply"
    )


def plain(value: Any) -> Any:
    """A value as JSON can say it. A secret becomes a word, wherever it stands."""
    if isinstance(value, Secret):
        return SECRET
    if isinstance(value, Enum):
        return plain(value.value)
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, (set, frozenset)):
        return sorted((plain(item) for item in value), key=str)
    return str(value)


def shown(value: Any, limit: int | None = LONGEST) -> str:
    """A value on one line; text in quotes only where its ends would not be seen."""
    value = _readable(plain(value))
    if isinstance(value, str) and (value == "(known later)" or (value and not any(map(str.isspace, value)))):
        text = value
    else:
        text = json.dumps(value, ensure_ascii=False)
    if limit is not None and len(text) > limit:
        return f"{text[: limit - 1]}… ({len(text)} characters)"
    return text


def unknown(value: Any) -> bool:
    """Whether a value of a plan stands for one that is not known yet (`{"unknown": true, "type": "string"}`)."""
    return isinstance(value, Mapping) and value.get("unknown") is True and set(value) <= {"unknown", "type"}


def _readable(value: Any) -> Any:
    if unknown(value):
        return "(known later)"
    if isinstance(value, dict):
        return {key: _readable(item) for key, item in value.items()}
    return [_readable(item) for item in value] if isinstance(value, list) else value


def change(diff: Diff, waits: tuple[str, ...] = ()) -> str:
    """A changed property: `100 -> 200`, `known after infrastructure is applied`, `secret`."""
    if diff.secret:
        return "secret" if diff.old is None and diff.new is None else "secret, changed"
    new = shown(diff.new)
    if diff.unknown:
        new = known_after(waits)
        return new if diff.old is None else f"{shown(diff.old)} -> {new}"
    return f"{'unset' if diff.old is None else shown(diff.old)} -> {'unset' if diff.new is None else new}"

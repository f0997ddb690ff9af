"""Changes of the limits that a tier sets: constraints, quotas of namespaces, and how it and those below are applied.

Who approves a plan has to see each, old and new, and whether anything is allowed by it that was not before.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from platform_pulumi.errors import Position
from platform_pulumi.model.constraint import Constraint, written
from platform_pulumi.model.contract import TierContract
from platform_pulumi.model.platform import Mode
from platform_pulumi.model.rules import allows_more

#: How a limit changes; `added` and `tightened` allow less than before, `dropped` and `loosened` more.
KINDS = ("added", "tightened", "dropped", "loosened")


@dataclass(frozen=True, slots=True)
class LimitChange:
    """Change of a limit.

    Args:
        limit: what is limited, in words: `memory <=`, `pods of app-namespace`, `mode`.
        old: the limit before; None where there was none.
        new: the limit from now on; None where there is none.
        kind: one of `KINDS`.
        declared_at: where the new one is written; of a dropped one, where the old one was.
    """

    limit: str
    old: str | None
    new: str | None
    kind: str
    declared_at: Position | None = None

    @property
    def loosens(self) -> bool:
        """Whether it allows what was not allowed."""
        return self.kind in {"dropped", "loosened"}


def limit_changes(before: TierContract, after: TierContract) -> tuple[LimitChange, ...]:
    """Compare the limits of a tier with those that its stack recorded. Lines that moved are no change.

    What an earlier version did not record is no change either.
    """
    after = replace(after, **{name: getattr(before, name) for name in ("floors", "settings") if name in before.lacking})
    return (
        *_constraints(before.constraints, after.constraints),
        *_quotas(before.quotas, after.quotas),
        *_modes(_all_modes(before), _all_modes(after)),
        *_settings(_all_settings(before), _all_settings(after)),
    )


def _constraints(before: tuple[Constraint, ...], after: tuple[Constraint, ...]) -> Iterator[LimitChange]:
    """By field and operator: one that became another one, else what went and what came."""
    old, new = _grouped(before), _grouped(after)
    for about in dict.fromkeys((*old, *new)):
        gone, come = _without(old.get(about, []), new.get(about, [])), _without(new.get(about, []), old.get(about, []))
        if len(gone) == len(come) == 1:
            kind = "loosened" if allows_more(gone[0], come[0]) else "tightened"
            yield LimitChange(about, _text(gone[0].value), _text(come[0].value), kind, come[0].declared_at)
            continue
        for one in gone:
            yield LimitChange(about, _text(one.value), None, "dropped", one.declared_at)
        for one in come:
            yield LimitChange(about, None, _text(one.value), "added", one.declared_at)


def _grouped(constraints: tuple[Constraint, ...]) -> dict[str, list[Constraint]]:
    found: dict[str, list[Constraint]] = {}
    for constraint in constraints:
        found.setdefault(f"{constraint.field} {constraint.operator}", []).append(constraint)
    return found


def _without(these: list[Constraint], those: list[Constraint]) -> list[Constraint]:
    values = [constraint.value for constraint in those]
    return [constraint for constraint in these if constraint.value not in values]


def _quotas(before: Mapping[str, Mapping[str, Any]], after: Mapping[str, Mapping[str, Any]]) -> Iterator[LimitChange]:
    for namespace in dict.fromkeys((*before, *after)):
        old, new = before.get(namespace, {}), after.get(namespace, {})
        at = new.get("at", old.get("at"))
        place = Position.parse(at) if at is not None else None
        for resource in dict.fromkeys((*old, *new)):
            was, now = old.get(resource), new.get(resource)
            if resource != "at" and was != now:
                yield LimitChange(f"{resource} of {namespace}", _text(was), _text(now), _kind(was, now), place)


def _text(value: Any) -> str | None:
    return None if value is None else written(value, longest=None)


def _kind(was: Any, now: Any) -> str:
    if was is None:
        return "added"
    if now is None:
        return "dropped"
    old, new = (Constraint("", "<=", value, "", Position("", 1, 1)) for value in (was, now))
    return "loosened" if allows_more(old, new) else "tightened"


def _all_modes(contract: TierContract) -> dict[str, Mode | None]:
    below = {f"mode of {tier.label}": mode for tier, mode in contract.floors.items()}
    return {"mode": contract.mode, **below}


def _modes(before: Mapping[str, Mode | None], after: Mapping[str, Mode | None]) -> Iterator[LimitChange]:
    for about in dict.fromkeys((*before, *after)):
        was, now = before.get(about), after.get(about)
        if was != now:
            kind = "added" if was is None else "dropped" if now is None else "loosened"
            if now is Mode.PLAN_AND_APPROVE and was is not None:
                kind = "tightened"
            yield LimitChange(about, _text(was and was.value), _text(now and now.value), kind)


def _all_settings(contract: TierContract) -> dict[str, Any]:
    return {
        f"{name} of {provider}": value for provider, one in contract.settings.items() for name, value in one.items()
    }


def _settings(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[LimitChange]:
    """Of another setting nobody knows whether it allows more, so it does."""
    for about in dict.fromkeys((*before, *after)):
        was, now = before.get(about), after.get(about)
        if was != now:
            kind = "dropped" if now is None else "loosened"
            old, new = (None if one is None else _json(one) for one in (was, now))
            yield LimitChange(about, old, new, kind)


def _json(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True, ensure_ascii=False)

"""Differences between the recorded and the planned inputs of a resource: the `diff` of an action.

What an update changes, the provider says: it compares in clear, and knows which of two forms of a value are the same.
A replacement makes everything anew, and the provider is not even asked where its own replacement, a trigger or a
dependency is the cause: there the inputs themselves are compared.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from platform_pulumi.model.plan import Action, Diff
from platform_pulumi.model.plan.values import PROVIDER
from platform_pulumi.model.property_path import member, overlap, parse, root, value_at
from platform_pulumi.model.redaction import REDACTED
from platform_pulumi.model.unknown import UNKNOWN_TYPES
from platform_pulumi.operations.ports import Registered, Step
from platform_pulumi.operations.shown_inputs import shown_value


def input_diffs(step: Step, registered: Registered | None = None) -> tuple[Diff, ...]:
    """List what an update or a replacement changes, by path; nothing of any other action."""
    if step.action not in {Action.UPDATE, Action.REPLACE}:
        return ()
    named = {path: kind for path, kind in step.changed.items() if _is_property(path)}
    paths = set(named)
    if step.action is Action.REPLACE or not named:
        own = list(_changed_paths(step.old or {}, step.new or {}, compared=bool(named)))
        paths = {*own, *(path for path in named if not any(overlap(path, known) for known in own))}
    return tuple(_diff(path, step, registered, _replaces(path, step, named)) for path in sorted(paths))


def known_difference(old: Any, new: Any) -> bool:
    """Whether two inputs differ in what is known of the new one."""
    if _is_sentinel(new):
        return False
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        return any(known_difference(old.get(name), new.get(name)) for name in _members(old, new))
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        return any(known_difference(was, now) for was, now in zip(old, new, strict=True))
    return not _same(old, new)


def _changed_paths(old: Any, new: Any, path: str = "", *, compared: bool) -> Iterator[str]:
    """The paths at which two inputs differ; of two secrets only who `compared` them in clear can tell."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for name in _members(old, new):
            yield from _changed_paths(old.get(name), new.get(name), member(path, name), compared=compared)
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for index, (was, now) in enumerate(zip(old, new, strict=True)):
            yield from _changed_paths(was, now, f"{path}[{index}]", compared=compared)
    elif not _same(old, new) or (old == REDACTED and not compared):
        yield path


def _diff(path: str, step: Step, registered: Registered | None, replaces: bool) -> Diff:
    old, new = value_at(step.old, path), value_at(step.new, path)
    both_secret = old == new == REDACTED
    if old == new:  # the same was declared before: it is reality that differs
        old = value_at(step.observed, path)
    secrets = registered.secret if registered else frozenset()
    if REDACTED in (old, new) or any(overlap(path, known) for known in secrets):
        unknowns = registered.unknown if registered else frozenset()
        may_change = both_secret and not any(overlap(path, known) for known in step.changed)
        unknown = may_change or any(overlap(path, known) for known in unknowns)
        return Diff(path, unknown=unknown, secret=True, replaces=replaces)
    if _is_sentinel(new):
        return Diff(path, old=shown_value(old), unknown=True, replaces=replaces)
    return Diff(path, shown_value(old), shown_value(new), replaces=replaces)


def _replaces(path: str, step: Step, named: Mapping[str, str]) -> bool:
    """Whether the engine says that this change forces a replacement."""
    if any(kind.endswith("-replace") and overlap(path, known) for known, kind in named.items()):
        return True
    # Without details, there are only the names of the properties.
    detailed = any(kind.endswith("-replace") for kind in named.values())
    return not detailed and step.action is Action.REPLACE and root(path) in step.replace_keys


def _is_property(path: str) -> bool:
    return path != PROVIDER and not any(isinstance(e, str) and e.startswith("__") for e in parse(path))


def _members(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """The members of either, without the bookkeeping of providers."""
    return [name for name in dict.fromkeys((*old, *new)) if not name.startswith("__")]


def _same(old: Any, new: Any) -> bool:
    """Whether two leaves are equal: 1 is 1.0, and no True."""
    return old == new and isinstance(old, bool) == isinstance(new, bool)


def _is_sentinel(value: Any) -> bool:
    return isinstance(value, str) and value in UNKNOWN_TYPES

"""Diff of lists as the published docker plugin reports it: by place, or as sets in which order means nothing.

A set whose members are written in full is reported member by member (`labels[0].value`); one whose members Docker fills
up (`volumes`, `networksAdvanced`) only as a whole, because a member as planned is never quite what was written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from platform_pulumi.model.property_path import member
from platform_pulumi.plugins.diffs import Kind
from platform_pulumi.plugins.values import UNKNOWN, has_unknown

Found = Iterator[tuple[str, Kind]]


def is_empty(value: Any) -> bool:
    """Whether a value is unset: the published plugin takes `""`, 0 and false for unset, too."""
    return value is not UNKNOWN and not value


def diff_values(old: Any, new: Any, path: str) -> Found:
    """Compare two values of any kind."""
    if new is UNKNOWN:
        yield path, Kind.ADD if old is None else Kind.UPDATE
    elif is_empty(old) and is_empty(new):
        return
    elif old is None or (is_empty(old) and isinstance(new, (list, dict))):
        yield path, Kind.ADD
    elif new is None or (is_empty(new) and isinstance(old, (list, dict))):
        yield path, Kind.DELETE
    elif isinstance(old, dict) and isinstance(new, dict):
        yield from _members(old, new, path)
    elif isinstance(old, list) and isinstance(new, list):
        yield from _by_place(old, new, path)
    elif old != new:
        yield path, Kind.UPDATE


def diff_sets(old: Sequence[Any], new: Sequence[Any], path: str, fields: Sequence[str]) -> Found:
    """Compare two sets; `fields` are those a member of this type can have, none for plain values."""
    left = list(enumerate(old))
    came = []
    for place, item in enumerate(new):
        twin = next((entry for entry in left if _same(entry[1], item)), None)
        if twin is None:
            came.append((place, item))
        else:
            left.remove(twin)
    if not left and not came:
        return
    if any(set(fields) - set(item) for item in new if isinstance(item, dict)):
        yield path, Kind.UPDATE
        return
    went, arrived = dict(left), dict(came)
    for place in sorted({*went, *arrived}):
        yield from diff_values(went.get(place), arrived.get(place), f"{path}[{place}]")


def _members(old: Mapping[str, Any], new: Mapping[str, Any], path: str) -> Found:
    for name in sorted({*old, *new}):
        if not name.startswith("__"):
            yield from diff_values(old.get(name), new.get(name), member(path, name))


def _by_place(old: Sequence[Any], new: Sequence[Any], path: str) -> Found:
    for index in range(max(len(old), len(new))):
        before = old[index] if index < len(old) else None
        after = new[index] if index < len(new) else None
        if before is None or after is None:
            yield f"{path}[{index}]", Kind.ADD if before is None else Kind.DELETE
        else:
            yield from diff_values(before, after, f"{path}[{index}]")


def _same(old: Any, new: Any) -> bool:
    """Whether two members are one; lists within them are sets as well."""
    if has_unknown(new):
        return False
    if isinstance(old, dict) and isinstance(new, dict):
        names = {name for name in {*old, *new} if not name.startswith("__")}
        return all(_same(old.get(name), new.get(name)) for name in names)
    if isinstance(old, list) and isinstance(new, list):
        return sorted(map(repr, old)) == sorted(map(repr, new))
    return bool((is_empty(old) and is_empty(new)) or old == new)

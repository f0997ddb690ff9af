"""Diff of two sets of inputs: paths, kinds, and whether a change forces a replacement.

Secrets compare by value; a value that is not known yet counts as changed, as the real providers count it.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from platform_pulumi.model.property_path import member, overlap, root
from platform_pulumi.plugins.values import UNKNOWN, has_unknown, open_value


class Kind(enum.Enum):
    """Kind of a property change."""

    ADD = "add"
    DELETE = "delete"
    UPDATE = "update"


@dataclass(frozen=True, slots=True)
class Change:
    """Change of one property; `replaces` says that it forces a replacement."""

    path: str
    kind: Kind
    replaces: bool = False

    @property
    def root(self) -> str:
        """Top-level property of the change."""
        return root(self.path)


def compare(old: Mapping[str, Any], new: Mapping[str, Any], replace_keys: Sequence[str]) -> list[Change]:
    """Compare the old inputs with the new; every change, in the order of their paths."""
    return [
        Change(path, kind, any(overlap(key, path, indexes=False) for key in replace_keys))
        for path, kind in _object(open_value(dict(old)), open_value(dict(new)), "")
    ]


def _object(old: Mapping[str, Any], new: Mapping[str, Any], path: str) -> Iterator[tuple[str, Kind]]:
    for name in sorted({*old, *new}):  # The wire keeps no order.
        if not name.startswith("__"):
            yield from _value(old.get(name), new.get(name), member(path, name))


def _value(old: Any, new: Any, path: str) -> Iterator[tuple[str, Kind]]:
    if new is UNKNOWN:
        yield path, Kind.ADD if old is None else Kind.UPDATE
    elif old == new and not has_unknown(new):
        return
    elif old is None:
        yield path, Kind.ADD
    elif new is None:
        yield path, Kind.DELETE
    elif isinstance(old, dict) and isinstance(new, dict):
        yield from _object(old, new, path)
    elif isinstance(old, list) and isinstance(new, list):
        for index in range(max(len(old), len(new))):
            before = old[index] if index < len(old) else None
            after = new[index] if index < len(new) else None
            yield from _value(before, after, f"{path}[{index}]")
    else:
        yield path, Kind.UPDATE

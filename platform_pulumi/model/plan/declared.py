"""Changes of a declaration since the last apply: what the file says of a capability now, against what was recorded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from platform_pulumi.model.json_form import HIDDEN
from platform_pulumi.model.plan.values import Diff
from platform_pulumi.model.secrecy import veiled


def declared_changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[Diff, ...]:
    """List what changes between two declarations of a capability: its properties by their own names, then the rest.

    Of a secret only its coming and going is seen: a record holds no value of one.
    """
    parts = (("bindings", "bindings"), ("provider", "provider"), ("type", "type"))
    properties = veiled(old.get("properties"), HIDDEN, names=True), new.get("properties")
    return (
        *_changes("", *properties),
        *(diff for path, name in parts for diff in _changes(path, old.get(name), new.get(name))),
    )


def _changes(path: str, old: Any, new: Any) -> Iterator[Diff]:
    if old == new:
        return
    if _plain(old) and _plain(new):
        for name in dict.fromkeys((*old, *new)):
            yield from _changes(f"{path}.{name}" if path else name, old.get(name), new.get(name))
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for index, (was, now) in enumerate(zip(old, new, strict=True)):
            yield from _changes(f"{path}[{index}]", was, now)
    elif HIDDEN in (old, new):
        yield Diff(path, secret=True)
    else:
        yield Diff(path, old, new)


def _plain(value: Any) -> bool:
    """Whether it is a mapping of the declaration's own, and not a mark of a secret, a reference or a template."""
    return isinstance(value, Mapping) and set(value) not in ({"secret"}, {"reference"}, {"template"})

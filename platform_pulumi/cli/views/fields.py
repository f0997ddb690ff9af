"""Fields of a resource, named as in the declarations.

Environment variables are `env.NAME`, wherever in the inputs they stand; those that a plan cannot show, because they
are not known yet or secret, are named.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from platform_pulumi.model.plan.values import Diff, PlanAction, is_unknown
from platform_pulumi.model.property_path import value_at
from platform_pulumi.model.redaction import REDACTED

#: Place of a variable in an environment list; and what of it is the variable, not its name.
_VARIABLE_PLACE = re.compile(r"(?P<list>(?:.*\.)?envs?)\[(?P<index>\d+)\]")
_VARIABLE = re.compile(_VARIABLE_PLACE.pattern + r"(?:\.(?:value|valueFrom)\b.*)?")


class Hidden(enum.Enum):
    """Reason why a field is not shown."""

    UNKNOWN = "unknown"
    SECRET = "secret"


def hidden_fields(inputs: Mapping[str, Any] | None) -> Iterator[tuple[str, Hidden]]:
    """List the hidden fields with the reason; environment variables as `env.NAME`, wherever in the inputs they stand.

    Of the unknown fields only environment values are given: a reader knows them from the declaration. The others (a
    subnet's id in a cluster) follow from what the capability waits for.
    """
    yield from _walk("", inputs or {}, in_env=False)


def field_changes(action: PlanAction, diffs: Iterable[Diff]) -> list[tuple[str, Diff]]:
    """Name changed properties of an action.

    Engines compare lists by place. Where variables of an environment have moved in theirs, each is compared with the
    one of its name instead: one that is put first is one more, and no other one changes.
    """
    found: list[tuple[str, Diff]] = []
    compared: set[str] = set()
    for diff in diffs:
        place = _VARIABLE_PLACE.match(diff.path)
        if place is None or not _moved(action, place["list"]):
            found.append((field_name(diff.path, action.after, action.before), diff))
        elif place["list"] not in compared:
            compared.add(place["list"])
            found += _by_name(action, place["list"])
    return found


def field_name(path: str, *inputs: Mapping[str, Any] | None) -> str:
    """Name a changed property; a variable of an environment list by its name, where the inputs tell it."""
    found = _VARIABLE.fullmatch(path)
    for document in inputs if found else ():
        entry = value_at(document, f"{found['list']}[{found['index']}]") if found else None
        if isinstance(entry, Mapping) and isinstance(entry.get("name"), str):
            return f"env.{entry['name']}"
    return path


def _moved(action: PlanAction, path: str) -> bool:
    """Whether a list of variables, each with a name of its own, has others in it or has them in other places."""
    before, after = _variables(action.before, path), _variables(action.after, path)
    return bool(before and after) and list(before) != list(after)


def _variables(inputs: Mapping[str, Any] | None, path: str) -> dict[str, Any]:
    """What each variable of a list holds, by its name; empty where not each has one of its own."""
    entries = value_at(inputs or {}, path)
    items = entries if isinstance(entries, (list, tuple)) else ()
    named = _by_names(items) or {}
    if len(named) != len(items):
        return {}
    return {name: parts["value"] if parts.keys() == {"value"} else parts for name, parts in named.items()}


def _by_names(items: Sequence[Any]) -> dict[str, dict[str, Any]] | None:
    """The other members of each item, by its name; None where one has none."""
    if not all(isinstance(item, Mapping) and "name" in item for item in items):
        return None
    return {item["name"]: {key: part for key, part in item.items() if key != "name"} for item in items}


def _by_name(action: PlanAction, path: str) -> Iterator[tuple[str, Diff]]:
    before, after = _variables(action.before, path), _variables(action.after, path)
    changed = [(name, _change(f"{path}[{name}]", before.get(name), after.get(name))) for name in {**after, **before}]
    found = [(f"env.{name}", diff) for name, diff in changed if diff is not None]
    order = Diff(path, old=list(before), new=list(after))
    yield from found or [("env, in this order", order)]


def _change(path: str, old: Any, new: Any) -> Diff | None:
    """The change of a variable; None where it is the same."""
    secret = [any(kind is Hidden.SECRET for _, kind in _walk("", value, in_env=True)) for value in (old, new)]
    if any(secret):
        return Diff(path, secret=True, unknown=all(secret))  # of two secrets a plan does not tell here
    if old == new:
        return None
    unknown = any(kind is Hidden.UNKNOWN for _, kind in _walk("", new, in_env=True))
    return Diff(path, old=old, new=None if unknown else new, unknown=unknown)


def _walk(path: str, value: Any, *, in_env: bool) -> Iterator[tuple[str, Hidden]]:
    if value == REDACTED:
        yield path, Hidden.SECRET
    elif is_unknown(value):
        if in_env:
            yield path, Hidden.UNKNOWN
    elif isinstance(value, Mapping):
        for name, item in value.items():
            if name in {"env", "envs", "environment"}:
                yield from _environment(item)
            else:
                yield from _walk(f"{path}.{name}" if path else str(name), item, in_env=in_env)
    elif isinstance(value, (list, tuple)):
        for index, item in enumerate(value):
            yield from _walk(f"{path}[{index}]", item, in_env=in_env)


def _environment(value: Any) -> Iterator[tuple[str, Hidden]]:
    """Environment variables, as a mapping or as the list of names and values that Kubernetes takes."""
    named = _by_names(value) if isinstance(value, (list, tuple)) else None
    if named is not None:
        for name, parts in named.items():
            found = [hidden for part in parts.values() for _, hidden in _walk("", part, in_env=True)]
            yield from ((f"env.{name}", hidden) for hidden in found[:1])
        return
    yield from _walk("env", value, in_env=True)

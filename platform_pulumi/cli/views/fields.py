"""Fields of a resource, named as in the declarations.

Environment variables are `env.NAME`, wherever in the inputs they stand; those that a plan cannot show, because they
are not known yet or secret, are named.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator, Mapping
from typing import Any

from platform_pulumi.model.plan.values import is_unknown
from platform_pulumi.model.property_path import value_at
from platform_pulumi.model.redaction import REDACTED

_VARIABLE = re.compile(r"(?P<list>(?:.*\.)?envs?)\[(?P<index>\d+)\](?:\.(?:value|valueFrom)\b.*)?")


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


def field_name(path: str, *inputs: Mapping[str, Any] | None) -> str:
    """Name a changed property; a variable of an environment list by its name, where the inputs tell it."""
    found = _VARIABLE.fullmatch(path)
    for document in inputs if found else ():
        entry = value_at(document, f"{found['list']}[{found['index']}]") if found else None
        if isinstance(entry, Mapping) and isinstance(entry.get("name"), str):
            return f"env.{entry['name']}"
    return path


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
    if isinstance(value, (list, tuple)):
        named = [item for item in value if isinstance(item, Mapping) and "name" in item]
        if len(named) == len(value):
            value = {item["name"]: {key: part for key, part in item.items() if key != "name"} for item in named}
            for name, parts in value.items():
                found = [hidden for part in parts.values() for _, hidden in _walk("", part, in_env=True)]
                yield from ((f"env.{name}", hidden) for hidden in found[:1])
            return
    yield from _walk("env", value, in_env=True)

"""Pulumi's property paths: `vpcConfig.subnetIds[0]`, `tags["platform:urn"]`, `["a key with a ."].nested`.

The grammar is that of `PropertyPath` in Pulumi's Go SDK (`go/common/resource/property_path.go`): names joined by dots,
list indexes in brackets, other keys in brackets and quotes, where `\\"` stands for a quote and nothing else is escaped.
`[*]` is any index.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

#: What is written without quotes.
_NAME = re.compile(r"[A-Za-z_$][\w$-]*")
_ELEMENT = re.compile(r'\.?\[(?:"(?P<key>(?:\\"|[^"])*)"|(?P<index>\d+)|(?P<any>\*))\]|\.?(?P<name>[^.\[\]]+)')

Elements = tuple[str | int, ...]


@lru_cache(maxsize=8192)
def parse(path: str) -> Elements:
    """Parse a path into keys and list indexes; one that breaks the grammar is the name of a single property."""
    elements: list[str | int] = []
    end = 0
    while end < len(path):
        match = _ELEMENT.match(path, end)
        if match is None or (end == 0 and path[0] == "."):
            return (path,)
        if match["key"] is not None:
            elements.append(match["key"].replace('\\"', '"'))
        elif match["index"] is not None:
            elements.append(int(match["index"]))
        else:
            elements.append(match["any"] or match["name"])
        end = match.end()
    return tuple(elements)


def member(path: str, name: str) -> str:
    """Build the path of a member of the object at `path`; of a top-level property where that is empty."""
    if _NAME.fullmatch(name):
        return f"{path}.{name}" if path else name
    quoted = name.replace('"', '\\"')
    return f'{path}["{quoted}"]'


def root(path: str) -> str:
    """Return the top-level property of a path."""
    return str(parse(path)[0]) if path else ""


def value_at(value: Any, path: str) -> Any:
    """Return the value at a path; None where there is none."""
    for element in parse(path):
        if isinstance(element, int):
            value = value[element] if isinstance(value, (list, tuple)) and element < len(value) else None
        else:
            value = value.get(element) if isinstance(value, Mapping) else None
        if value is None:
            return None
    return value


def overlap(one: str, other: str, *, indexes: bool = True) -> bool:
    """Whether one path is, or lies within, the other.

    Args:
        one: a path.
        other: another one.
        indexes: whether list indexes count; if not, every item of a list is at the list's own path.
    """
    first, second = parse(one), parse(other)
    if not indexes:
        first, second = _without_indexes(first), _without_indexes(second)
    shared = min(len(first), len(second))
    return first[:shared] == second[:shared]


def _without_indexes(elements: Elements) -> Elements:
    return tuple(element for element in elements if isinstance(element, str) and element != "*")

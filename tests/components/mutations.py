"""Good files with something wrong in them: structure and scalars changed at random, more than one thing at a time."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

Step = str | int
INVISIBLE = ["\u200b", "\u00a0", "\u202e", "\ufeff", "\u0000", "\t", "\n", "\x85", "\u0301", "\ud83d\ude80"]
SCALARS = st.sampled_from(
    [
        *(None, True, False, 0, -1, 1, 2, 65536, 10**18, 0.5, -0.0, float("inf"), float("nan")),
        *("", " ", "~", "no", "0", "-0", "0Mi", "1Gi", "500m", "1e3", "10s", "0s", "1.29", "15", "\u0661\u0665"),
        *("10.0.0.0/16", "10.0.0.0/8", "0.0.0.0/0", "/", "//a", "..", "a b", "A", "a" * 70, "a" * 300, "x" * 10_000),
        *("--privileged", "a:1", "http://a", "*.a.com", "aws:x", "${x}", "${app.image}", "${env:X}", "${", "$${a}"),
        *("${tier1.vpc_id}", "${tier2.db_host}", "${api.endpoint}", "postgresql", "mysql", "sqs", "UDP", "spot"),
        *("docker", "aws", "mock", "tier1", "api", "db", "vpc", "cluster", "__class__", "<<", "\\", '"', "'", "#"),
    ]
)
VALUES: st.SearchStrategy[Any] = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["", "name", "a", "path"]), inner),
    max_leaves=4,
)
CHANGES = [
    *("delete", "double", "replace", "replace", "swap", "wrap", "list", "unwrap", "rename", "hide", "empty", "move"),
    *("copy", "add", "tweak", "tweak", "tweak", "tweak", "delete"),
]


def mutated(draw: Any, document: Any) -> Any:
    """A copy of a document with one to three changes, mostly one: what is taken is then to be planned."""
    document = copy.deepcopy(document)
    for _ in range(draw(st.sampled_from([1, 1, 1, 2, 3]))):
        places = list(_places(document, ()))
        if not places:
            return document
        _change(draw, document, draw(st.sampled_from(places)), places)
    return document


def _places(value: Any, path: tuple[Step, ...]) -> Iterator[tuple[Step, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, item in items:
        yield (*path, step)
        yield from _places(item, (*path, step))


def _at(document: Any, path: tuple[Step, ...]) -> Any:
    for step in path:
        document = document[step]
    return document


def _change(draw: Any, document: Any, path: tuple[Step, ...], places: list[tuple[Step, ...]]) -> None:
    parent, step = _at(document, path[:-1]), path[-1]
    old, change = parent[step], draw(st.sampled_from(CHANGES))
    if change == "delete":
        del parent[step]
    elif change == "double" and isinstance(parent, list):
        parent.insert(draw(st.integers(0, len(parent))), copy.deepcopy(old))
    elif change in {"swap", "copy"}:
        _take(document, path, draw(st.sampled_from(places)), swap=change == "swap")
    elif change == "rename" and isinstance(parent, dict):
        parent[draw(st.sampled_from(sorted({str(p[-1]) for p in places})))] = parent.pop(step)
    elif change == "tweak" and not isinstance(old, (dict, list)):
        parent[step] = _tweaked(draw, old)
    elif change == "hide":
        _hide(draw, parent, step)
    elif change == "unwrap" and isinstance(old, (dict, list)) and old:
        parent[step] = next(iter(old.values())) if isinstance(old, dict) else old[0]
    elif change == "add" and isinstance(old, dict):
        old[draw(st.sampled_from(sorted({str(p[-1]) for p in places})))] = draw(VALUES)
    elif change in {"wrap", "list"}:
        parent[step] = {"name": old} if change == "wrap" else [old]
    elif change == "empty":
        parent[step] = {dict: {}, list: [], str: ""}.get(type(old))
    else:
        parent[step] = draw(VALUES)


def _take(document: Any, path: tuple[Step, ...], other: tuple[Step, ...], *, swap: bool) -> None:
    """Put at a place what stands at another one, or exchange them."""
    here, there = _at(document, path[:-1]), _at(document, other[:-1])
    if not swap:
        here[path[-1]] = copy.deepcopy(there[other[-1]])
    elif other[: len(path)] != path and path[: len(other)] != other:  # neither within the other
        here[path[-1]], there[other[-1]] = there[other[-1]], here[path[-1]]


def _tweaked(draw: Any, old: Any) -> Any:
    """A value of the same kind, which is mostly as good."""
    if isinstance(old, bool) or old is None:
        return not old
    if isinstance(old, str):
        return draw(st.sampled_from([f"{old}x", f"{old}2", old[:-1], old.upper(), f"{old}-a", old.replace(".", "-")]))
    return old + draw(st.sampled_from([-1, 1, 2, 10]))


def _hide(draw: Any, parent: Any, step: Step) -> None:
    """Put a character that cannot be seen into a text or a key."""
    sign = draw(st.sampled_from(INVISIBLE))
    if isinstance(step, str) and draw(st.booleans()):
        parent[step + sign] = parent.pop(step)
    elif isinstance(parent[step], str):
        at = draw(st.integers(0, len(parent[step])))
        parent[step] = parent[step][:at] + sign + parent[step][at:]
    else:
        parent[step] = sign

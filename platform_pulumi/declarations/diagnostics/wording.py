"""Wording of problems: the closest known name, lists of names, kinds of values."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


def did_you_mean(name: str, known: Iterable[str], *, cutoff: float = 0.6) -> str:
    """Suggest the closest known name (` Did you mean `x`?`); empty where none is close."""
    import difflib  # noqa: PLC0415  # only where something is wrong

    close = difflib.get_close_matches(name, list(known), n=1, cutoff=cutoff)
    return f" Did you mean `{close[0]}`?" if close else ""


def unknown_type(name: str) -> str:
    """Say that there is no such capability type, and which there are."""
    from platform_pulumi.model.capabilities import CAPABILITY_TYPES  # noqa: PLC0415  # only where something is wrong

    hint = did_you_mean(name, CAPABILITY_TYPES) or f" There are {listed(CAPABILITY_TYPES, limit=20)}."
    return f"There is no capability type `{name}`.{hint}"


def listed(names: Iterable[str], *, limit: int = 12) -> str:
    """Join names to a list, `a, b, c`, cut short where there are many."""
    names = list(names)
    if len(names) > limit:
        return f"{', '.join(names[:limit])} and {len(names) - limit} more"
    return ", ".join(names)


def kind_of(value: Any) -> str:
    """Name the kind of a value for a message."""
    if value is None:
        return "nothing"
    names = {bool: "true or false", int: "a number", float: "a number", str: "text", list: "a list", dict: "a mapping"}
    return names.get(type(value), "a reference")

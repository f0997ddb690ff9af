"""Wording of problems: the closest known name, lists of names, kinds of values."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

#: Letters of Cyrillic and Greek, and signs, that look like those of ASCII.
_ALIKE = dict(
    zip(
        "асеорхуіјѕԁһԛԝкмтвнАВЕКМНОРСТУХІЈЅαονρικΑΒΕΖΗΙΚΜΝΟΡΤΥΧ‐‑‒–—−‘’“”；：",  # noqa: RUF001  that is what they are for
        "aceopxyijsdhqwkmtbhABEKMHOPCTYXIJSaovpikABEZHIKMNOPTYX------''\"\";:",
        strict=True,
    )
)


def did_you_mean(name: str, known: Iterable[str], *, cutoff: float = 0.6) -> str:
    """Suggest the closest known name (` Did you mean `x`?`); empty where none is close.

    Letters that cannot be told from those of that name are named.
    """
    import difflib  # noqa: PLC0415  # only where something is wrong

    hidden = strange_letters(name)
    close = difflib.get_close_matches(_plain(name) if hidden else name, list(known), n=1, cutoff=cutoff)
    meant = f" Did you mean `{close[0]}`?" if close else ""
    return f"{meant} What stands here holds {hidden}." if hidden else meant


def strange_letters(text: str) -> str:
    """Name the letters of a text that nobody sees or tells from others: `U+200B (zero width space)`; else ""."""
    if text.isascii():
        return ""
    import unicodedata  # noqa: PLC0415  # only where something is wrong

    strange = [c for c in dict.fromkeys(text) if not c.isascii() and (c in _ALIKE or not c.isprintable())]
    return ", ".join(f"U+{ord(c):04X} ({unicodedata.name(c, 'a control character').lower()})" for c in strange)


def holds(text: str) -> str:
    """Say which letters of a text nobody sees, or takes for others; "" without any."""
    hidden = strange_letters(text)
    return f" It holds {hidden}." if hidden else ""


def _plain(text: str) -> str:
    """The text as people read it: nothing that they do not see, and the letters that they take for others."""
    return "".join(_ALIKE.get(c, c) for c in text if c.isascii() or c in _ALIKE or c.isprintable())


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

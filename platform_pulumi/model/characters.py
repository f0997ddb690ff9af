"""Characters that cannot be seen: found in texts, and written so that a sentence can show them."""

from __future__ import annotations

#: What is shown of a value: a line's width.
_SHOWN = 60


def shown(value: str) -> str:
    """A value as a sentence can show it: what cannot be seen is written as its code point."""
    text = value if len(value) <= _SHOWN else f"{value[:_SHOWN]}…"
    return "".join(c if c.isprintable() else f"<U+{ord(c):04X}>" for c in text)


def control_character(text: str, allowed: str = "") -> str:
    """Describe the first control character of a text; empty where it has none."""
    found = next((c for c in text if (c < " " or c == "\x7f") and c not in allowed), None)
    return "" if found is None else f"U+{ord(found):04X}"

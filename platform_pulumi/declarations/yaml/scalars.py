"""Resolution of plain scalars by YAML 1.2's core schema: `no`, `on`, `0777`, `12:30:00` and dates are text.

PyYAML follows YAML 1.1 and would read them as False, True, 511, 45000 and a date. No regular expressions: compiling
them would cost every command more than reading its file does.
"""

from __future__ import annotations

import math
from typing import Any

_WORDS: dict[str, Any] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
#: Longer numbers stay text: Python refuses to read integers of more than 4300 digits, and none is meant that way.
_LONGEST_NUMBER = 40
#: First characters of everything that is not text.
STARTS = frozenset("~nNtTfF0123456789+-.")
_FLOAT = frozenset("0123456789+-.eE")
_BASES = {"0o": (8, frozenset("01234567")), "0x": (16, frozenset("0123456789abcdefABCDEF"))}


def resolve_scalar(text: str) -> Any:
    """Resolve a plain scalar: None, a bool, an int, a float, or the text itself.

    `0777` is text although the core schema reads 777: whoever writes it means neither.
    """
    if text in _WORDS:
        return _WORDS[text]
    if not text or text[0] not in STARTS or len(text) > _LONGEST_NUMBER:
        return text
    digits = text[1:] if text[0] in "+-" else text
    if digits.isascii() and digits.isdigit():
        return text if _is_padded(digits) else int(text)
    if text[:2] in _BASES:
        base, allowed = _BASES[text[:2]]
        return int(text[2:], base) if len(text) > 2 and set(text[2:]) <= allowed else text  # the prefix
    return _float(text, digits)


def in_quotes(value: Any, shown: str) -> str:
    """Return how a value is shown: text that without quotes would be none, or be unseen, as `the text "true"`."""
    if isinstance(value, str) and (not isinstance(resolve_scalar(value), str) or value != value.strip()):
        return f'the text "{shown}"'
    return shown


def _float(text: str, digits: str) -> Any:
    if not set(text) <= _FLOAT or not any(character in text for character in ".eE") or _is_padded(digits):
        return text
    try:
        number = float(text)
    except ValueError:
        return text
    return number if math.isfinite(number) else text


def _is_padded(digits: str) -> bool:
    return len(digits) > 1 and digits[0] == "0" and digits[1].isdigit()

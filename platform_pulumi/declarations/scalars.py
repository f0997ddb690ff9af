"""What a plain scalar means, by YAML 1.2's core schema: `no`, `on`, `0777`, `12:30:00` and dates are text.

PyYAML follows YAML 1.1 and would read them as False, True, 511, 45000 and a date.
"""

from __future__ import annotations

import math
import re
from typing import Any

_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
_PREFIXED = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_WORDS: dict[str, Any] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
#: Longer numbers stay text: Python refuses to read integers of more than 4300 digits, and none is meant that way.
_LONGEST_NUMBER = 40
#: First characters of everything that is not text.
STARTS = frozenset("~nNtTfF0123456789+-.")


def core(text: str) -> Any:
    """A plain scalar's value: None, a bool, an int, a float, or the text itself.

    `0777` is text although the core schema reads 777: whoever writes it means neither.
    """
    if text in _WORDS:
        return _WORDS[text]
    if not text or text[0] not in STARTS or len(text) > _LONGEST_NUMBER:
        return text
    if _INTEGER.fullmatch(text):
        return int(text)
    if _PREFIXED.fullmatch(text):
        return int(text, 0)
    if _FLOAT.fullmatch(text) and not re.match(r"[-+]?0[0-9]", text):
        number = float(text)
        return number if math.isfinite(number) else text
    return text

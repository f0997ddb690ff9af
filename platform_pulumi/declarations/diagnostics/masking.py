"""Masking of literal secrets in lines of source and in settings.

Screens show the user's own lines under a problem; a literal password that stands there must not travel into a log.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from platform_pulumi.model.redaction import REDACTED
from platform_pulumi.model.secrecy import masked, names_secret

#: A key, and its value up to where it ends in a flow or a line; of a value that is a flow itself only its bracket.
_KEY_AND_VALUE = re.compile(
    r"""(?P<key>"[^"\\]*"|'[^']*'|(?<![\w.-])[A-Za-z_][\w.-]*)\s*:\s+"""
    r"""(?P<value>"(?:\\.|[^"\\])*"?|'(?:''|[^'])*'?|[\[{]|(?:\$\{[^}]*\}|[^\s#,{}\[\]])(?:\$\{[^}]*\}|[^,{}\[\]])*)"""
)
#: What stands before a line's first key or value, and a line that begins with a key.
_BEFORE = re.compile(r"\s*+(?:-\s++)*+")
_KEY = re.compile(
    rf"""(?P<before>{_BEFORE.pattern})(?P<key>"[^"]*"|'[^']*'|[^\s"'#:][^:#]*)\s*:(?:\s+(?P<value>.*)|$)"""
)
_REFERENCE = re.compile(r"""["']?(?:\$\{[^}]*\})+["']?\s*""")
#: References, and what gives a nested value its form.
_FORM = re.compile(r"(\$\{[^}]*\}|[\s\[\]{},:\"'])|.", re.DOTALL)
#: How far above a value its key is looked for.
_FAR = 500


def is_reference(text: str) -> bool:
    """Whether a text is references alone, which reveal nothing."""
    return bool(_REFERENCE.fullmatch(text))


def masked_line(line: str, above: Sequence[str] = ()) -> str:
    """Replace literal secrets in a line of source by `*`; columns stay. References stay: they reveal nothing.

    Args:
        above: the lines before it: a value may stand below its key, and `value:` below `name: PASSWORD`.
    """
    if _is_below_secret(line, above[-_FAR:]):
        before = _before(line)
        return before + _nested_stars(line[len(before) :])
    parts, end, named = [], 0, False
    while (found := _KEY_AND_VALUE.search(line, end)) is not None:
        start, stop = found.span("value")
        key, value = _bare(found["key"]), found["value"]
        if names_secret(key) or (named and key == "value"):
            nested = value in {"[", "{"}
            stop = len(line) if nested else stop
            value = _nested_stars(line[start:stop]) if nested else value if is_reference(value) else _stars(value)
        named = key == "name" and names_secret(_bare(value))
        parts += [line[end:start], value]
        end = stop
    return masked("".join((*parts, line[end:])))


def _is_below_secret(line: str, above: Sequence[str]) -> bool:
    """Whether a line belongs to the value of a secret's key, or is the `value` of a `name` that says so."""
    own, column = _KEY.match(line), len(_before(line))
    is_value = own is not None and _bare(own["key"]) == "value"
    for before in reversed(above):
        found = _KEY.match(before)
        if found is None or len(found["before"]) > column:
            continue
        name = _bare(found["key"])
        if len(found["before"]) == column:
            if is_value and name == "name":
                if names_secret(_bare(found["value"] or "")):
                    return True
                is_value = False
            continue
        if names_secret(name):
            return True
        column, is_value = len(found["before"]), False
    return False


def _before(line: str) -> str:
    found = _BEFORE.match(line)
    return found[0] if found is not None else ""


def _bare(text: str) -> str:
    return text.strip().strip("\"'")


def _stars(value: str) -> str:
    text = value.rstrip()
    end = value[len(text) :]
    if len(text) > 1 and text[0] in "\"'" and text[-1] == text[0]:
        return f"{text[0]}{'*' * (len(text) - 2)}{text[0]}{end}"
    return "*" * len(text) + end


def _nested_stars(value: str) -> str:
    return _FORM.sub(lambda found: found[1] or "*", value)


def masked_settings(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Mask the literal secrets of settings, those of URLs too; references stay: they reveal nothing."""
    return {name: _masked(value, secret=names_secret(name)) for name, value in settings.items()}


def _masked(value: Any, *, secret: bool) -> Any:
    if isinstance(value, Mapping):
        return {name: _masked(item, secret=secret or names_secret(str(name))) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_masked(item, secret=secret) for item in value]
    if secret and value is not None and not (isinstance(value, str) and is_reference(value)):
        return REDACTED
    return masked(value) if isinstance(value, str) else value

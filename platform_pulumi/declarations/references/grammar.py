"""Grammar of references, and their parser.

text      = { literal | "$${" | "${" body "}" }
body      = "env:" NAME | "file:" path | "vault:" path [ "#" key ] | "aws-sm:" name
          | "app." name | "tier" 1-3 "." output | capability "." output
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from platform_pulumi.declarations.diagnostics.wording import did_you_mean, holds
from platform_pulumi.declarations.yaml.source import LAST
from platform_pulumi.model.context import NAME

SCHEMES = ("env", "file", "vault", "aws-sm")
SCOPES = ("app", "tier1", "tier2", "tier3")
#: First words of references that are ours: no capability and no output may have them as names.
RESERVED = frozenset({*SCHEMES, *SCOPES})


class Reference(NamedTuple):
    """Parsed reference: `kind` is env, file, vault, aws-sm, app, tier or capability; `raw` is as it was written."""

    kind: str
    name: str
    field: str
    raw: str


class Malformed(NamedTuple):
    """Malformed reference; `reason` says why and what to write; an `unclosed` one is the text's last."""

    raw: str
    reason: str
    unclosed: bool = False


def parse(text: str) -> tuple[str | Reference | Malformed, ...]:
    """Parse a text into its parts, in order; literal text comes unescaped."""
    parts: list[str | Reference | Malformed] = []
    literal, start = "", 0
    while (found := text.find("${", start)) >= 0:
        literal += text[start:found]
        if literal.endswith("$"):
            literal, start = literal + "{", found + 2
            continue
        if literal:
            parts.append(literal)
            literal = ""
        end = text.find("}", found)
        if end < 0:
            return (*parts, _unclosed(text[found:]))
        parts.append(_reference(text[found : end + 1], text[found + 2 : end]))
        start = end + 1
    literal += text[start:]
    if literal:
        parts.append(literal)
    return tuple(parts)


def numbered(parts: Iterable[str | Reference | Malformed]) -> Iterator[tuple[str | Reference | Malformed, int]]:
    """Iterate over a text's parts, each with its occurrence: how many written alike went before, or `LAST`."""
    seen: dict[str, int] = {}
    for part in parts:
        if isinstance(part, str):
            yield part, 0
        elif isinstance(part, Malformed) and part.unclosed:
            yield part, LAST
        else:
            occurrence = seen.get(part.raw, 0)
            seen[part.raw] = occurrence + 1
            yield part, occurrence


def _reference(raw: str, body: str) -> Reference | Malformed:
    scheme, colon, rest = body.partition(":")
    if colon:
        return _external(raw, scheme, rest)
    scope, dot, field = body.partition(".")
    if not dot or not scope or not field:
        forms = "${app.NAME}, ${tier2.OUTPUT}, ${CAPABILITY.OUTPUT} or ${env:NAME}"
        return Malformed(raw, f"`{raw}` is no reference. Write {forms}; write $${{ for the characters themselves.")
    if not is_identifier(field):
        return Malformed(raw, f"`{field}` is not a name: letters, digits, `_` and `-` after a letter.{holds(field)}")
    if scope == "app":
        return Reference("app", "", field, raw)
    if scope in SCOPES:
        return Reference("tier", scope.removeprefix("tier"), field, raw)
    if scope.isascii() and scope.removeprefix("tier").isdigit():
        return Malformed(raw, f"There is no {scope}: tiers are tier1, tier2 and tier3.")
    if scope in SCHEMES:
        return Malformed(raw, f"`{scope}` takes a colon: ${{{scope}:{field}}}.")
    if not NAME.fullmatch(scope):
        return Malformed(
            raw, f"`{scope}` is not a capability's name: small letters, digits and `-` after a letter.{holds(scope)}"
        )
    return Reference("capability", scope, field, raw)


def _external(raw: str, scheme: str, rest: str) -> Reference | Malformed:
    if scheme not in SCHEMES:
        hint = did_you_mean(scheme, (*SCHEMES, *SCOPES))
        return Malformed(raw, f"There is no `{scheme}:`; known are {', '.join(f'{s}:' for s in SCHEMES)}.{hint}")
    if not rest.strip():
        return Malformed(raw, f"`{raw}` names nothing. Write what to read after the colon.")
    if scheme == "env" and not (rest.isascii() and rest.isidentifier()):
        return Malformed(
            raw, f"`{rest}` is not the name of an environment variable: letters, digits and `_`.{holds(rest)}"
        )
    return Reference(scheme, "", rest, raw)


def is_identifier(text: str) -> bool:
    """Whether a text is letters, digits, `_` and `-` after a letter or `_`."""
    return text.isascii() and text.replace("-", "_").isidentifier() and not text.startswith("-")


def _unclosed(raw: str) -> Malformed:
    shown = raw.split(maxsplit=1)[0] if raw.split() else raw
    reason = "This `${` is never closed: a `}` is missing. Write $${ for the characters themselves."
    return Malformed(shown, reason, unclosed=True)

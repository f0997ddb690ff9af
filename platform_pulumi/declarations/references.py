"""`${...}`: the grammar, and what each reference stands for.

    text      = { literal | "$${" | "${" body "}" }
    body      = "env:" NAME | "file:" path | "vault:" path [ "#" key ] | "aws-sm:" name
              | "app." name | "tier" 1-3 "." output | capability "." output

Resolved once; a value is never read again for references. A reference that is the whole value keeps its type, one
within text makes text. What comes from env, file, vault or aws-sm is a Secret, and stays one in a Template.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from yaml.nodes import Node

from platform_pulumi.declarations import codes
from platform_pulumi.declarations.problems import Problems, did_you_mean, listed
from platform_pulumi.declarations.scalars import core
from platform_pulumi.declarations.secrets import NoSecretError, SecretReference, SecretSource
from platform_pulumi.declarations.source import LAST, Source
from platform_pulumi.model.capability import snake_case
from platform_pulumi.model.tier import Tier
from platform_pulumi.model.value import CapabilityOutput, Secret, Template, TierOutput

#: First words of references that are ours: no capability and no output may have them as names.
RESERVED = frozenset({"env", "file", "vault", "app", "aws-sm", "tier1", "tier2", "tier3"})
_SCHEMES = ("env", "file", "vault", "aws-sm")
_SCOPES = ("app", "tier1", "tier2", "tier3")
_CAPABILITY = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-")
#: The problem where a reference of a scheme has no value.
_ABSENT = {
    "env": codes.UNSET_VARIABLE,
    "file": codes.UNREADABLE_SECRET,
    "vault": codes.NO_BROKER,
    "aws-sm": codes.NO_BROKER,
}


class Reference(NamedTuple):
    """A parsed reference: `kind` is env, file, vault, aws-sm, app, tier or capability; `raw` is as it was written."""

    kind: str
    name: str
    field: str
    raw: str


class Malformed(NamedTuple):
    """A `${` that begins no reference; `reason` says why and what to write; an `unclosed` one is the text's last."""

    raw: str
    reason: str
    unclosed: bool = False


class Unresolved(Secret):
    """Stands for a value that is not there while validating; nothing is ever planned with it.

    `references` are those to outputs in the same text: they are checked all the same.
    """

    __slots__ = ("references",)

    def __init__(self, references: tuple[TierOutput | CapabilityOutput, ...] = ()) -> None:
        super().__init__("")
        self.references = references


class AppValue(NamedTuple):
    """A value of `${app.x}`: typed for a whole value, as text within text."""

    value: Any
    text: str


def parse(text: str) -> tuple[str | Reference | Malformed, ...]:
    """The parts of a text, in order; literal text comes unescaped."""
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


class References:
    """Resolves the references of one file.

    Args:
        secrets: gives the values of secret references.
        variables: values given with `--set`; they go before the file's own `platform.app`.
        strict: whether a value that is not there is an error; else it is a warning and an `Unresolved`.
        simulated: vault and aws-sm references become placeholders.
    """

    def __init__(  # one reader of a file's surroundings, all of them named at the call
        self,
        source: Source,
        problems: Problems,
        *,
        secrets: SecretSource,
        variables: Mapping[str, str],
        strict: bool,
        simulated: bool,
    ) -> None:
        self._source = source
        self._problems = problems
        self._secrets = secrets
        self._strict = strict
        self._simulated = simulated
        self._app = {name: AppValue(core(text), text) for name, text in variables.items()}
        self._given = frozenset(variables)
        self._parsed: dict[str, Any] = {}

    def declare(self, defaults: Mapping[str, AppValue]) -> None:
        """Take the file's own values of `${app.x}`; those from `--set` stay."""
        for name, value in defaults.items():
            if name not in self._given:
                self._app[name] = value

    def knows(self, name: str) -> bool:
        """Whether `${app.NAME}` has a value."""
        return name in self._app

    def resolve(self, text: str, node: Node) -> Any:
        """The value of a text with `$` in it; what is wrong is noted at the reference's own column."""
        known = self._parsed.get(text)
        if known is not None:
            return known[0]
        before = len(self._problems)
        parts = parse(text)
        if len(parts) == 1 and not isinstance(parts[0], str):
            value = self._value(parts[0], node, 0, whole=True)
        else:
            value = self._join([self._part(part, node, parts, index) for index, part in enumerate(parts)])
        if len(self._problems) == before:  # else each place is to be pointed at
            self._parsed[text] = (value,)
        return value

    def app_text(self, text: str) -> str | None:
        """The text behind a whole-value `${app.x}`; None where it is something else."""
        parts = parse(text)
        if (
            len(parts) == 1
            and isinstance(parts[0], Reference)
            and parts[0].kind == "app"
            and parts[0].field in self._app
        ):
            return self._app[parts[0].field].text
        return None

    def _part(self, part: str | Reference | Malformed, node: Node, parts: tuple[Any, ...], index: int) -> Any:
        if isinstance(part, str):
            return part
        occurrence = sum(1 for other in parts[:index] if not isinstance(other, str) and other.raw == part.raw)
        return self._value(part, node, occurrence, whole=False)

    @staticmethod
    def _join(values: list[Any]) -> Any:
        if any(isinstance(value, Unresolved) for value in values):
            return Unresolved(tuple(value for value in values if isinstance(value, (TierOutput, CapabilityOutput))))
        merged: list[Any] = []
        for value in values:
            if isinstance(value, str) and merged and isinstance(merged[-1], str):
                merged[-1] += value
            else:
                merged.append(value)
        if not merged:
            return ""
        if len(merged) == 1 and isinstance(merged[0], str):
            return merged[0]
        if all(isinstance(value, (str, Secret)) for value in merged):
            return Secret("".join(value.reveal() if isinstance(value, Secret) else value for value in merged))
        return Template(tuple(merged))

    def _value(self, part: Reference | Malformed, node: Node, occurrence: int, *, whole: bool) -> Any:
        if isinstance(part, Malformed):
            occurrence = LAST if part.unclosed else occurrence
            return self._note(codes.MALFORMED_REFERENCE, part.reason, part.raw, node, occurrence)
        if part.kind == "tier":
            return TierOutput(Tier(int(part.name)), part.field)
        if part.kind == "capability":
            return CapabilityOutput(part.name, snake_case(part.field))
        if part.kind == "app":
            return self._app_value(part, node, occurrence, whole=whole)
        return self._secret(part, node, occurrence)

    def _secret(self, part: Reference, node: Node, occurrence: int) -> Secret:
        if self._simulated and part.kind in {"vault", "aws-sm"}:
            import hashlib  # noqa: PLC0415  # loads OpenSSL, and few files get here

            return Secret(f"simulated-{hashlib.sha256(part.raw.encode()).hexdigest()[:16]}")
        try:
            return Secret(self._secrets.resolve(SecretReference(part.kind, part.field, self._source.name)))
        except NoSecretError as error:
            return self._absent(_ABSENT[part.kind], error.detail, part, node, occurrence)

    def _app_value(self, part: Reference, node: Node, occurrence: int, *, whole: bool) -> Any:
        value = self._app.get(part.field)
        if value is None:
            known = f" There is {listed(sorted(self._app))}." if self._app else ""
            detail = (
                f"`app.{part.field}` has no value.{did_you_mean(part.field, self._app)}{known}"
                f" Give it with --set {part.field}=VALUE, or under `platform.app`."
            )
            return self._absent(codes.UNSET_APP_VALUE, detail, part, node, occurrence)
        return value.value if whole else value.text

    def _absent(self, code: codes.Code, detail: str, part: Reference, node: Node, occurrence: int) -> Unresolved:
        return self._note(code, detail, part.raw, node, occurrence, warning=not self._strict)

    def _note(  # what is wrong and where
        self, code: codes.Code, detail: str, raw: str, node: Node, occurrence: int, *, warning: bool = False
    ) -> Unresolved:
        position, length = self._source.within(node, raw, occurrence)
        self._problems.add(code, detail, position, length=length, warning=warning)
        return Unresolved()


def _reference(raw: str, body: str) -> Reference | Malformed:
    scheme, colon, rest = body.partition(":")
    if colon:
        return _external(raw, scheme, rest)
    scope, dot, field = body.partition(".")
    if not dot or not scope or not field:
        forms = "${app.NAME}, ${tier2.OUTPUT}, ${CAPABILITY.OUTPUT} or ${env:NAME}"
        return Malformed(raw, f"`{raw}` is no reference. Write {forms}; write $${{ for the characters themselves.")
    if not is_name(field):
        return Malformed(raw, f"`{field}` is not a name: letters, digits, `_` and `-` after a letter.")
    if scope == "app":
        return Reference("app", "", field, raw)
    if scope in _SCOPES:
        return Reference("tier", scope.removeprefix("tier"), field, raw)
    if scope.removeprefix("tier").isdigit():
        return Malformed(raw, f"There is no {scope}: tiers are tier1, tier2 and tier3.")
    if scope in _SCHEMES:
        return Malformed(raw, f"`{scope}` takes a colon: ${{{scope}:{field}}}.")
    if not _is_capability(scope):
        return Malformed(raw, f"`{scope}` is not a capability's name: small letters, digits and `-` after a letter.")
    return Reference("capability", scope, field, raw)


def _external(raw: str, scheme: str, rest: str) -> Reference | Malformed:
    if scheme not in _SCHEMES:
        hint = did_you_mean(scheme, (*_SCHEMES, *_SCOPES))
        return Malformed(raw, f"There is no `{scheme}:`; known are {', '.join(f'{s}:' for s in _SCHEMES)}.{hint}")
    if not rest.strip():
        return Malformed(raw, f"`{raw}` names nothing. Write what to read after the colon.")
    if scheme == "env" and not (rest.isascii() and rest.isidentifier()):
        return Malformed(raw, f"`{rest}` is not the name of an environment variable: letters, digits and `_`.")
    return Reference(scheme, "", rest, raw)


def is_name(text: str) -> bool:
    """Whether a text is letters, digits, `_` and `-` after a letter or `_`."""
    return text.isascii() and text.replace("-", "_").isidentifier() and not text.startswith("-")


def _is_capability(text: str) -> bool:
    return _CAPABILITY.issuperset(text) and text[0].isalpha() and text[-1] != "-"


def _unclosed(raw: str) -> Malformed:
    shown = raw.split(maxsplit=1)[0] if raw.split() else raw
    reason = "This `${` is never closed: a `}` is missing. Write $${ for the characters themselves."
    return Malformed(shown, reason, unclosed=True)

"""Resolution of references to values, for one document.

A reference is resolved once; its value is never parsed again. A reference that is the whole value keeps its type, one
within text makes text. What comes from env, file, vault or aws-sm is a Secret, and so is a value of
`${app.x}` that has the name of one; it stays one in a Template.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any, NamedTuple

from yaml.nodes import Node, ScalarNode

from platform_pulumi.declarations.diagnostics import codes
from platform_pulumi.declarations.diagnostics.known_names import KnownNames
from platform_pulumi.declarations.diagnostics.problems import Problems
from platform_pulumi.declarations.references.grammar import Malformed, Reference, numbered, parse
from platform_pulumi.declarations.secrets import NoSecretError, SecretReference, SecretSource
from platform_pulumi.declarations.yaml.scalars import resolve_scalar
from platform_pulumi.declarations.yaml.source import Source
from platform_pulumi.declarations.yaml.values import Resolve
from platform_pulumi.model.capability import snake_case
from platform_pulumi.model.secrecy import names_secret
from platform_pulumi.model.tier import Tier
from platform_pulumi.model.value import CapabilityOutput, Secret, Template, TierOutput

#: The problem where a reference of a scheme has no value.
_ABSENT = {
    "env": codes.UNSET_VARIABLE,
    "file": codes.UNREADABLE_SECRET,
    "vault": codes.NO_BROKER,
    "aws-sm": codes.NO_BROKER,
}


class Unresolved(Secret):
    """Placeholder of a value that is not available while validating; nothing is ever planned with it.

    `references` are those to outputs in the same text: they are checked all the same.
    """

    __slots__ = ("references",)

    def __init__(self, references: tuple[TierOutput | CapabilityOutput, ...] = ()) -> None:
        super().__init__("")
        self.references = references


class AppValue(NamedTuple):
    """Value of `${app.x}`: typed for a whole value, as text within text."""

    value: Any
    text: str


class ReferenceResolver:
    """Resolver of the references of one document.

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
        self._app = {name: AppValue(resolve_scalar(text), text) for name, text in variables.items()}
        self._given = frozenset(variables)
        self._parsed: dict[str, Any] = {}

    def declare(self, defaults: Mapping[str, AppValue]) -> None:
        """Add the file's own values of `${app.x}`; those from `--set` override them."""
        for name, value in defaults.items():
            if name not in self._given:
                self._app[name] = value

    @functools.cached_property
    def _app_names(self) -> KnownNames:
        return KnownNames(sorted(self._app))

    def has_variable(self, name: str) -> bool:
        """Whether `${app.NAME}` has a value."""
        return name in self._app

    def resolve(self, text: str, node: Node) -> Any:
        """Resolve the references of a text with `$` in it; mistakes are noted at the reference's own column."""
        known = self._parsed.get(text)
        if known is not None:
            return known[0]
        before = len(self._problems)
        parts = parse(text)
        whole = len(parts) == 1
        values = [
            part if isinstance(part, str) else self._value(part, node, occurrence, whole=whole)
            for part, occurrence in numbered(parts)
        ]
        value = values[0] if whole else self._join(values)
        if len(self._problems) == before:  # else each place is to be pointed at
            self._parsed[text] = (value,)
        return value

    @property
    def below(self) -> Mapping[str, Resolve]:
        """Return what resolves references below each key that may hold some."""
        return {
            "properties": self.resolve,
            "parameters": self.resolve,
            "labels": self.resolve_clear,
            "annotations": self.resolve_clear,
            # A provider's settings are resolved when it is used, whatever they are called.
            "config": _as_written,
        }

    def resolve_clear(self, text: str, node: Node) -> Any:
        """Resolve a text that stands in clear at every resource, and before any is made: only `${app.x}` may be in it.

        A mistake is noted at the reference, and no secret is asked for.
        """
        refused: Unresolved | None = None
        for part, occurrence in numbered(parse(text)):
            if not isinstance(part, Reference) or part.kind == "app":
                continue
            if part.kind in {"tier", "capability"}:
                code, reason = codes.REFERENCE_NOT_ALLOWED, "are set before there is an output"
            else:
                code, reason = codes.SECRET_NOT_ALLOWED, "can be read by everybody who sees the resource"
            detail = f"Labels and annotations {reason}. Write the value, or ${{app.NAME}} with --set."
            refused = self._note(code, detail, part.raw, node, occurrence)
        if refused is not None:
            return refused
        value = self.resolve(text, node)
        whole = self.app_text(text)
        return value if whole is None else whole

    def app_text(self, text: str) -> str | None:
        """Return the text of a whole-value `${app.x}`; None where it is something else."""
        parts = parse(text)
        if (
            len(parts) == 1
            and isinstance(parts[0], Reference)
            and parts[0].kind == "app"
            and parts[0].field in self._app
        ):
            return self._app[parts[0].field].text
        return None

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
            names = self._app_names
            known = f" There is {names.listed()}." if names else ""
            detail = (
                f"`app.{part.field}` has no value.{names.hint(part.field)}{known}"
                f" Give it with --set {part.field}=VALUE, or under `platform.app`."
            )
            return self._absent(codes.UNSET_APP_VALUE, detail, part, node, occurrence)
        if names_secret(part.field):
            return Secret(value.text)
        return value.value if whole else value.text

    def _absent(self, code: codes.Code, detail: str, part: Reference, node: Node, occurrence: int) -> Unresolved:
        return self._note(code, detail, part.raw, node, occurrence, warning=not self._strict)

    def _note(  # what is wrong and where
        self, code: codes.Code, detail: str, raw: str, node: Node, occurrence: int, *, warning: bool = False
    ) -> Unresolved:
        position, length = self._source.within(node, raw, occurrence)
        self._problems.add(code, detail, position, length=length, warning=warning)
        return Unresolved()


def _as_written(text: str, node: Node) -> Any:
    return text if isinstance(node, ScalarNode) and node.style else resolve_scalar(text)

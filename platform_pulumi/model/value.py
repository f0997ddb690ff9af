"""Values beyond plain ones: secrets, references to outputs, templates of text, and outputs with their type.

A property that accepts text accepts `Text`: a string, a `Secret`, a reference to something that exists only once it is
applied, or a `Template` that embeds several of them. A secret stays one through every embedding.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, TypeAlias

from pydantic import BaseModel, BeforeValidator

from platform_pulumi.model.redaction import REDACTED
from platform_pulumi.model.tier import Tier


class Secret:
    """String that is never shown. Comparing and hashing work; printing does not reveal it."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Return the secret itself. Call it only where the value goes to the engine."""
        return self._value

    def __repr__(self) -> str:
        return REDACTED

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._value == other._value

    def __hash__(self) -> int:
        return hash(("Secret", self._value))


@dataclass(frozen=True, slots=True)
class TierOutput:
    """Reference `${tier2.name}` to an output of the contract of a tier above."""

    tier: Tier
    name: str

    def __str__(self) -> str:
        return f"{self.tier.label}.{self.name}"


@dataclass(frozen=True, slots=True)
class CapabilityOutput:
    """Reference `${capability.field}` to an output of a capability of the same tier."""

    capability: str
    field: str

    def __str__(self) -> str:
        return f"{self.capability}.{self.field}"


@dataclass(frozen=True, slots=True)
class Template:
    """Text with references in it; at least one part is not a string."""

    parts: tuple[str | Secret | TierOutput | CapabilityOutput, ...]


def as_secret(text: Any) -> Secret | Template:
    """Return text as a secret, whatever it comes from: a template is one as soon as a part of it is."""
    if isinstance(text, Secret):
        return text
    if isinstance(text, str):
        return Secret(text)
    parts = text.parts if isinstance(text, Template) else (text,)
    return Template(tuple(Secret(part) if isinstance(part, str) else part for part in (Secret(""), *parts)))


def as_written(text: Any) -> str:
    """Return text as far as it is known, with a word for each reference: to be looked at, never used or shown."""
    if isinstance(text, Template):
        return "".join(map(as_written, text.parts))
    return text.reveal() if isinstance(text, Secret) else text if isinstance(text, str) else "reference"


def is_text(value: object) -> bool:
    """Whether a value is text, or will be once it is applied."""
    return isinstance(value, (str, Secret, TierOutput, CapabilityOutput, Template))


def _text(value: Any) -> Any:
    if is_text(value):
        return value
    message = "should be text"
    raise ValueError(message)


#: The annotation of a property that takes text and may hold references and secrets.
Text: TypeAlias = Annotated[Any, BeforeValidator(_text)]


def references(value: object) -> Iterator[TierOutput | CapabilityOutput]:
    """Iterate over every reference within a property value (text, lists, mappings, blocks), in reading order."""
    return (part for part in _parts(value) if isinstance(part, (TierOutput, CapabilityOutput)))


def secrets(value: object) -> Iterator[Secret]:
    """Iterate over every secret within a property value, in reading order."""
    return (part for part in _parts(value) if isinstance(part, Secret))


def _parts(value: object) -> Iterator[object]:
    """Iterate over the values within a property value, and the parts of those that are templates."""
    if isinstance(value, Template):
        yield from value.parts
    elif isinstance(value, dict):
        for item in value.values():
            yield from _parts(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _parts(item)
    elif isinstance(value, BaseModel):
        yield from _parts(dict(value))
    else:
        yield value


@dataclass(frozen=True, slots=True)
class OutputValue:
    """Output of a run: `type` from the contract, `value` where `known`, and whether it is secret.

    `value` of a secret is the secret itself: this crosses the private pipe and never a plan, log or file.
    """

    type: str
    value: Any = None
    known: bool = True
    secret: bool = False

    def __repr__(self) -> str:
        shown = REDACTED if self.secret else repr(self.value) if self.known else "unknown"
        return f"OutputValue({self.type}, {shown})"

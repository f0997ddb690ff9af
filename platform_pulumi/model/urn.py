"""Pulumi URNs: `urn:pulumi:STACK::PROJECT::PARENT$TYPE::NAME` (Pulumi documentation, "Resource names")."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from platform_pulumi.model.own_package import PREFIX

_PARTS = 4
#: Components of ours are `platform:<provider>:<Type>`; the small resources of our own package are not.
_COMPONENT = "platform:"


@dataclass(frozen=True, slots=True)
class Urn:
    """Parsed URN: `types` are its ancestors' types and, last, its own."""

    text: str
    stack: str
    project: str
    types: tuple[str, ...]
    name: str

    @classmethod
    def parse(cls, text: str) -> Urn:
        """Parse a URN.

        Raises:
            ValueError: it is none.
        """
        parts = text.split("::", 3)
        if len(parts) != _PARTS or not parts[0].startswith("urn:pulumi:"):
            message = f"{text!r} is not a URN"
            raise ValueError(message)
        return cls(text, parts[0].removeprefix("urn:pulumi:"), parts[1], tuple(parts[2].split("$")), parts[3])

    @property
    def type(self) -> str:
        """Type token of the resource itself."""
        return self.types[-1]


def urn_name(urn: str) -> str:
    """Return the logical name of a URN (it may itself contain `::`)."""
    parts = urn.split("::", 3)
    return parts[3] if len(parts) == _PARTS else urn


def urn_type(urn: str) -> str:
    """Return the type token of a URN, without those of its parents."""
    parts = urn.split("::", 3)
    return parts[2].rpartition("$")[2] if len(parts) == _PARTS else ""


def capability_of(urn: str, parents: Mapping[str, str]) -> str:
    """Return the capability of a resource: the name of our component above it, or "" where there is none.

    Args:
        urn: the resource.
        parents: the parent of every known URN.
    """
    for _ in range(len(parents) + 2):
        token = urn_type(urn)
        if token.startswith(_COMPONENT) and not token.startswith(PREFIX):
            return urn_name(urn)
        urn = parents.get(urn, "")
        if not urn:
            break
    return ""

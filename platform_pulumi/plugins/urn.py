"""URNs, taken apart: `urn:pulumi:<stack>::<project>::<type$type>::<name>` (Pulumi documentation, "Resource names")."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Urn:
    """A resource's name and place: `types` are its ancestors' types and, last, its own."""

    text: str
    stack: str
    project: str
    types: tuple[str, ...]
    name: str

    @classmethod
    def parse(cls, text: str) -> Urn:
        """Take a URN apart.

        Raises:
            ValueError: it is none.
        """
        parts = text.split("::", 3)
        if len(parts) != 4 or not parts[0].startswith("urn:pulumi:"):
            message = f"{text!r} is not a URN"
            raise ValueError(message)
        return cls(text, parts[0].removeprefix("urn:pulumi:"), parts[1], tuple(parts[2].split("$")), parts[3])

    @property
    def type(self) -> str:
        """The resource's own type token."""
        return self.types[-1]

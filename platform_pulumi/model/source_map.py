"""Where the parts of declarations stand in the user's documents."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from platform_pulumi.errors import Position
from platform_pulumi.model.value import CapabilityOutput, TierOutput

#: A position and how many characters stand there.
Span: TypeAlias = tuple[Position, int]


class SourceMap:
    """Positions of a declaration's parts, found when asked. A declaration is known by where it begins.

    This one has no documents: every part stands where its declaration begins.
    """

    def name(self, declared_at: Position) -> Span:
        """The declaration's name."""
        return self.key(declared_at, "name")

    def key(self, declared_at: Position, key: str) -> Span:  # noqa: ARG002  # of those that have documents
        """The value of one of its keys; its beginning where it has none."""
        return declared_at, 1

    def property(self, declared_at: Position, path: tuple[str | int, ...]) -> Span | None:  # noqa: ARG002
        """The value of a property; None where it is not written."""
        return None

    def within(self, declared_at: Position, key: str, name: str) -> Span:  # noqa: ARG002
        """A key within one of its mappings; its beginning where it has none."""
        return declared_at, 1

    def references(self, declared_at: Position, wanted: TierOutput | CapabilityOutput) -> Iterable[Span]:  # noqa: ARG002
        """Every place within it where an output is referenced; its beginning where none is found."""
        return [(declared_at, 1)]

    def length(self, position: Position) -> int:  # noqa: ARG002
        """How many characters the scalar at a position has."""
        return 1

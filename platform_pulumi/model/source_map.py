"""Source map: positions of declarations and their parts in the user's documents."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from platform_pulumi.errors import Position
from platform_pulumi.model.value import CapabilityOutput, TierOutput

#: A position and how many characters stand there.
Span: TypeAlias = tuple[Position, int]


class SourceMap:
    """Source map that looks positions up on request. A declaration is identified by the position where it begins.

    This one has no documents: every part stands where its declaration begins.
    """

    def name(self, declared_at: Position) -> Span:
        """Position of the declaration's name."""
        return self.key(declared_at, "name")

    def key(self, declared_at: Position, key: str) -> Span:  # noqa: ARG002  # of those that have documents
        """Position of the value of one of its keys; its beginning where it has none."""
        return declared_at, 1

    def property(self, declared_at: Position, path: tuple[str | int, ...]) -> Span | None:  # noqa: ARG002
        """Position of the value of a property; None where it is not written."""
        return None

    def at(self, declared_at: Position, key: str, path: tuple[str | int, ...]) -> Span | None:  # noqa: ARG002
        """Position of the value at a path below one of its keys; None where it is not written."""
        return None

    def within(self, declared_at: Position, key: str, name: str) -> Span:  # noqa: ARG002
        """Position of a key within one of its mappings; its beginning where it has none."""
        return declared_at, 1

    def references(self, declared_at: Position, wanted: TierOutput | CapabilityOutput) -> Iterable[Span]:  # noqa: ARG002
        """Positions within it where an output is referenced; its beginning where none is found."""
        return [(declared_at, 1)]

    def length(self, position: Position) -> int:  # noqa: ARG002
        """Length, in characters, of the scalar at a position."""
        return 1

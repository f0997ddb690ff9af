"""Finds lines of what was read before: the files are composed again only when a problem needs its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from platform_pulumi.declarations.documents import Limits
from platform_pulumi.declarations.references import Reference, parse
from platform_pulumi.declarations.source import Source, Step, find, key_of, length
from platform_pulumi.errors import Position
from platform_pulumi.model.capability import snake_case
from platform_pulumi.model.value import CapabilityOutput, TierOutput


class Locator:
    """Places of declarations, by the position where each begins."""

    def __init__(self, sources: Mapping[str, Source]) -> None:
        self._sources = sources
        self._lines: dict[str, list[str]] = {}

    @classmethod
    def of(cls, texts: Mapping[str, str]) -> Locator:
        """A locator over files that were read before (`Platform.sources`)."""
        return cls({name: Source(name, text, Limits()) for name, text in texts.items()})

    def property(self, declared_at: Position, place: tuple[Step, ...]) -> tuple[Position, int] | None:
        """Where a property's value stands; None where the file does not write it."""
        node = self._below(declared_at, "properties")
        if node is None:
            return None
        for step in place:
            if isinstance(step, str) and key_of(node, (step,)) is None:
                return None
            node, _ = find(node, (step,))
        return self._sources[declared_at.file].position(node), length(node)

    def name(self, declared_at: Position) -> tuple[Position, int]:
        """Where a declaration's name stands; its beginning where there is none."""
        return self.key(declared_at, "name")

    def key(self, declared_at: Position, key: str) -> tuple[Position, int]:
        """Where the value of a declaration's key stands; its beginning where there is none."""
        node = self._below(declared_at, key)
        if node is None:
            return declared_at, 1
        return self._sources[declared_at.file].position(node), length(node)

    def within(self, declared_at: Position, key: str, name: str) -> tuple[Position, int]:
        """Where a key within a declaration's mapping stands ; else the declaration's beginning."""
        node = self._below(declared_at, key)
        found = key_of(node, (name,)) if node is not None else None
        if found is None:
            return declared_at, 1
        return self._sources[declared_at.file].position(found), length(found)

    def item(self, declared_at: Position, key: str, index: int) -> tuple[Position, int]:
        """Where an entry of a declaration's list stands."""
        node = self._below(declared_at, key)
        if node is None:
            return declared_at, 1
        entry, _ = find(node, (index,))
        return self._sources[declared_at.file].position(entry), length(entry)

    def value_of_constraint(self, declared_at: Position) -> Position:
        """Where a constraint's value stands."""
        return self.key(declared_at, "value")[0]

    def scalar(self, position: Position) -> int:
        """How long the scalar at a position is."""
        source = self._sources.get(position.file)
        if source is None:
            return 1
        lines = self._lines.setdefault(position.file, []) or source.text.splitlines()
        self._lines[position.file] = lines
        text = lines[position.line - 1][position.column - 1 :] if position.line <= len(lines) else ""
        if text[:1] in {'"', "'"}:
            end = text.find(text[0], 1)
            return end + 1 if end > 0 else 1
        size = next((index for index, c in enumerate(text) if c in " ,]}#\t"), len(text))
        return max(size, 1)

    def references(
        self, declared_at: Position, wanted: TierOutput | CapabilityOutput
    ) -> Iterator[tuple[Position, int]]:
        """Every place within a capability where a reference is written; its beginning where none is found."""
        found = False
        node = self._below(declared_at, "properties")
        for scalar in scalar_nodes(node) if node is not None else ():
            if "${" not in scalar.value:
                continue
            seen: dict[str, int] = {}
            for part in parse(scalar.value):
                if isinstance(part, Reference) and _means(part, wanted):
                    occurrence = seen.get(part.raw, 0)
                    seen[part.raw] = occurrence + 1
                    found = True
                    yield self._sources[declared_at.file].within(scalar, part.raw, occurrence)
        if not found:
            yield declared_at, 1

    def _below(self, declared_at: Position, key: str) -> Node | None:
        source = self._sources.get(declared_at.file)
        node = source.mapping_at(declared_at) if source is not None else None
        if node is None or key_of(node, (key,)) is None:
            return None
        return find(node, (key,))[0]


def _means(reference: Reference, wanted: TierOutput | CapabilityOutput) -> bool:
    if isinstance(wanted, TierOutput):
        named = (reference.kind, reference.name, reference.field)
        return named == ("tier", str(wanted.tier.value), wanted.name)
    named = (reference.kind, reference.name, snake_case(reference.field))
    return named == ("capability", wanted.capability, wanted.field)


def scalar_nodes(node: Node) -> Iterator[ScalarNode]:
    """Every scalar within a node, in reading order; the keys of mappings are none of them."""
    if isinstance(node, ScalarNode):
        yield node
    elif isinstance(node, MappingNode):
        for _, value in node.value:
            yield from scalar_nodes(value)
    elif isinstance(node, SequenceNode):
        for item in node.value:
            yield from scalar_nodes(item)

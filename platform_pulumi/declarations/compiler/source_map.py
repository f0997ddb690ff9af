"""Source map over documents: their nodes are composed again only when a position is needed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from yaml.nodes import Node

from platform_pulumi.declarations.references.grammar import Reference, numbered, parse
from platform_pulumi.declarations.yaml.source import Source, Step, find_node, key_node, length, scalar_nodes
from platform_pulumi.errors import Position
from platform_pulumi.model.capability import snake_case
from platform_pulumi.model.source_map import SourceMap, Span
from platform_pulumi.model.tier import Tier
from platform_pulumi.model.value import CapabilityOutput, TierOutput


class DocumentSourceMap(SourceMap):
    """Source map of documents that were parsed before.

    Args:
        sources: the documents by name. Their texts may hold secrets, so that this has no repr of its own.
    """

    def __init__(self, sources: Mapping[str, Source]) -> None:
        self._sources = sources
        self._lines: dict[str, list[str]] = {}
        self._references: dict[Position, dict[TierOutput | CapabilityOutput, list[Span]]] = {}

    def key(self, declared_at: Position, key: str) -> Span:
        """Position of the value of one of a declaration's keys; its beginning where it has none."""
        node = self._below(declared_at, key)
        return self._span(declared_at.file, node) if node is not None else (declared_at, 1)

    def property(self, declared_at: Position, path: tuple[Step, ...]) -> Span | None:
        """Position of the value of a property; None where it is not written."""
        return self.at(declared_at, "properties", path)

    def at(self, declared_at: Position, key: str, path: tuple[Step, ...]) -> Span | None:
        """Position of the value at a path below one of a declaration's keys; None where it is not written."""
        node = self._below(declared_at, key)
        if node is None:
            return None
        for step in path:
            node, found = find_node(node, (step,))
            if isinstance(step, str) and found is None:
                return None
        return self._span(declared_at.file, node)

    def within(self, declared_at: Position, key: str, name: str) -> Span:
        """Position of a key within one of a declaration's mappings; the declaration's beginning where it has none."""
        node = self._below(declared_at, key)
        found = key_node(node, (name,)) if node is not None else None
        return self._span(declared_at.file, found) if found is not None else (declared_at, 1)

    def item(self, declared_at: Position, key: str, index: int) -> Span:
        """Position of an entry of one of a declaration's lists."""
        node = self._below(declared_at, key)
        return self._span(declared_at.file, find_node(node, (index,))[0]) if node is not None else (declared_at, 1)

    def length(self, position: Position) -> int:
        """Length, in characters, of the scalar at a position."""
        source = self._source(position)
        if source is None:
            return 1
        if position.file not in self._lines:
            self._lines[position.file] = source.text.splitlines()
        lines = self._lines[position.file]
        text = lines[position.line - 1][position.column - 1 :] if position.line <= len(lines) else ""
        if text[:1] in {'"', "'"}:
            end = text.find(text[0], 1)
            return end + 1 if end > 0 else 1
        size = next((index for index, c in enumerate(text) if c in " ,]}#\t"), len(text))
        return max(size, 1)

    def references(self, declared_at: Position, wanted: TierOutput | CapabilityOutput) -> Iterable[Span]:
        """Positions within a capability where an output is referenced; its beginning where none is found."""
        if declared_at not in self._references:
            self._references[declared_at] = self._referenced(declared_at)
        return self._references[declared_at].get(wanted) or [(declared_at, 1)]

    def _referenced(self, declared_at: Position) -> dict[TierOutput | CapabilityOutput, list[Span]]:
        """Positions of all references to outputs within a capability: found in one walk."""
        found: dict[TierOutput | CapabilityOutput, list[Span]] = {}
        node = self._below(declared_at, "properties")
        for scalar in scalar_nodes(node) if node is not None else ():
            if "${" not in scalar.value:
                continue
            for part, occurrence in numbered(parse(scalar.value)):
                if isinstance(part, Reference) and (output := _output(part)) is not None:
                    place = self._sources[declared_at.file].within(scalar, part.raw, occurrence)
                    found.setdefault(output, []).append(place)
        return found

    def _source(self, position: Position) -> Source | None:
        return self._sources.get(position.file) if not position.recorded else None

    def _span(self, document: str, node: Node) -> Span:
        return self._sources[document].position(node), length(node)

    def _below(self, declared_at: Position, key: str) -> Node | None:
        source = self._source(declared_at)
        node = source.mapping_at(declared_at) if source is not None else None
        below, found = find_node(node, (key,)) if node is not None else (None, None)
        return below if found is not None else None


def _output(reference: Reference) -> TierOutput | CapabilityOutput | None:
    if reference.kind == "tier":
        return TierOutput(Tier(int(reference.name)), reference.field)
    if reference.kind == "capability":
        return CapabilityOutput(reference.name, snake_case(reference.field))
    return None

"""Base of the parsers of a document and of its parts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from yaml.nodes import Node

from platform_pulumi.declarations.diagnostics import codes
from platform_pulumi.declarations.diagnostics.codes import Code
from platform_pulumi.declarations.diagnostics.problems import Problems
from platform_pulumi.declarations.references.resolver import ReferenceResolver
from platform_pulumi.declarations.yaml.source import Source


class PartParser:
    """Base of the parsers of a part of a document.

    Args:
        source: the document.
        problems: where mistakes are noted.
        resolver: what references stand for in this document.
    """

    def __init__(self, source: Source, problems: Problems, resolver: ReferenceResolver) -> None:
        self._source = source
        self._problems = problems
        self._resolver = resolver

    def _filled(self, entries: Iterable[Any], node: Node) -> Iterator[tuple[Any, Node]]:
        """Iterate over the entries of a list with their nodes; an empty one is noted and left out."""
        for entry, item in zip(entries, node.value, strict=True):
            if entry is None:
                self._note(codes.WRONG_VALUE, "This entry is empty. Fill it in, or remove it.", item)
            else:
                yield entry, item

    def _note(self, code: Code, detail: str, node: Node) -> None:
        self._source.note(self._problems, code, detail, node)

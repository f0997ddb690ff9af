"""Source of one document: its text, its node tree, composed on demand, and positions in it.

The tree is large and rarely needed once a file is read, so it is composed again when a problem must be pointed at.
Composing is libyaml's, with PyYAML's resolver and its paths switched off: scalars are typed by our own rules
(`scalars`), and a third of the time goes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from platform_pulumi.declarations.diagnostics import codes
from platform_pulumi.declarations.diagnostics.problems import Problems
from platform_pulumi.declarations.documents import Limits, line_and_column
from platform_pulumi.declarations.yaml.syntax import explained
from platform_pulumi.errors import Position

#: The last occurrence of a part within a text.
LAST = -1
#: A step from a node to one below it: a key, or an index.
Step = str | int


class TooDeepError(Exception):
    """Raised where the file nests deeper than allowed, at this mark."""

    def __init__(self, mark: yaml.Mark | None) -> None:
        super().__init__()
        self.mark = mark


class LeanLoader(yaml.CSafeLoader):
    """Loader that composes nodes without resolving scalars; a tag is left only where the file wrote one."""

    def descend_resolver(self, current_node: Any, current_index: Any) -> None:
        """Do nothing: only path resolvers need it."""

    def ascend_resolver(self) -> None:
        """Do nothing: only path resolvers need it."""

    def resolve(self, kind: Any, value: Any, implicit: Any) -> Any:
        """Return no tag: the reader decides."""
        del kind, value, implicit


class GuardedLoader(LeanLoader):
    """Loader that counts levels while composing, for files that might nest without end: libyaml recurses in C."""

    def __init__(self, stream: str, limit: int) -> None:
        super().__init__(stream)
        self._left = limit + 1

    def descend_resolver(self, current_node: Any, current_index: Any) -> None:
        """Count one level down."""
        del current_index
        self._left -= 1
        if self._left < 0:
            raise TooDeepError(current_node.start_mark if current_node is not None else None)

    def ascend_resolver(self) -> None:
        """Count one level up."""
        self._left += 1


#: What can nest without a line and an indentation of its own; fewer than so many of them cannot hurt.
_NESTING = ("[", "{", "- ", "? ", "-\t", "?\t")
_HARMLESS = 1_000


class Source:
    """Source of a document: its text, its nodes and their positions. `name` is the document's."""

    def __init__(self, name: str, text: str, limits: Limits) -> None:
        self.name = name
        self.text = text
        self.limits = limits
        self._root: Node | None = None
        self._mappings: dict[tuple[int, int], MappingNode] | None = None

    def compose(self) -> Node | None:
        """Parse the text to its YAML node tree; None for a file without a document.

        Raises:
            yaml.YAMLError: the file is not YAML.
            TooDeepError: it nests too deeply.
        """
        text = self.text
        suspicious = sum(text.count(opening) for opening in _NESTING) > _HARMLESS
        loader = GuardedLoader(text, self.limits.depth) if suspicious else LeanLoader(text)
        try:
            node: Node | None = loader.get_single_node()
        finally:
            loader.dispose()
        return node

    @property
    def root(self) -> Node:
        """Return the node tree of a file that is known to be well formed."""
        if self._root is None:
            root = self.compose()
            assert root is not None, "asked for nodes of an empty file"  # the reader refused it before
            self._root = root
        return self._root

    def mapping_at(self, position: Position) -> MappingNode | None:
        """Return the mapping that begins at a position (a capability, for example)."""
        if self._mappings is None:
            self._mappings = _mappings_by_start(self.root)
        return self._mappings.get((position.line - 1, position.column - 1))

    def position(self, node: Node) -> Position:
        """Return the position where a node begins."""
        mark = node.start_mark
        return Position(self.name, mark.line + 1, mark.column + 1)

    def at(self, mark: yaml.Mark | None) -> Position:
        """Convert libyaml's mark to a position; the file's beginning where there is none."""
        return Position(self.name, mark.line + 1, mark.column + 1) if mark is not None else Position(self.name, 1, 1)

    def note(
        self,
        problems: Problems,
        code: codes.Code,
        detail: str,
        node: Node,
        *,
        also: Iterable[Position] = (),
        warning: bool = False,
    ) -> None:
        """Note a problem at a node."""
        problems.add(code, detail, self.position(node), length=length(node), also=also, warning=warning)

    def within(self, node: Node, part: str, occurrence: int = 0) -> tuple[Position, int]:
        """Locate a part of a scalar's text in the file, with its length; the scalar itself where it is escaped."""
        start, end = node.start_mark, node.end_mark
        if occurrence == LAST:
            found = self.text.rfind(part, start.index, end.index)
        else:
            found = start.index - 1
            for _ in range(occurrence + 1):
                found = self.text.find(part, found + 1, end.index)
                if found < 0:
                    break
        if found < 0:
            return self.position(node), length(node)
        line, column = line_and_column(self.text[start.index : found])  # from where the scalar begins: files are long
        first = line == 1
        return Position(self.name, start.line + line, start.column + column if first else column), len(part)


def compose(source: Source, problems: Problems, *, may_be_empty: bool = False) -> Node | None:
    """Parse a file to its YAML node tree; None, with a problem noted unless it may be empty, where it has none."""
    try:
        root = source.compose()
    except TooDeepError as error:
        problems.add(codes.TOO_DEEP, too_deep_problem(source.limits), source.at(error.mark))
        return None
    except yaml.reader.ReaderError:
        problems.add(codes.SYNTAX, *_unprintable(source))
        return None
    except yaml.MarkedYAMLError as error:
        if error.problem == "but found another document":
            detail = (
                "A file holds one document. Put the part after this `---` into a file of its own and give both with -f."
            )
            problems.add(codes.SEVERAL_DOCUMENTS, detail, source.at(error.problem_mark))
        else:
            at = source.at(error.problem_mark or error.context_mark)
            opened = source.at(error.context_mark) if error.context_mark is not None else at
            problems.add(codes.SYNTAX, explained(error, source.text), at, also=[opened] if opened != at else [])
        return None
    if root is None and not may_be_empty:
        detail = "There is nothing in it. A platform file begins with `platform:`; see examples/."
        problems.add(codes.EMPTY, detail, Position(source.name, 1, 1))
    return root


def too_deep_problem(limits: Limits) -> str:
    """Word the problem of a file that nests too deeply."""
    return f"Values may nest {limits.depth} levels deep. No declaration needs more: check brackets and anchors."


def find_node(root: Node, path: tuple[Step, ...]) -> tuple[Node, Node | None]:
    """Return the node at a path and its key's node; steps that do not exist are skipped (a union's tag)."""
    node, key = root, None
    for step in path:
        below = _below(node, step)
        if below is not None:
            node, key = below
    return node, key


def key_node(root: Node, path: tuple[Step, ...]) -> Node | None:
    """Return the node of the key a path ends with; None where there is no such key."""
    node, _ = find_node(root, path[:-1])
    below = _below(node, path[-1])
    return below[1] if below is not None else None


def scalar_nodes(node: Node, within: frozenset[int] = frozenset()) -> Iterator[ScalarNode]:
    """Iterate over the scalars within a node, in reading order, without the keys of mappings.

    `within` are the nodes it stands in: an alias to one of them has nothing that was not read.
    """
    if isinstance(node, ScalarNode):
        yield node
    elif id(node) not in within:
        inside = within | {id(node)}
        for item in node.value:
            yield from scalar_nodes(item[1] if isinstance(node, MappingNode) else item, inside)


def length(node: Node) -> int:
    """Return how many characters to underline: a scalar's own line, or 1."""
    start, end = node.start_mark, node.end_mark
    if isinstance(node, ScalarNode) and start.line == end.line:
        return max(1, end.column - start.column)
    return 1


def _below(node: Node, step: Step) -> tuple[Node, Node | None] | None:
    if isinstance(node, MappingNode):
        return _entries(node).get(step)
    if isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step], None
    return None


def _entries(node: MappingNode) -> Mapping[Step, tuple[Node, Node]]:
    """Values and keys of a mapping by key, the first where one stands twice; kept, since each problem asks for it."""
    entries: dict[Step, tuple[Node, Node]] | None = getattr(node, _ENTRIES, None)
    if entries is None:
        entries = {}
        for key, value in node.value:
            if isinstance(key, ScalarNode):
                entries.setdefault(key.value, (value, key))
        setattr(node, _ENTRIES, entries)
    return entries


_ENTRIES = "entries_by_key"


def _mappings_by_start(root: Node) -> dict[tuple[int, int], MappingNode]:
    found: dict[tuple[int, int], MappingNode] = {}
    pending, seen = [root], set[int]()
    while pending:
        node = pending.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, MappingNode):
            found.setdefault((node.start_mark.line, node.start_mark.column), node)
            pending.extend(value for _, value in node.value)
        elif isinstance(node, SequenceNode):
            pending.extend(node.value)
    return found


def _unprintable(source: Source) -> tuple[str, Position]:
    bad = re.search("[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", source.text)
    offset = bad.start() if bad else 0
    character = ord(source.text[offset]) if bad else 0
    line, column = line_and_column(source.text, offset)
    detail = f"Character U+{character:04X} cannot stand in a YAML file. Remove it, or escape it in double quotes."
    return detail, Position(source.name, line, column)

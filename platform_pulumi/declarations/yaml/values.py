"""Reader of a node tree's plain values, in one pass.

References are resolved on the way, below the keys that may hold them; what is wrong with keys, tags, depth and size is
noted, and reading goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from platform_pulumi.declarations.diagnostics import codes
from platform_pulumi.declarations.diagnostics.problems import Problems
from platform_pulumi.declarations.yaml.scalars import STARTS, resolve_scalar
from platform_pulumi.declarations.yaml.source import Source, key_node, too_deep_problem

#: Resolves a scalar that holds a `$`: its text, its node.
Resolve = Callable[[str, Node], Any]


class _TooManyError(Exception):
    """Raised where the file holds more values than allowed."""


class ValueReader:
    """Reader of one file's values; `below` is what resolves the references that stand below a key, none elsewhere."""

    def __init__(self, source: Source, problems: Problems, below: Mapping[str, Resolve]) -> None:
        self._source = source
        self._problems = problems
        self._below = below
        self._left = source.limits.nodes
        self._plain_keys: set[str] = set()

    def read(self, root: Node) -> Any:
        """Read the value of a tree; None, with a problem noted, where it is larger than allowed."""
        try:
            return self._value(root, 0, None)
        except _TooManyError:
            detail = (
                f"A file may hold {self._source.limits.nodes:,} values; what an alias (`*name`) stands for counts"
                " wherever it is used. Split the file, or write fewer aliases."
            )
            self._problems.add(codes.TOO_MANY_NODES, detail, self._source.position(root))
            return None

    def _value(self, node: Node, depth: int, resolve: Resolve | None) -> Any:
        if depth > self._source.limits.depth:
            self._problems.add(codes.TOO_DEEP, too_deep_problem(self._source.limits), self._source.position(node))
            return None
        if node.tag is not None:
            self._refuse_tag(node)
        if isinstance(node, MappingNode):
            return self._mapping(node, depth, resolve)
        if isinstance(node, SequenceNode):
            self._count(len(node.value))
            return [self._value(item, depth + 1, resolve) for item in node.value]
        assert isinstance(node, ScalarNode)
        text: str = node.value
        if resolve is not None and "$" in text:
            return resolve(text, node)
        return text if node.style else resolve_scalar(text)

    def _mapping(self, node: MappingNode, depth: int, resolve: Resolve | None) -> dict[str, Any]:
        values: dict[str, Any] = {}
        pairs: list[tuple[Any, Any]] = node.value
        self._count(len(pairs))
        plain_keys = self._plain_keys
        refused: set[str] = set()
        for key, item in pairs:
            name = key.value
            if not ((isinstance(key, ScalarNode) and name in plain_keys) or self._is_good_key(key)):
                if isinstance(key, ScalarNode):
                    refused.add(name)
                continue
            if name in values or name in refused:
                self._refuse_duplicate(node, key)
                continue
            # The scalar's case of _value, repeated here: half of all calls would be to it.
            if isinstance(item, ScalarNode) and not item.tag:
                text = item.value
                if "$" in text and resolve is not None:
                    values[name] = resolve(text, item)
                elif item.style or (text and text[0] not in STARTS):
                    values[name] = text
                else:
                    values[name] = resolve_scalar(text)
            else:
                below = resolve or self._below.get(name)
                values[name] = self._value(item, depth + 1, below)
        return values

    def _count(self, number: int) -> None:
        self._left -= number
        if self._left < 0:
            raise _TooManyError

    def _is_good_key(self, key: Node) -> bool:
        if not isinstance(key, ScalarNode):
            detail = "A key is a word, not a list or mapping. Put text that begins with `[`, `{` or `?` in quotes."
            self._note(codes.KEY_NOT_TEXT, detail, key)
            return False
        if key.style:
            return True
        if key.value == "<<":
            self._note(codes.MERGE_KEY, "Merge keys (`<<`) are not part of YAML 1.2. Write the keys out.", key)
            return False
        if not isinstance(resolve_scalar(key.value), str):
            self._note(codes.KEY_NOT_TEXT, f'A key is text: write "{key.value}" in quotes.', key)
            return False
        self._plain_keys.add(key.value)
        return True

    def _refuse_duplicate(self, node: MappingNode, key: Node) -> None:
        first = key_node(node, (key.value,)) or key
        where = self._source.position(first)
        detail = f"`{key.value}` stands here for the second time; the first is on line {where.line}. Remove one."
        self._source.note(self._problems, codes.DUPLICATE_KEY, detail, key, also=[where])

    def _refuse_tag(self, node: Node) -> None:
        tag = node.tag.replace("tag:yaml.org,2002:", "!!")
        detail = f"Tags such as `{tag}` are not read. Remove it; put text that looks like a number in quotes."
        self._note(codes.TAG, detail, node)

    def _note(self, code: codes.Code, detail: str, node: Node) -> None:
        self._source.note(self._problems, code, detail, node)

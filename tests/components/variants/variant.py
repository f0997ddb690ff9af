"""Another value for one field of a declaration."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias


@dataclass(frozen=True)
class Variant:
    """Another `value` for a leaf. `base` changes the declaration before, on both sides; None takes a field away."""

    value: Any
    base: Mapping[str, Any] = field(default_factory=dict)

    def declarations(self, declared: Mapping[str, Any], leaf: str) -> tuple[dict[str, Any], dict[str, Any]]:
        """The declaration before and after."""
        before = copy.deepcopy(dict(declared))
        for path, value in self.base.items():
            put(before, path, value)
        after = copy.deepcopy(before)
        put(after, leaf, self.value)
        return before, after


#: Leaf path to other values for it.
Variants: TypeAlias = Mapping[str, list[Variant]]


def one(value: Any, **base: Any) -> list[Variant]:
    """The one other value."""
    return [Variant(value, base)]


def put(declaration: dict[str, Any], path: str, value: Any) -> None:
    """Set a leaf: `[]` is the list's first element, `.*` the mapping's first key; None removes it."""
    *parents, last = path.split(".")
    target: Any = declaration
    for parent in parents:
        name = parent.removesuffix("[]")
        target = target.setdefault(name, [{}] if parent.endswith("[]") else {})
        target = target[0] if parent.endswith("[]") else target
    if last == "*":
        target[next(iter(target))] = value
    elif last.endswith("[]"):
        target[last.removesuffix("[]")] = [value]
    elif value is None:
        target.pop(last, None)
    else:
        target[last] = value

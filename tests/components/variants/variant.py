"""Another value for one field of a declaration."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from tests.field_paths import put


@dataclass(frozen=True)
class Variant:
    """Another `value` for a leaf. `base` changes the declaration before, on both sides; None takes a field away.

    `refused`: no declaration may have it, whatever the provider.
    """

    value: Any
    base: Mapping[str, Any] = field(default_factory=dict)
    refused: bool = False

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

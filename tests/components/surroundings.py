"""Surroundings of a field: the declarations in which a change of that field alone is looked at.

A field may have its effect only beside others: a NAT gateway for each zone where there are public subnets for them.
Each type is looked at as its variants declare it, with no more than it needs, and in its own SURROUNDINGS.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from platform_pulumi.model.capabilities import CAPABILITY_TYPES
from tests.field_paths import put

from .variants import BASES, SURROUNDINGS

EVERYTHING, LEAST = "everything", "the least"


@dataclass(frozen=True)
class Surrounding:
    """A declaration around a field; `bound` are needs that it is wired to beside those of every test."""

    name: str
    properties: Mapping[str, Any]
    bound: tuple[str, ...] = ()


def surroundings(kind: str) -> Iterator[Surrounding]:
    """All surroundings of the fields of a type."""
    yield Surrounding(EVERYTHING, BASES[kind])
    yield Surrounding(LEAST, _least(kind))
    for name, changes in SURROUNDINGS[kind].items():
        properties = copy.deepcopy(dict(BASES[kind]))
        for path, value in changes.items():
            if path != "bound":
                put(properties, path, value)
        yield Surrounding(name, properties, tuple(changes.get("bound", ())))


def _least(kind: str) -> Mapping[str, Any]:
    """What is required: by the model, and by rules of its own (rabbitmq takes a version)."""
    fields, ruled = CAPABILITY_TYPES[kind].model_fields, {"version"} if kind == "message_queue" else set()
    return {name: value for name, value in BASES[kind].items() if fields[name].is_required() or name in ruled}

"""Leaf fields of a capability type, by path: the rows of fidelity tables."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import BaseModel


def walk(model: type[BaseModel], prefix: str = "") -> Iterator[str]:
    """Every leaf path below a model: `cidr`, `node_groups[].instance_type`, `env.*` for open mappings.

    Fields that only name a wired capability (`NEEDS`) are not properties and are left out.
    """
    wiring = {need.property for need in getattr(model, "NEEDS", ())}
    for name, info in model.model_fields.items():
        if name not in wiring:
            yield from _leaves(info.annotation, f"{prefix}{name}")


def _leaves(annotation: Any, path: str) -> Iterator[str]:
    annotation = _without_none(annotation)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield from walk(annotation, f"{path}.")
        return
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        yield f"{path}.*"
    elif isinstance(origin, type) and issubclass(origin, Sequence):
        yield from _leaves(arguments[0], f"{path}[]")
    else:
        yield path


def _without_none(annotation: Any) -> Any:
    if typing.get_origin(annotation) in {typing.Union, types.UnionType}:
        rest = [a for a in typing.get_args(annotation) if a is not type(None)]
        return rest[0] if len(rest) == 1 else annotation
    if typing.get_origin(annotation) is typing.Annotated:
        return _without_none(typing.get_args(annotation)[0])
    return annotation

"""Every leaf field of the document, by path (`tests/field_paths.py`), as its models declare them."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import BaseModel

from platform_pulumi.declarations.schemas.deferred import ListOf, MappingOf
from platform_pulumi.declarations.schemas.document import Document
from platform_pulumi.declarations.schemas.template_documents import TemplateShape, TriggersShape

#: Fields of the document whose shapes are read by themselves.
_APART: Mapping[str, type[BaseModel]] = {"triggers": TriggersShape, "template": TemplateShape}


def leaves(model: type[BaseModel] = Document, prefix: str = "") -> Iterator[str]:
    """Every leaf path below a model."""
    for name, info in model.model_fields.items():
        path = f"{prefix}{name}"
        deferred = next((mark for mark in info.metadata if isinstance(mark, ListOf)), None)
        if issubclass(model, Document) and name in _APART:
            yield from leaves(_APART[name], f"{path}.")
        elif deferred is not None:
            yield from leaves(deferred.entry, f"{path}.*." if isinstance(deferred, MappingOf) else f"{path}[].")
        else:
            yield from dict.fromkeys(_below(info.annotation, path))


def _below(annotation: Any, path: str) -> Iterator[str]:
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if annotation is type(None):
        return
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield from leaves(annotation, f"{path}.")
    elif origin in {typing.Union, types.UnionType}:
        for arm in arguments:
            yield from _below(arm, path)
    elif origin is typing.Annotated:
        yield from _below(arguments[0], path)
    elif isinstance(origin, type) and issubclass(origin, Mapping):
        yield f"{path}.*"
    elif isinstance(origin, type) and issubclass(origin, Sequence):
        yield from _below(arguments[0], f"{path}[]")
    else:
        yield path

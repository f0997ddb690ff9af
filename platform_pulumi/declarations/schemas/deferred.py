"""Base of all shapes (schema models), and fields that are validated later than the shape around them.

What a deferred field holds is taken as it is; whoever reads it validates each entry by itself, so that a wrong one does
not hide the others. The JSON Schema still says what belongs there.
"""

from __future__ import annotations

from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from platform_pulumi.model.strict import StrictModel

#: The key under which a deferred field's JSON Schema names its shape.
SHAPE = "x-shape"


class Shape(StrictModel):
    """Base of all shapes: the pydantic models of a document's parts."""


class ListOf:
    """Field type: a list of entries of a shape, validated one by one."""

    def __init__(self, entry: type[Shape]) -> None:
        self.entry = entry

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Accept anything: the entries are validated later."""
        del source, handler
        return core_schema.any_schema()

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Describe the entries; `json_schema` turns the name of the shape into a reference to its definition."""
        del schema, handler
        return self.described({SHAPE: self.entry.__name__})

    def described(self, entry: dict[str, Any]) -> dict[str, Any]:
        """Wrap the JSON Schema of an entry as that of a list."""
        return {"type": "array", "items": entry}


class MappingOf(ListOf):
    """Field type: entries of a shape by name."""

    def described(self, entry: dict[str, Any]) -> dict[str, Any]:
        """Wrap the JSON Schema of an entry as that of a mapping."""
        return {"type": "object", "additionalProperties": entry}


class OneOrListOf(ListOf):
    """Field type: one entry of a shape, or a list of them."""

    def described(self, entry: dict[str, Any]) -> dict[str, Any]:
        """Wrap the JSON Schema of an entry as that of one entry or a list."""
        return {"anyOf": [entry, {"type": "array", "items": entry}]}

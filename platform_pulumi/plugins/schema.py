"""Schema of a package's resource types: properties, their types and which are required. Plain data for a file.

A type is written as JSON: `"string"`, `"number"`, `"boolean"`, `"any"`, `{"enum": [...]}`, `{"list": T}`, `{"map": T}`,
`{"one": [T, ...]}` or `{"object": NAME}`, where NAME is a key of the package's objects.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

Shape = Any
ANY: Shape = "any"


@dataclass(frozen=True, slots=True)
class ObjectSchema:
    """Schema of a nested object: its fields by their provider's names, and those that are required."""

    fields: Mapping[str, Shape]
    required: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ResourceSchema:
    """Schema of a resource type.

    Args:
        inputs: property to type.
        required: inputs that must be given.
        outputs: output property to type.
        optional: outputs that are absent where nothing gives them; all others exist once the resource does.
        closed: whether a property that is not listed is a mistake.
    """

    token: str
    inputs: Mapping[str, Shape] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    outputs: Mapping[str, Shape] = field(default_factory=dict)
    optional: tuple[str, ...] = ()
    closed: bool = True


@dataclass(frozen=True, slots=True)
class Schemas:
    """Schemas of a package's types, as far as they were asked for, and the objects they use."""

    resources: dict[str, ResourceSchema] = field(default_factory=dict)
    objects: dict[str, ObjectSchema] = field(default_factory=dict)


class Types(Protocol):
    """Source of resource types."""

    @property
    def objects(self) -> Mapping[str, ObjectSchema]:
        """Schemas of the nested objects of the resource types that were asked for so far."""

    def resource(self, token: str) -> ResourceSchema:
        """Return a type's schema. Raises KeyError where there is none."""

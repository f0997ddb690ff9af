"""What a package says of a resource type: names, types and which must be given. Plain data that goes into a file.

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
    """A nested object: its fields by their provider's names, and those that must be given."""

    fields: Mapping[str, Shape]
    required: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ResourceSchema:
    """A resource type.

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
    """A package's types, as far as they were asked for, and the objects they use."""

    resources: dict[str, ResourceSchema] = field(default_factory=dict)
    objects: dict[str, ObjectSchema] = field(default_factory=dict)


class Types(Protocol):
    """Where resource types come from."""

    @property
    def objects(self) -> Mapping[str, ObjectSchema]:
        """The nested objects of the types asked for so far."""

    def resource(self, token: str) -> ResourceSchema:
        """A type's schema. Raises KeyError where there is none."""

"""Validation of inputs against a resource type: missing, unknown or of another kind. Unknown values pass."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from platform_pulumi.model.property_path import member
from platform_pulumi.model.signatures import SIGNATURE_KEY
from platform_pulumi.plugins.schema import ANY, ObjectSchema, ResourceSchema, Shape
from platform_pulumi.plugins.values import UNKNOWN, Sealed

_KINDS: Mapping[str, tuple[type, ...]] = {"string": (str,), "number": (int, float), "boolean": (bool,)}
#: Keys the SDKs and the engine add of their own accord.
_OURS = ("__defaults", "__internal", "__pulumi")


@dataclass(frozen=True, slots=True)
class Failure:
    """Invalid property (`scalingConfig.minSize`) and the reason, which never shows a secret."""

    path: str
    reason: str


def check(schema: ResourceSchema, objects: Mapping[str, ObjectSchema], inputs: Mapping[str, Any]) -> list[Failure]:
    """List everything that is wrong with the inputs of a resource."""
    if not schema.closed:
        return []
    return list(_object(ObjectSchema(schema.inputs, schema.required), objects, inputs, "", schema.token))


def _object(
    schema: ObjectSchema, objects: Mapping[str, ObjectSchema], value: Mapping[str, Any], path: str, what: str
) -> Iterator[Failure]:
    for name in schema.required:
        if value.get(name) is None:
            yield Failure(member(path, name), f"missing required property {name!r} of {what}")
    for name, item in value.items():
        if name in schema.fields:
            yield from _value(schema.fields[name], objects, item, member(path, name))
        elif not name.startswith(_OURS):
            near = difflib.get_close_matches(name, schema.fields, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            yield Failure(member(path, name), f"{what} has no property {name!r}{hint}")


def _value(shape: Shape, objects: Mapping[str, ObjectSchema], value: Any, path: str) -> Iterator[Failure]:
    secret = isinstance(value, Sealed)
    while isinstance(value, Sealed):
        value = value.value
    if shape == ANY or value is None or value is UNKNOWN or (isinstance(value, dict) and SIGNATURE_KEY in value):
        return
    if isinstance(shape, str):
        if not isinstance(value, _KINDS[shape]) or (shape == "number" and isinstance(value, bool)):
            yield Failure(path, f"should be a {shape}, not {_kind(value)}")
    elif "enum" in shape:
        if value not in shape["enum"]:
            shown = "this secret" if secret else repr(value)
            yield Failure(path, f"should be one of {', '.join(map(repr, shape['enum']))}, not {shown}")
    elif "list" in shape:
        yield from _list(shape["list"], objects, value, path)
    elif "map" in shape:
        yield from _map(shape["map"], objects, value, path)
    elif "one" in shape:
        yield from _one(shape["one"], objects, value, path)
    elif isinstance(value, dict):
        name = shape["object"]
        yield from _object(objects[name], objects, value, path, name.rpartition(".")[2].removesuffix("Args"))
    else:
        yield Failure(path, f"should be an object, not {_kind(value)}")


def _list(shape: Shape, objects: Mapping[str, ObjectSchema], value: Any, path: str) -> Iterator[Failure]:
    if not isinstance(value, list):
        yield Failure(path, f"should be a list, not {_kind(value)}")
        return
    for index, item in enumerate(value):
        yield from _value(shape, objects, item, f"{path}[{index}]")


def _map(shape: Shape, objects: Mapping[str, ObjectSchema], value: Any, path: str) -> Iterator[Failure]:
    if not isinstance(value, dict):
        yield Failure(path, f"should be a mapping, not {_kind(value)}")
        return
    for name, item in value.items():
        yield from _value(shape, objects, item, member(path, name))


def _one(shapes: list[Shape], objects: Mapping[str, ObjectSchema], value: Any, path: str) -> Iterator[Failure]:
    """The failures of the alternative that fits best, none where one fits."""
    tried = [list(_value(shape, objects, value, path)) for shape in shapes]
    # An alternative that goes wrong deeper inside is nearer than one of another kind altogether.
    yield from min(tried, key=lambda failures: (len(failures), sum(failure.path == path for failure in failures)))


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "a boolean"
    if isinstance(value, str):
        return "a string"
    if isinstance(value, (int, float)):
        return "a number"
    return "a list" if isinstance(value, list) else "an object"

"""Type of an input by its path, in the words of a plan: string, number, boolean, array or object."""

from __future__ import annotations

from collections.abc import Mapping

from platform_pulumi.model.property_path import Elements, parse
from platform_pulumi.plugins.schema import ANY, ObjectSchema, Shape, Types

_WORDS = {"list": "array", "map": "object", "object": "object"}
_VALUES: Mapping[type, str] = {str: "string", bool: "boolean", int: "number", float: "number"}


def input_type(types: Types, token: str, path: str) -> str:
    """Return the type of an input of a resource type; "" where the types do not say."""
    try:
        inputs = types.resource(token).inputs
    except (KeyError, ImportError, AttributeError, NameError, TypeError):
        return ""  # a type, or a package, that this SDK does not have, or has in a form of its own
    name, *rest = parse(path)
    return _word(_at(inputs.get(str(name), ANY), tuple(rest), types.objects), types.objects)


def _at(shape: Shape, elements: Elements, objects: Mapping[str, ObjectSchema]) -> Shape:
    if not elements or not isinstance(shape, dict):
        return ANY if elements else shape
    element, *rest = elements
    if "one" in shape:
        found = (_at(one, elements, objects) for one in shape["one"])
        return next((one for one in found if one != ANY), ANY)
    if isinstance(element, int):
        inner = shape.get("list", ANY)
    elif "object" in shape:
        inner = objects[shape["object"]].fields.get(element, ANY)
    else:
        inner = shape.get("map", ANY)
    return _at(inner, tuple(rest), objects)


def _word(shape: Shape, objects: Mapping[str, ObjectSchema]) -> str:
    if not isinstance(shape, dict):
        return "" if shape == ANY else str(shape)
    if "one" in shape:  # text or a document: what comes first
        return next((word for one in shape["one"] if (word := _word(one, objects))), "")
    if "enum" in shape:
        return _VALUES.get(type(shape["enum"][0]), "") if shape["enum"] else ""
    return next((word for kind, word in _WORDS.items() if kind in shape), "")

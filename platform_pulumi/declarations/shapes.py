"""Reads values into shapes. What is wrong is noted and left out, and the rest is read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from yaml.nodes import Node

from platform_pulumi.declarations import plain
from platform_pulumi.declarations.problems import Problems
from platform_pulumi.declarations.source import Source

#: One error of pydantic's list.
Details = Mapping[str, Any]


def read(shape: str, data: Any, node: Node, source: Source, problems: Problems) -> Any:
    """Read a shape of a platform file by its name; what does not fit is noted and left out.

    A field that was left out is None; one that is required and wrong is missing.
    """
    plain_shape = plain.read(shape, data)
    if plain_shape is not None:
        return plain_shape
    from platform_pulumi.declarations import document, misfits  # noqa: PLC0415  # only where something is not plain

    return misfits.read(getattr(document, shape), data, node, source, problems)


def kind_of(value: Any) -> str:
    """What a value is, in a person's words."""
    if value is None:
        return "nothing"
    names = {bool: "true or false", int: "a number", float: "a number", str: "text", list: "a list", dict: "a mapping"}
    return names.get(type(value), "a reference")

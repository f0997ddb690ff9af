"""Reads values into pydantic shapes. What is wrong is noted and left out, and the rest is read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from yaml.nodes import Node

from platform_pulumi.declarations import codes
from platform_pulumi.declarations.problems import Problems
from platform_pulumi.declarations.source import Source, length

ModelT = TypeVar("ModelT", bound=BaseModel)
#: One error of pydantic's list.
Details = Mapping[str, Any]


def read(model: type[ModelT], data: Any, node: Node, source: Source, problems: Problems) -> ModelT:
    """Read a shape; what does not fit is noted and left out."""
    if not isinstance(data, dict):
        if data is not None:
            detail = f"This should be a mapping: `key: value` lines. It is {kind_of(data)}."
            problems.add(codes.WRONG_VALUE, detail, source.position(node), length=length(node))
        return model.model_construct()
    try:
        return model.model_validate(data)
    except ValidationError as error:
        from platform_pulumi.declarations import misfits  # noqa: PLC0415  # only where something is wrong

        errors = error.errors(include_url=False)
        misfits.Report(model, node, source, problems).note(errors)
        return misfits.lenient(model, data, errors)


def kind_of(value: Any) -> str:
    """What a value is, in a person's words."""
    if value is None:
        return "nothing"
    names = {bool: "true or false", int: "a number", float: "a number", str: "text", list: "a list", dict: "a mapping"}
    return names.get(type(value), "a reference")

"""Reader of values into shapes. What is wrong is noted and left out, and the rest is read.

The models of `document` say what is right. They are loaded only for what the checks generated from them do not take: to
read it all the same, or to find the words for a mistake.
"""

from __future__ import annotations

from typing import Any

from yaml.nodes import Node

from platform_pulumi.declarations.diagnostics.problems import Problems
from platform_pulumi.declarations.schemas.field_checks import SHAPES
from platform_pulumi.declarations.yaml.source import Source


def read(shape: str, data: Any, node: Node, source: Source, problems: Problems) -> Any:
    """Read data as a shape of a platform file, given by name; invalid values are noted as problems and left out.

    A field that was left out is None; one that is required and wrong is missing.
    """
    accepted = SHAPES[shape].accept(data)
    if accepted is not None:
        return accepted
    from platform_pulumi.declarations.schemas import document, validation_errors  # noqa: PLC0415

    return validation_errors.read(getattr(document, shape), data, node, source, problems)


def empty(shape: str) -> Any:
    """Build an empty shape."""
    return SHAPES[shape].accept({})

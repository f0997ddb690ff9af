"""Inputs of a resource as a plan shows them: without the bookkeeping of providers, unknowns by their types."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from platform_pulumi.model.unknown import UNKNOWN_TYPES


def shown_inputs(inputs: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Return the inputs for people; None where there are none."""
    return None if inputs is None else _shown_members(inputs)


def shown_value(value: Any) -> Any:
    """Return one value of inputs for people."""
    if isinstance(value, Mapping):
        return _shown_members(value)
    if isinstance(value, list):
        return [shown_value(item) for item in value]
    if isinstance(value, str) and value in UNKNOWN_TYPES:
        return {"unknown": True, "type": UNKNOWN_TYPES[value]}
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def _shown_members(members: Mapping[str, Any]) -> dict[str, Any]:
    return {name: shown_value(item) for name, item in members.items() if not name.startswith("__")}

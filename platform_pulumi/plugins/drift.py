"""Drift on request: what somebody outside of Pulumi has changed about a resource."""

from __future__ import annotations

from typing import Any

from platform_pulumi.plugins.paths import covers
from platform_pulumi.plugins.table import Entry
from platform_pulumi.plugins.values import Properties

#: Who is to blame.
_CULPRIT = "somebody"


def drifted(entry: Entry, inputs: Properties, outputs: Properties) -> tuple[Properties, Properties]:
    """Inputs and outputs after the change: a number or switch where there is one, else tags, annotations or a text."""
    name = _victim(entry, inputs)
    if name is None:
        return inputs, outputs
    changed = _changed(inputs[name])
    return {**inputs, name: changed}, {**outputs, name: changed}


def _victim(entry: Entry, inputs: Properties) -> str | None:
    free = [
        name
        for name in inputs
        if not name.startswith("__") and name != entry.name and not any(covers(key, name) for key in entry.replace)
    ]
    for kinds in ((bool, int, float), (dict,), (str,)):
        for name in free:
            if isinstance(inputs[name], kinds):
                return name
    return None


def _changed(value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    if isinstance(value, (int, float)):
        return value + 1
    if isinstance(value, dict):
        if "annotations" in value or "name" in value:
            return {**value, "annotations": {**(value.get("annotations") or {}), "changed-by": _CULPRIT}}
        return {**value, "changed-by": _CULPRIT}
    return f"{value} (changed by {_CULPRIT})"

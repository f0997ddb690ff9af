"""Drift of a simulated resource: the change that somebody outside of Pulumi makes."""

from __future__ import annotations

from typing import Any

from platform_pulumi.model.property_path import overlap
from platform_pulumi.plugins.table import Entry
from platform_pulumi.plugins.values import Properties
from platform_pulumi.plugins.world import is_mark

#: Who is to blame.
_CULPRIT = "somebody"


def drifted(entry: Entry, inputs: Properties, outputs: Properties) -> tuple[Properties, Properties]:
    """Return inputs and outputs after the drift: a changed number or switch, else tags, annotations or a text.

    Left alone are names, what forces a replacement, deletion protection and secrets (marks).
    """
    name = _victim(entry, inputs)
    if name is None:
        return inputs, outputs
    changed = _changed(inputs[name])
    return {**inputs, name: changed}, {**outputs, name: changed}


def _victim(entry: Entry, inputs: Properties) -> str | None:
    free = [
        name
        for name in inputs
        if not name.startswith("__")
        and name not in {entry.name, entry.protection}
        and not is_mark(inputs[name])
        and not any(overlap(key, name, indexes=False) for key in entry.replace)
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

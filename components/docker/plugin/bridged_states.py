"""States of networks, volumes and remote images: their diff, their planned outputs, and their refresh.

What changes is found between the recorded *outputs* and the new inputs, as the bridge does.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from components.docker.plugin.bridged_schema import DEFAULTS, BridgedSchema, without_defaults
from platform_pulumi.plugins.diffs import Change
from platform_pulumi.plugins.provider import State
from platform_pulumi.plugins.values import UNKNOWN, Properties, Sealed, open_value


def changes(schema: BridgedSchema, recorded: Properties, inputs: Properties) -> list[Change]:
    """Compare the recorded outputs with these inputs."""
    old, new = open_value(recorded), without_defaults(open_value(inputs))
    return [
        Change(path, kind, field.replaces)
        for name, field in sorted(schema.fields.items())
        if not (field.computed and new.get(name) is None)
        for path, kind in schema.compare(name, old.get(name), new.get(name))
    ]


def planned(schema: BridgedSchema, old: State | None, inputs: Properties, more: Mapping[str, Any]) -> Properties:
    """Return the outputs of a previewed create or update.

    Those of a create are the inputs given, unknown what Docker fills in, else nothing; and `more`, which are no inputs.
    """
    given = without_defaults(inputs)
    if old is not None:
        return {**old.outputs, **given}
    known = {name: given.get(name, UNKNOWN if field.computed else None) for name, field in schema.fields.items()}
    return {**known, **more}


def refreshed(schema: BridgedSchema, inputs: Properties, outputs: Properties) -> Properties:
    """Return the recorded inputs where reality agrees with them, else reality; all that is known of an import."""
    if not inputs:
        found = {name: outputs.get(name) for name in schema.fields}
        return {**schema.noted({name: value for name, value in found.items() if value}), DEFAULTS: []}
    real = {name: outputs.get(name) for name in inputs if name in schema.fields}
    differ = {change.root for change in changes(schema, real, inputs)}
    changed = {name: value for name, value in schema.noted(real).items() if name in differ and value is not None}
    kept = {name: value for name, value in inputs.items() if name not in differ}
    return {**kept, **sealed_like(inputs, changed)}


def sealed_like(inputs: Properties, outputs: Properties) -> Properties:
    """Mark each output as secret where something in the input of its name is."""
    return {
        name: Sealed(value) if name in inputs and _has_secret(inputs[name]) else value
        for name, value in outputs.items()
    }


def _has_secret(value: Any) -> bool:
    if isinstance(value, dict):
        return any(_has_secret(item) for item in value.values())
    if isinstance(value, list):
        return any(_has_secret(item) for item in value)
    return isinstance(value, Sealed)

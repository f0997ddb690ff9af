"""Outputs of a simulated resource: its inputs, echoed, and deterministic computed outputs.

A computed output that the SDK types as always there exists once the resource does; an optional one is there only where
an input or the table gives it. All of them are unknown while a create is previewed.
"""

from __future__ import annotations

from typing import Any

from platform_pulumi.model.property_path import value_at
from platform_pulumi.plugins.schema import Shape
from platform_pulumi.plugins.table import Entry, Resource
from platform_pulumi.plugins.value_templates import digest, render
from platform_pulumi.plugins.values import UNKNOWN, Properties, open_value


def planned(resource: Resource, inputs: Properties) -> Properties:
    """Return the outputs of a previewed create: inputs, and every computed output unknown."""
    return {**inputs, **_mirrored(resource, inputs), **dict.fromkeys(_computed(resource, inputs), UNKNOWN)}


def created(resource: Resource, inputs: Properties) -> tuple[str, Properties]:
    """Return the id and the outputs of a new resource."""
    values = _values(resource, inputs)
    identifier = render(resource.entry.id, f"{resource.seed}#id", values)
    return identifier, _complete(resource, inputs, {**values, "id": identifier})


def updated(resource: Resource, identifier: str, old: Properties, inputs: Properties, changed: set[str]) -> Properties:
    """Return the outputs after an update: new inputs, old computed outputs but for those the table changes."""
    anew = _complete(resource, inputs, {**_values(resource, inputs), "id": identifier})
    return {**anew, **_kept(resource, old, inputs, changed)}


def update_planned(resource: Resource, old: Properties, inputs: Properties, changed: set[str]) -> Properties:
    """Return the outputs of a previewed update: what the table says may change is unknown."""
    return {**planned(resource, inputs), **_kept(resource, old, inputs, changed)}


def _complete(resource: Resource, inputs: Properties, values: Properties) -> Properties:
    made = _made(resource, values)
    computed = {
        name: made[name] if name in made else _of_shape(resource, name, resource.schema.outputs.get(name))
        for name in _computed(resource, inputs)
    }
    return {**inputs, **_mirrored(resource, inputs), **computed}


def _kept(resource: Resource, old: Properties, inputs: Properties, changed: set[str]) -> Properties:
    return {
        name: old[name]
        for name in _computed(resource, inputs)
        if name in old and not _changes(resource.entry, name, changed)
    }


def _changes(entry: Entry, name: str, changed: set[str]) -> bool:
    return name in entry.changes and (not entry.changes[name] or not changed.isdisjoint(entry.changes[name]))


def _computed(resource: Resource, inputs: Properties) -> list[str]:
    schema, entry = resource.schema, resource.entry
    given = {*inputs, *_mirrored(resource, inputs)}
    names = [name for name in schema.outputs if name not in given and name not in schema.optional]
    tabled = (*(name for name in entry.outputs if name in schema.outputs), *entry.present)
    names += [name for name in tabled if name not in given and name not in names]
    return [name for name in names if entry.absent is None or not entry.absent(inputs, name)]


def _mirrored(resource: Resource, inputs: Properties) -> Properties:
    """Outputs that only repeat what is known: tags with the provider's, and the region."""
    mirrored: Properties = {}
    if "tagsAll" in resource.schema.outputs:
        mirrored["tagsAll"] = inputs.get("tags") or {}
    if "region" in resource.schema.outputs:
        mirrored["region"] = inputs.get("region") or resource.region
    return mirrored


def _values(resource: Resource, inputs: Properties) -> Properties:
    values = {"region": resource.region, "account": resource.account, "version": resource.version, **open_value(inputs)}
    if resource.entry.name and value_at(values, resource.entry.name) is None and "." not in resource.entry.name:
        values[resource.entry.name] = f"{resource.urn.name}-{digest(resource.seed)[:7]}"
    if resource.entry.assigned is not None:
        values |= resource.entry.assigned(resource, values)
    return values


def _made(resource: Resource, values: Properties) -> Properties:
    made: Properties = {}
    for name, form in resource.entry.outputs.items():
        text = render(form, resource.seed, values)
        made[name] = int(text) if resource.schema.outputs.get(name) == "number" else text
    if resource.entry.name and "." not in resource.entry.name:
        made[resource.entry.name] = values[resource.entry.name]
    if resource.entry.computed is not None:
        made |= resource.entry.computed(resource, {**values, **made})
    return made


def _of_shape(resource: Resource, name: str, shape: Shape) -> Any:
    """A plain value of a type: the package's own words or digits; empty lists and mappings."""
    hashed = digest(resource.seed, name)
    if shape == "string":
        text = resource.package.text(resource, name)
        return hashed[:17] if text is None else text
    if shape == "number":
        return int(hashed[:4], 16)
    if shape == "boolean":
        return False
    return [] if isinstance(shape, dict) and "list" in shape else {}


def derived_secret(*parts: object) -> str:
    """Derive a deterministic secret: different for different parts, the same on every machine."""
    return digest("simulated secret", *parts)[:32]

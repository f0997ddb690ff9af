"""JSON Schema of the files, made from the models that read them (`platform schema`, docs/platform.schema.json).

Editors show its descriptions and underline what does not fit. Where a field takes a number, a yes or no or one of a
few words, a `${...}` reference is accepted as well: what it stands for is checked when the file is read.
"""

from __future__ import annotations

from typing import Any

from platform_pulumi.declarations.schemas.deferred import SHAPE, Shape
from platform_pulumi.declarations.schemas.document import (
    ApplicationShape,
    CapabilityEntry,
    ConstraintEntry,
    Document,
    OutputEntry,
    ProviderShape,
)
from platform_pulumi.declarations.schemas.template_documents import (
    TemplateCapabilityEntry,
    TemplateOutputEntry,
    TemplateParameterEntry,
    TemplateShape,
    TriggersShape,
)
from platform_pulumi.model.capabilities import CAPABILITY_TYPES
from platform_pulumi.model.capability import CapabilityProperties

#: Shapes that are read by themselves: below the root, and as entries of lists.
_ROOTS: dict[str, type[Shape]] = {"triggers": TriggersShape, "template": TemplateShape}
_ENTRIES: tuple[type[Shape], ...] = (
    CapabilityEntry, ConstraintEntry, OutputEntry, ApplicationShape, ProviderShape,
    TemplateParameterEntry, TemplateCapabilityEntry, TemplateOutputEntry,
)  # fmt: skip
_DIALECT = "https://json-schema.org/draft/2020-12/schema"
#: Values of an open mapping (environment variables): numbers and booleans are written out.
_WRITTEN_OUT = {"type": ["string", "number", "boolean"]}
#: Keywords that hold schemas by name, one schema, or a list of them.
_BY_NAME, _SINGLE, _LISTS = ("properties", "$defs"), ("items", "additionalProperties"), ("anyOf", "allOf", "oneOf")


def schema() -> dict[str, Any]:
    """Build the schema; see `platform_pulumi.declarations.schema`."""
    definitions: dict[str, Any] = {}
    shapes: tuple[type[Shape], ...] = (Document, *_ROOTS.values(), *_ENTRIES)
    for shape in shapes:
        own = _tidy(shape.model_json_schema())
        definitions.update({**own.pop("$defs", {}), shape.__name__: own})
    document = definitions.pop(Document.__name__)
    for root, shape in _ROOTS.items():
        document["properties"][root].update(_defined(shape.__name__))
    definitions["Reference"] = {
        "type": "string",
        "pattern": r"\$\{[^}]+\}",
        "description": "${env:X}, ${file:p}, ${vault:p#key}, ${aws-sm:n}, ${app.x}, ${tier2.x}, ${capability.x}",
    }
    for name, model in CAPABILITY_TYPES.items():
        definitions.update(_type_definitions(name, model))
    _tell_types_apart(definitions["CapabilityEntry"])
    return {
        "$schema": _DIALECT,
        "title": "platform/v1",
        **document,
        "anyOf": [{"required": [root]} for root in ("platform", "triggers", "template")],
        "$defs": dict(sorted(definitions.items())),
    }


def _type_definitions(name: str, model: type[CapabilityProperties]) -> dict[str, Any]:
    """A type's schema and those of its groups, under names of their own."""
    own = _with_references(_tidy(model.model_json_schema(ref_template=f"#/$defs/{name}.{{model}}")))
    inner = own.pop("$defs", {})
    return {name: own, **{f"{name}.{group}": definition for group, definition in inner.items()}}


def _tell_types_apart(entry: dict[str, Any]) -> None:
    """A capability has a type with that type's properties, or a template with parameters."""
    entry["properties"]["type"] = {
        "description": entry["properties"]["type"]["description"],
        "enum": list(CAPABILITY_TYPES),
    }
    entry["required"] = ["name"]
    entry["oneOf"] = [{"required": ["type"]}, {"required": ["template"]}]
    entry["allOf"] = [
        {
            "if": {"properties": {"type": {"const": name}}, "required": ["type"]},
            "then": {"properties": {"properties": _defined(name)}},
        }
        for name in CAPABILITY_TYPES
    ]


def _defined(name: str) -> dict[str, Any]:
    return {"$ref": f"#/$defs/{name}"}


def _tidy(node: Any) -> Any:
    """Drop titles, which only repeat the names, and null beside a single other type."""
    if isinstance(node, list):
        return [_tidy(item) for item in node]
    if not isinstance(node, dict):
        return node
    if SHAPE in node:
        return _defined(node[SHAPE])
    tidy: dict[str, Any] = {}
    for key, value in node.items():
        if key == "title" and isinstance(value, str):
            continue
        if key == "default" and value is None:
            continue
        tidy[key] = {name: _tidy(item) for name, item in value.items()} if key in _BY_NAME else _tidy(value)
    branches = [branch for branch in tidy.get("anyOf", ()) if branch != {"type": "null"}]
    if len(branches) == 1:  # an editor says more of one schema than of "none of these two"
        del tidy["anyOf"]
        tidy = {**branches[0], **tidy}
    return tidy


def _with_references(node: dict[str, Any]) -> dict[str, Any]:
    """A type's schema with references accepted wherever a plain value is."""
    changed = dict(node)
    for key, value in node.items():
        if key in _BY_NAME:
            changed[key] = {
                name: _with_references(item) if key == "$defs" else _referable(item) for name, item in value.items()
            }
        elif key == "additionalProperties" and value is True:
            changed[key] = _WRITTEN_OUT
        elif key in _SINGLE and isinstance(value, dict):
            changed[key] = _referable(value)
    return changed


def _referable(node: dict[str, Any]) -> dict[str, Any]:
    """A field's schema that also takes a reference."""
    about: dict[str, Any] = {key: node[key] for key in ("description", "default") if key in node}
    rest = {key: value for key, value in node.items() if key not in about}
    if not rest:
        return {"type": "string", **about}
    kind = rest.get("type")
    if "$ref" in rest or kind in ("object", "array"):
        return {**_with_references(rest), **about}
    if any(key in rest for key in _LISTS):
        branches = [_with_references(branch) if isinstance(branch, dict) else branch for branch in rest["anyOf"]]
        branches = [branch or {"type": "string"} for branch in branches]
        plain = any(branch.get("type") not in ("object", "array", "null", None) for branch in branches)
        return {"anyOf": [*branches, *([_defined("Reference")] if plain else [])], **about}
    if kind == "string" and len(rest) == 1:
        return node
    return {"anyOf": [rest, _defined("Reference")], **about}

"""Templates (specification, section 7.1) and their uses: parsed and checked, not expanded yet.

Within a template `${name}` is a parameter; what lies outside of it keeps its usual form (`${env:X}`, `${tier2.x}`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from yaml.nodes import Node

from platform_pulumi.declarations.compiler.parsed import ParsedDocument
from platform_pulumi.declarations.compiler.source_map import DocumentSourceMap
from platform_pulumi.declarations.diagnostics import codes
from platform_pulumi.declarations.diagnostics.problems import Problems
from platform_pulumi.declarations.diagnostics.wording import did_you_mean, listed, unknown_type
from platform_pulumi.declarations.references.grammar import Malformed, is_identifier, numbered, parse
from platform_pulumi.declarations.schemas import checks, validation_errors
from platform_pulumi.declarations.schemas.template_documents import (
    TemplateCapabilityEntry,
    TemplateOutputEntry,
    TemplateParameterEntry,
    TemplateShape,
    TriggersShape,
)
from platform_pulumi.declarations.yaml.source import Source, find_node, scalar_nodes
from platform_pulumi.model.capabilities import CAPABILITY_TYPES
from platform_pulumi.model.platform import TemplateDeclaration
from platform_pulumi.model.value import CapabilityOutput, Secret, TierOutput

_TYPES: Mapping[str, type | tuple[type, ...]] = {
    "string": str, "int": int, "bool": bool, "duration": str, "map": dict, "list": list,
}  # fmt: skip
_WORDS = {
    "string": "text", "int": "a whole number", "bool": "true or false", "duration": "a duration such as 10s",
    "map": "a mapping", "list": "a list",
}  # fmt: skip


def read(document: Any, root: Node, source: Source, problems: Problems, parsed: ParsedDocument) -> None:
    """Check a file's template and triggers, and note that it declares them."""
    if document.triggers is not None:
        node, _ = find_node(root, ("triggers",))
        triggers = validation_errors.read(TriggersShape, document.triggers, node, source, problems)
        parsed.triggers = triggers.model_dump(exclude_none=True)
    if document.template is None:
        return
    node, key = find_node(root, ("template",))
    shape = validation_errors.read(TemplateShape, document.template, node, source, problems)
    checker = _Template(source, problems)
    parameters = checker.parameters(shape.parameters, find_node(node, ("parameters",))[0])
    checker.capabilities(shape.capabilities, find_node(node, ("capabilities",))[0])
    checker.outputs(shape.outputs, find_node(node, ("outputs",))[0])
    checker.references(node)
    name = getattr(shape, "name", None)
    if name is not None:
        position = source.position(key or node)
        parsed.templates.append(TemplateDeclaration(name, getattr(shape, "version", None), position, parameters))


def check_uses(
    uses: Iterable[TemplateDeclaration],
    known: Collection[TemplateDeclaration],
    problems: Problems,
    source_map: DocumentSourceMap,
) -> None:
    """Check uses of templates against those the files declare; others may come from a registry and stay open."""
    names = {template.name for template in known}
    for use in uses:
        versions = {template.version: template for template in known if template.name == use.name}
        if not versions:
            if names:
                position, size = source_map.key(use.declared_at, "template")
                detail = f"No file declares the template `{use.name}`.{did_you_mean(use.name, names)}"
                problems.add(codes.TEMPLATE, detail, position, length=size)
            continue
        template = versions.get(use.version) if use.version is not None else next(iter(versions.values()))
        if template is None:
            position, size = source_map.key(use.declared_at, "version")
            detail = f"Template `{use.name}` is declared in version {listed(v or '' for v in versions)}."
            also = [declared.declared_at for declared in versions.values()]
            problems.add(codes.TEMPLATE, detail, position, length=size, also=also)
            continue
        _check_parameters(use, template, problems, source_map)


def _check_parameters(
    use: TemplateDeclaration, template: TemplateDeclaration, problems: Problems, source_map: DocumentSourceMap
) -> None:
    for name, parameter in template.parameters.items():
        if parameter["required"] and name not in use.parameters:
            position, size = source_map.key(use.declared_at, "template")
            detail = f"Template `{use.name}` needs the parameter `{name}`: {_WORDS[parameter['type']]}."
            problems.add(codes.TEMPLATE_PARAMETER, detail, position, length=size, also=[parameter["declared_at"]])
    for name, value in use.parameters.items():
        if name not in template.parameters:
            hint = did_you_mean(name, template.parameters) or f" It has {listed(template.parameters)}."
            detail, also = f"`{use.name}` has no parameter `{name}`.{hint}", template.declared_at
        elif reason := _parameter_error(template.parameters[name], value):
            detail, also = f"`{name}` {reason}", template.parameters[name]["declared_at"]
        else:
            continue
        position, size = source_map.within(use.declared_at, "parameters", name)
        problems.add(codes.TEMPLATE_PARAMETER, detail, position, length=size, also=[also])


def _parameter_error(parameter: Mapping[str, Any], value: Any) -> str:
    """Say why a value does not fit a parameter; empty where it does, or is not known yet."""
    if isinstance(value, (Secret, TierOutput, CapabilityOutput)):
        return ""
    kind = parameter["type"]
    if not isinstance(value, _TYPES[kind]) or (kind == "int" and isinstance(value, bool)):
        return f"should be {_WORDS[kind]}."
    if kind == "duration" and not checks.duration(value):
        return "should be a duration such as 10s, 5m or 1h."
    pattern: str | None = parameter["validation"]
    if pattern is not None and not re.fullmatch(pattern, str(value)):
        return f"should look like {pattern}."
    return ""


class _Template:
    """Checker of the parts of one template."""

    def __init__(self, source: Source, problems: Problems) -> None:
        self._source = source
        self._problems = problems
        self._declared: dict[str, Mapping[str, Any]] = {}

    def parameters(self, declared: Any, node: Node) -> Mapping[str, Mapping[str, Any]]:
        """The parameters by name."""
        for entry, item in self._entries(declared, node, "parameters"):
            shape = validation_errors.read(TemplateParameterEntry, entry, item, self._source, self._problems)
            name, kind = getattr(shape, "name", None), getattr(shape, "type", None)
            if name is None or kind is None:
                continue
            if name in self._declared:
                self._note(
                    codes.DUPLICATE_NAME, f"Parameter `{name}` is declared twice.", find_node(item, ("name",))[0]
                )
                continue
            default = getattr(shape, "default", None)
            required = default is None and getattr(shape, "required", None) is not False
            parameter = {
                "type": kind,
                "required": required,
                "validation": self._pattern(shape, item),
                "declared_at": self._source.position(item),
            }
            self._declared[name] = parameter
            if default is not None and (reason := _parameter_error(parameter, default)):
                self._note(
                    codes.TEMPLATE_PARAMETER, f"The default of `{name}` {reason}", find_node(item, ("default",))[0]
                )
        return self._declared

    def _pattern(self, shape: TemplateParameterEntry, item: Node) -> str | None:
        pattern = getattr(shape, "validation", None)
        if pattern is None:
            return None
        try:
            re.compile(pattern)
        except (re.error, RecursionError, OverflowError) as error:
            detail = f"`validation` is not a regular expression: {error}."
            self._note(codes.TEMPLATE_PARAMETER, detail, find_node(item, ("validation",))[0])
            return None
        return str(pattern)

    def capabilities(self, declared: Any, node: Node) -> None:
        """Names and types of the template's capabilities; their properties are checked where it is used."""
        for entry, item in self._entries(declared, node, "capabilities"):
            kind = getattr(
                validation_errors.read(TemplateCapabilityEntry, entry, item, self._source, self._problems), "type", None
            )
            if kind is not None and "${" not in kind and kind not in CAPABILITY_TYPES:
                self._note(codes.UNKNOWN_TYPE, unknown_type(kind), find_node(item, ("type",))[0])

    def outputs(self, declared: Any, node: Node) -> None:
        """The template's outputs."""
        for entry, item in self._entries(declared, node, "outputs"):
            validation_errors.read(TemplateOutputEntry, entry, item, self._source, self._problems)

    def references(self, node: Node) -> None:
        """Every `${name}` must be a parameter, every other reference well formed."""
        for scalar in scalar_nodes(node):
            for part, occurrence in numbered(parse(scalar.value)):
                if not isinstance(part, Malformed):
                    continue
                position, size = self._source.within(scalar, part.raw, occurrence)
                name = part.raw.removeprefix("${").removesuffix("}")
                if part.unclosed or not is_identifier(name):
                    self._problems.add(codes.MALFORMED_REFERENCE, part.reason, position, length=size)
                elif name not in self._declared:
                    hint = did_you_mean(name, self._declared) or f" It has {listed(self._declared) or 'none'}."
                    detail = f"The template has no parameter `{name}`.{hint}"
                    self._problems.add(codes.TEMPLATE_PARAMETER, detail, position, length=size)

    def _entries(self, declared: Any, node: Node, what: str) -> Iterator[tuple[Any, Node]]:
        if declared is None:
            return
        if not isinstance(declared, list):
            self._note(codes.WRONG_VALUE, f"`{what}` should be a list: entries that begin with `- `.", node)
            return
        yield from zip(declared, node.value, strict=True)

    def _note(self, code: codes.Code, detail: str, node: Node) -> None:
        self._source.note(self._problems, code, detail, node)

"""Reader of a capability's properties into its type's model, with problems at their lines."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError
from yaml.nodes import Node, ScalarNode

from platform_pulumi.declarations.diagnostics.problems import Problems
from platform_pulumi.declarations.references.grammar import Reference, parse
from platform_pulumi.declarations.references.resolver import ReferenceResolver, Unresolved
from platform_pulumi.declarations.yaml.scalars import resolve_scalar
from platform_pulumi.declarations.yaml.source import Source, Step, find_node
from platform_pulumi.model.capability import CapabilityProperties
from platform_pulumi.model.value import CapabilityOutput, Secret, Template, TierOutput

if TYPE_CHECKING:
    from platform_pulumi.declarations.schemas.validation_errors import ErrorDetails

#: Errors of fields that take a number, a yes or no, or one of a few words: `${env:X}` is read as one there, and so is
#: `${app.x}`.
_PLAIN_ERRORS = ("int_", "bool_", "float_", "literal_error")


def read(
    model: type[CapabilityProperties],
    data: dict[str, Any],
    node: Node,
    source: Source,
    problems: Problems,
    resolver: ReferenceResolver,
) -> tuple[CapabilityProperties | None, bool]:
    """Read the properties with defaults applied, or None, with problems noted, where something is wrong.

    The second says whether they lack values that are not set while validating.
    """
    try:
        return model.model_validate(data), False
    except ValidationError as error:
        errors = error.errors(include_url=False)
    from platform_pulumi.declarations.schemas.validation_errors import ErrorReport, lenient  # noqa: PLC0415  # only where something is wrong

    data, hidden = _typed(data, errors, node, resolver)
    try:
        return model.model_validate(data), False
    except ValidationError as error:
        errors = error.errors(include_url=False)
    if all(isinstance(error.get("input"), Unresolved) for error in errors):
        return lenient(model, data, errors), True
    ErrorReport(model, node, source, problems, owner=model.TYPE, hidden=hidden).note(errors)
    return None, False


def output_references(data: Any) -> tuple[TierOutput | CapabilityOutput, ...]:
    """Iterate over every reference to an output within properties as read, in no particular order."""
    found: list[TierOutput | CapabilityOutput] = []
    pending = [data]
    while pending:
        item = pending.pop()
        kind = item.__class__
        if kind is dict:
            pending.extend([value for value in item.values() if value.__class__ not in _PLAIN])
        elif kind is list:
            pending.extend([value for value in item if value.__class__ not in _PLAIN])
        elif kind is TierOutput or kind is CapabilityOutput:
            found.append(item)
        elif kind is Unresolved:
            found.extend(item.references)
        elif kind is Template:
            found.extend(part for part in item.parts if isinstance(part, (TierOutput, CapabilityOutput)))
    return tuple(found)


_PLAIN = frozenset({str, int, float, bool, type(None), Secret})


def _typed(
    data: dict[str, Any], errors: Iterable[ErrorDetails], node: Node, resolver: ReferenceResolver
) -> tuple[dict[str, Any], frozenset[tuple[Step, ...]]]:
    """Whole-value references again in the type their field wants; and the paths whose values came from secrets."""
    from platform_pulumi.declarations.schemas.validation_errors import replaced, value_at  # noqa: PLC0415

    hidden: set[tuple[Step, ...]] = set()
    for error in errors:
        loc: tuple[Step, ...] = error["loc"]
        scalar, _ = find_node(node, loc)
        if not isinstance(scalar, ScalarNode) or "$" not in scalar.value:
            continue
        value = value_at(data, loc)
        if isinstance(value, Secret) and not isinstance(value, Unresolved) and error["type"].startswith(_PLAIN_ERRORS):
            if _is_variable(scalar.value):
                data = replaced(data, loc, resolve_scalar(value.reveal()))
                hidden.add(loc)
        elif isinstance(value, (int, float)) and (text := resolver.app_text(scalar.value)) is not None:
            data = replaced(data, loc, text)
    return data, frozenset(hidden)


def _is_variable(text: str) -> bool:
    parts = parse(text)
    return len(parts) == 1 and isinstance(parts[0], Reference) and parts[0].kind in {"env", "app"}

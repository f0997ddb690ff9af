"""Override of a capability's replicas: applied while it is parsed, so that every check sees it."""

from __future__ import annotations

from typing import Any

from yaml.nodes import Node

from platform_pulumi.declarations.diagnostics import codes
from platform_pulumi.declarations.diagnostics.problems import Problems
from platform_pulumi.declarations.yaml.source import Source, find_node, key_node
from platform_pulumi.model.capability import CapabilityProperties

FIELD = "replicas"


def with_replicas(
    model: type[CapabilityProperties],
    given: dict[str, Any],
    replicas: int,
    node: Node,
    source: Source,
    problems: Problems,
) -> dict[str, Any]:
    """Override the replicas in a capability's properties; where it cannot have them, a problem is noted.

    Args:
        model: the capability's type.
        given: its properties as the file says them.
        replicas: how many it should have.
        node: the declaration.
        source: the file.
        problems: where mistakes are noted.
    """
    if FIELD not in model.model_fields:
        source.note(problems, codes.NOT_SCALABLE, not_scalable(model.TYPE), find_node(node, ("type",))[0])
        return given
    bounds = model.model_fields[FIELD].metadata
    least = next((bound.ge for bound in bounds if hasattr(bound, "ge")), 0)
    most = next((bound.le for bound in bounds if hasattr(bound, "le")), None)
    if replicas < least or (most is not None and replicas > most):
        place = ("properties", FIELD) if key_node(node, ("properties", FIELD)) is not None else ("name",)
        detail = f"A {model.TYPE} has {least} to {most} replicas, and {replicas} were asked for."
        source.note(problems, codes.REPLICAS, detail, find_node(node, place)[0])
        return given
    return {**given, FIELD: replicas}


def not_scalable(kind: str) -> str:
    """Explain why a type cannot be scaled, and what can be done instead."""
    return f"A {kind} has no replicas, so there is nothing to scale. It has properties: change them in the file."

"""Edits of an exported deployment that resolve the pending operations of a killed run.

Pulumi's own way to take over a create, `refresh --import-pending-creates URN ID`, drops the pending operation and
records nothing of it (3.259.0 to 3.274.1, ADR 0018). What it clears has to be recorded before.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_PENDING = "pending_operations"


def drop_pending(deployment: dict[str, Any]) -> bool:
    """Drop all pending operations; return whether there were any."""
    return bool(deployment.pop(_PENDING, None))


def record_creates(deployment: dict[str, Any], created: Mapping[str, str], absent: frozenset[str]) -> bool:
    """Record pending creates that have happened, and drop those that have not.

    What is recorded stays pending as well: the refresh that reads it clears that, and until then nobody takes what
    stands in the state, which is what was asked for, for what was made.

    Args:
        deployment: changed in place.
        created: the provider's ids of creates under way, by URN.
        absent: URNs of creates that came to nothing.

    Returns:
        Whether anything changed.

    Raises:
        KeyError: a pending operation or a resource without URN: no deployment.
    """
    pending = deployment.get(_PENDING) or []
    rest = [o for o in pending if not (_creates(o) and o["resource"]["urn"] in absent)]
    changed = len(rest) != len(pending)
    deployment[_PENDING] = rest
    for operation in rest:
        asked = operation["resource"]
        if _creates(operation) and asked["urn"] in created and not _recorded(deployment, asked["urn"]):
            made = {**asked, "id": created[asked["urn"]], "outputs": asked.get("inputs") or {}}
            _put(deployment.setdefault("resources", []), made)
            changed = True
    return changed


def _creates(operation: Mapping[str, Any]) -> bool:
    return bool(operation["type"] == "creating")


def _recorded(deployment: Mapping[str, Any], urn: str) -> bool:
    return any(r["urn"] == urn and is_current(r) for r in deployment.get("resources") or [])


def is_current(resource: Mapping[str, Any]) -> bool:
    """Whether a recorded resource is the current one of its URN: neither replaced nor deleted to be replaced."""
    return not resource.get("delete") and not resource.get("pendingReplacement")


def _put(resources: list[Any], made: Mapping[str, Any]) -> None:
    """Insert a resource in place of the one it replaces, on which others may depend, else after its dependencies."""
    for index, resource in enumerate(resources):
        if resource["urn"] == made["urn"] and resource.get("pendingReplacement"):
            resources[index] = made
            return
    resources.append(made)

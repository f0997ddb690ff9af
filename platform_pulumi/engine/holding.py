"""Holding back of an apply's deletes, until the tiers below have let go of what is deleted (docs/adr/0030).

`pulumi up --exclude URN` deletes neither that resource nor anything it depends on, while all else is created, updated
and replaced. So an anchor, a component of the state that no program registers, depends on whatever must stay for now,
and is excluded. What a replacement leaves behind stays in the state as Pulumi itself records it after a failed delete
(`delete: true`). The next `up` without the exclusion deletes it all, the anchor first.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from platform_pulumi.model import own_package
from platform_pulumi.model.context import StackName

_TYPE = f"{own_package.PREFIX}HeldBack"
_STACK = "pulumi:pulumi:Stack"


def anchor(stack: StackName) -> str:
    """Return the URN of a stack's anchor."""
    return f"urn:pulumi:{stack.name}::{stack.project}::{_TYPE}::held-back"


def hold_back(deployment: dict[str, Any], stack: StackName, urns: Collection[str]) -> bool:
    """Make the anchor depend on those of these resources that are recorded; return whether the deployment changed.

    Args:
        deployment: changed in place.
        stack: whose deployment it is.
        urns: what must not be deleted.

    Raises:
        KeyError, TypeError: no deployment.
    """
    name = anchor(stack)
    resources = [resource for resource in deployment.get("resources") or [] if resource["urn"] != name]
    recorded = list(dict.fromkeys(resource["urn"] for resource in resources if resource["urn"] in urns))
    root = next((resource["urn"] for resource in resources if resource["type"] == _STACK), "")
    resources.append({"urn": name, "custom": False, "type": _TYPE, "parent": root, "dependencies": recorded})
    changed = resources != deployment.get("resources")
    deployment["resources"] = resources
    return changed

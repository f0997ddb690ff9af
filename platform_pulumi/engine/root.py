"""Root of a recorded deployment: the resource that stands for the stack and holds its outputs."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from platform_pulumi.model.context import StackName

_STACK = "pulumi:pulumi:Stack"


def record_output(deployment: dict[str, Any], stack: StackName, name: str, value: str | None) -> bool:
    """Record an output of a stack, or that it has none of that name; return whether the deployment changed.

    A stack that was never applied gets a root. The next run of its program has the outputs that it registers.

    Args:
        deployment: changed in place; empty for a stack that was never applied.
    """
    resources: list[dict[str, Any]] = deployment.get("resources") or []
    root = next((resource for resource in resources if resource["type"] == _STACK), None)
    outputs = dict((root or {}).get("outputs") or {})
    before = outputs.pop(name, None)
    if before == value:
        return False
    if root is None:
        root = {"urn": _urn(stack), "custom": False, "type": _STACK}
        deployment["resources"] = [root, *resources]
        deployment.setdefault("manifest", _manifest())
    root["outputs"] = outputs if value is None else {**outputs, name: value}
    return True


def _urn(stack: StackName) -> str:
    return f"urn:pulumi:{stack.name}::{stack.project}::{_STACK}::{stack.project}-{stack.name}"


def _manifest() -> dict[str, Any]:
    """A manifest as Pulumi writes it (`deploy.Manifest`): the magic of no version is none."""
    return {"time": datetime.now(UTC).isoformat(), "magic": "", "version": ""}

"""Labels of Docker's objects, converted to and from Pulumi's types; they identify what a resource created."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from platform_pulumi.plugins.schema import ObjectSchema, Shape
from platform_pulumi.plugins.values import open_value
from platform_pulumi.sdk.tagging import URN_TAG

LABELS: Shape = {"list": {"object": "Label"}}
LABEL = ObjectSchema({"label": "string", "value": "string"}, ("label", "value"))


def to_map(labels: Any) -> dict[str, str]:
    """Convert labels to Docker's form."""
    return {item["label"]: item["value"] for item in open_value(labels) or ()}


def to_list(labels: Mapping[str, str] | None) -> list[dict[str, str]]:
    """Convert labels to Pulumi's form, in a stable order."""
    return [{"label": label, "value": value} for label, value in sorted((labels or {}).items())]


def is_ours(inputs: Mapping[str, Any], labels: Mapping[str, str] | None) -> bool:
    """Whether the object with these labels was created for the resource of these inputs."""
    mark = to_map(inputs.get("labels")).get(URN_TAG)
    return mark is not None and (labels or {}).get(URN_TAG) == mark

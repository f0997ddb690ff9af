"""What a resource is found by at its provider: the tag `platform:urn`, and its value."""

from __future__ import annotations

from platform_pulumi.model.context import StackName

#: The tag every taggable resource carries: by it a pending create is found again.
URN_TAG = "platform:urn"


def urn_tag(stack: StackName, capability: str, logical: str) -> str:
    """The tag's value: where the resource belongs, by names that no run changes."""
    return f"{stack}::{capability}::{logical}"

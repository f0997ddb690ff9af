"""Tag `platform:urn`, by which a resource is found at its provider, and the keys that are the platform's own."""

from __future__ import annotations

from platform_pulumi.model.context import StackName

#: The tag every taggable resource carries: by it a pending create is found again.
URN_TAG = "platform:urn"
#: What keys of the platform's own tags, labels and annotations begin with: no declaration has such a key.
RESERVED_KEYS = ("platform:", "platform/")


def urn_tag(stack: StackName, capability: str, logical: str) -> str:
    """Build the tag's value: where the resource belongs, by names that no run changes."""
    return f"{stack}::{capability}::{logical}"

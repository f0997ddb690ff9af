"""Resource types of the package `mock`: one for each capability type. No pulumi and no plugin here: both read it."""

from __future__ import annotations

from typing import Final

from platform_pulumi.model.naming import pascal_case

PREFIX: Final = "mock:index:"


def token(capability_type: str) -> str:
    """Return the resource type of a capability type: `message_queue` is `mock:index:MessageQueue`."""
    return PREFIX + pascal_case(capability_type)

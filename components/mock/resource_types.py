"""Resource types of the package `mock`: one for each capability type. No pulumi and no plugin here: both read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from platform_pulumi.model.naming import pascal_case

if TYPE_CHECKING:
    from platform_pulumi.model.capability import CapabilityProperties, Need

PREFIX: Final = "mock:index:"


def token(capability_type: str) -> str:
    """Return the resource type of a capability type: `message_queue` is `mock:index:MessageQueue`."""
    return PREFIX + pascal_case(capability_type)


def wired_as(model: type[CapabilityProperties], need: Need) -> str:
    """Return the input for a need: its type, but where a property of that name means something else."""
    taken = need.type != need.property and need.type in model.model_fields
    return need.property if taken else need.type

"""`load_balancer`: one address in front of several targets."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from platform_pulumi.model.capability import CapabilityProperties, Need, OutputSpec
from platform_pulumi.model.tier import Tier


class LoadBalancer(CapabilityProperties):
    """A load balancer of the network (specification, section 6.2)."""

    TYPE: ClassVar[str] = "load_balancer"
    TIER: ClassVar[Tier] = Tier.INFRASTRUCTURE
    NEEDS: ClassVar = (Need("network", "network"),)
    OUTPUTS: ClassVar = {
        "id": OutputSpec("string", "The provider's identifier of the load balancer.", identifies=True),
        "endpoint": OutputSpec("string", "Host name it answers at; empty where the provider has none."),
    }

    network: str | None = Field(default=None, description="Name of the network capability, where there are several.")
    scheme: Literal["internal", "public"] = Field(
        default="public", description="Whether it is reached from the internet or from the network only."
    )
    kind: Literal["http", "tcp"] = Field(default="http", description="What it understands: HTTP requests, or TCP only.")

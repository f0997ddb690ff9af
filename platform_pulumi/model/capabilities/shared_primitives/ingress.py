"""`ingress`: a reverse proxy for the applications of an environment."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from platform_pulumi.model.capability import CapabilityProperties, Need, OutputSpec
from platform_pulumi.model.tier import Tier


class Ingress(CapabilityProperties):
    """Reverse proxy that applications share: each is routed to by its host name (specification, section 6.3)."""

    TYPE: ClassVar[str] = "ingress"
    TIER: ClassVar[Tier] = Tier.SHARED_PRIMITIVES
    NEEDS: ClassVar = (Need("network", "network"),)
    OUTPUTS: ClassVar = {
        "name": OutputSpec("string", "The provider's name of it: what applications attach to.", identifies=True),
        "endpoint": OutputSpec("string", "URL it answers at."),
    }

    network: str | None = Field(default=None, description="Name of the network capability, where there are several.")
    port: int = Field(default=443, ge=1, le=65535, description="Port outside.")
    tls: bool = Field(default=True, description="Whether connections are encrypted.")

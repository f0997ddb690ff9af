"""`dns_zone`: a domain whose records the platform manages."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from platform_pulumi.model.capabilities.texts import Domain
from platform_pulumi.model.capability import CapabilityProperties, OutputSpec
from platform_pulumi.model.tier import Tier


class DnsZone(CapabilityProperties):
    """A DNS zone (specification, section 6.2)."""

    TYPE: ClassVar[str] = "dns_zone"
    TIER: ClassVar[Tier] = Tier.INFRASTRUCTURE
    OUTPUTS: ClassVar = {
        "id": OutputSpec("string", "The provider's identifier of the zone.", identifies=True),
        "domain": OutputSpec("string", "The domain."),
        "name_servers": OutputSpec("list", "Name servers that answer for it."),
    }

    domain: Domain = Field(
        description="Domain, for example acme.com.",
    )
    private: bool = Field(default=False, description="Whether only the platform's own network can look names up in it.")

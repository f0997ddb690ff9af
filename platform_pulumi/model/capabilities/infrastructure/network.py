"""`network`: a private address range that other capabilities are placed in."""

from __future__ import annotations

import ipaddress
from typing import ClassVar, Literal

from pydantic import Field, model_validator

from platform_pulumi.model.capabilities.fields import Cidr, misplaced
from platform_pulumi.model.capability import CapabilityProperties, OutputSpec
from platform_pulumi.model.tier import Tier

#: The smallest range that can be cut into subnets of 16 addresses, eight private ones and eight public ones.
SMALLEST_PREFIX = 24


class Network(CapabilityProperties):
    """A private network over one or more availability zones (specification, section 3.2)."""

    TYPE: ClassVar[str] = "network"
    TIER: ClassVar[Tier] = Tier.INFRASTRUCTURE
    HOSTS: ClassVar[bool] = True
    OUTPUTS: ClassVar = {
        "id": OutputSpec("string", "The provider's identifier of the network.", identifies=True),
        "cidr": OutputSpec("string", "Its address range."),
        "private_subnet_ids": OutputSpec("list", "Identifiers of the private subnets, one a zone, in zone order."),
        "public_subnet_ids": OutputSpec("list", "Identifiers of the public subnets, one a zone, in zone order."),
    }

    cidr: Cidr = Field(description="IPv4 range of the network, for example 10.0.0.0/16.")
    availability_zones: int = Field(default=2, ge=1, le=6, description="Number of availability zones to span.")
    private_subnets: int | None = Field(
        default=None, ge=1, le=6, description="Number of private subnets; one for each zone where left out."
    )
    public_subnets: int | None = Field(
        default=None, ge=0, le=6, description="Number of public subnets; one for each zone where left out."
    )
    nat_gateways: Literal["single", "per_zone", "none"] = Field(
        default="single", description="How private subnets reach the internet: one gateway, one a zone, or not at all."
    )
    dns_hostnames: bool = Field(default=True, description="Whether machines in the network get DNS names.")

    @model_validator(mode="after")
    def _room_for_subnets(self) -> Network:
        if ipaddress.ip_network(self.cidr).prefixlen > SMALLEST_PREFIX:
            message = f"{self.cidr} is too small to hold subnets; a network is at least a /{SMALLEST_PREFIX}"
            raise misplaced(message, "cidr")
        return self

"""Binding of `network` to AWS, field by field. No pulumi here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from platform_pulumi.model.capabilities.infrastructure.network import Network
from platform_pulumi.model.capability import CapabilityProperties
from platform_pulumi.sdk.provider import FULL, CapabilityBinding, FieldFidelity, none


def _ungated(_: Any, properties: CapabilityProperties) -> bool:
    return isinstance(properties, Network) and properties.public_subnets == 0 and properties.nat_gateways != "none"


FIDELITY: Mapping[str, FieldFidelity] = {
    "cidr": FULL,
    "availability_zones": FULL,
    "private_subnets": FULL,
    "public_subnets": FULL,
    "nat_gateways": none(
        "there is no public subnet a NAT gateway could stand in: private subnets do not reach the internet",
        "declare public_subnets, or nat_gateways: none",
        when=_ungated,
    ),
    "dns_hostnames": FULL,
}

BINDING = CapabilityBinding(
    "components.aws.network.component:Network", FIDELITY, summary="VPC with subnets over availability zones"
)

"""Binding of `network` to AWS, field by field. No pulumi here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final, cast

from platform_pulumi.sdk.fidelity import FULL, Condition, Entry, none, partial
from platform_pulumi.sdk.provider import CapabilityBinding, Refusal

if TYPE_CHECKING:
    from platform_pulumi.model.capabilities.infrastructure.network import Network
    from platform_pulumi.model.capability import CapabilityProperties


#: The largest VPC.
LARGEST_PREFIX: Final = 16


def _counts(properties: CapabilityProperties) -> tuple[int, int, int]:
    """How many zones a network asks for, and how many private and public subnets."""
    network = cast("Network", properties)
    zones = network.availability_zones
    private, public = network.private_subnets, network.public_subnets
    return zones, zones if private is None else private, zones if public is None else public


def _bare_zones(_: Any, properties: CapabilityProperties) -> bool:
    zones, private, public = _counts(properties)
    return max(private, public) < zones


def _zones_used(_: Any, properties: CapabilityProperties) -> str:
    zones, private, public = _counts(properties)
    return f"there are subnets for {max(private, public)} of {zones} zones: nothing is placed in the others"


def _gateways(_: Any, properties: CapabilityProperties) -> str:
    zones, _, public = _counts(properties)
    return f"a NAT gateway stands in a public subnet, and {zones} zones share {public} of them"


def _refuses(properties: CapabilityProperties) -> Iterator[Refusal]:
    """EC2 CreateVpc: https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html."""
    cidr = cast("Network", properties).cidr
    if int(cidr.partition("/")[2]) < LARGEST_PREFIX:
        reason = f"A network on AWS is at most a /{LARGEST_PREFIX}, 65,536 addresses. It is {cidr}."
        yield Refusal(("cidr",), reason)


FIDELITY: Mapping[str, Entry] = {
    "cidr": FULL,
    "availability_zones": partial(
        "there are fewer subnets than zones: nothing is placed in the others",
        "leave out private_subnets or public_subnets, or ask for fewer zones",
        when=Condition("private_subnets and public_subnets are both fewer", _bare_zones),
        describe=_zones_used,
    ),
    "private_subnets": FULL,
    "public_subnets": FULL,
    "nat_gateways": (
        none(
            "there is no public subnet a NAT gateway could stand in: private subnets do not reach the internet",
            "declare public_subnets, or nat_gateways: none",
            when=Condition("public_subnets is 0 and it is not none", lambda v, p: v != "none" and _counts(p)[2] == 0),
        ),
        partial(
            "a NAT gateway stands in a public subnet: zones share them where there are fewer",
            "declare a public subnet for each zone",
            when=Condition(
                "it is per_zone and public_subnets are fewer than the zones",
                lambda v, p: v == "per_zone" and 0 < _counts(p)[2] < _counts(p)[0],
            ),
            describe=_gateways,
        ),
    ),
    "dns_hostnames": FULL,
}

BINDING = CapabilityBinding(
    "components.aws.network.component:Network",
    FIDELITY,
    refuses=_refuses,
    summary="VPC with subnets over availability zones",
)

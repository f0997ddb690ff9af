"""Binding of `network` to Docker, field by field. No pulumi here."""

from __future__ import annotations

from collections.abc import Mapping

from components.docker.field_fidelity import KEPT_LABELS
from platform_pulumi.sdk.fidelity import Condition, FieldFidelity, stub
from platform_pulumi.sdk.provider import CapabilityBinding

FIDELITY: Mapping[str, FieldFidelity] = {
    "cidr": stub(
        "Docker gives the network a free range of its own: two networks of one machine cannot share one",
        "read the range from the output `cidr`",
    ),
    "availability_zones": stub(
        "single Docker network",
        when=Condition("it is more than 1", lambda value, _: value > 1),
        describe=lambda value, _: f"single Docker network (production uses {value} AZs)",
    ),
    **dict.fromkeys(
        ("private_subnets", "public_subnets"),
        stub("no subnets: what is published to the machine is public, all else is private"),
    ),
    "nat_gateways": stub("containers reach the internet through the machine, whatever is declared"),
    "dns_hostnames": stub(
        "Docker's DNS always serves the names of containers",
        when=Condition("it is false", lambda value, _: value is False),
    ),
}

BINDING = CapabilityBinding(
    "components.docker.network.component:Network", FIDELITY, summary="bridge network", labels=KEPT_LABELS
)

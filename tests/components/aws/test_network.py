"""How a VPC is cut and routed."""

from __future__ import annotations

import ipaddress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.aws import DEFINITION
from components.aws.config import zones
from components.aws.network.component import plan_subnets
from platform_pulumi.errors import InputError
from platform_pulumi.model.capabilities.infrastructure.network import SMALLEST_PREFIX, Network

from ..harness import Built, build, declare, run_of

ZONES = ("us-east-1a", "us-east-1b", "us-east-1c", "us-east-1d", "us-east-1e", "us-east-1f")
counts = st.integers(min_value=1, max_value=6)


@given(
    prefix=st.integers(min_value=8, max_value=SMALLEST_PREFIX), private=counts, public=st.integers(0, 6), zones=counts
)
def test_subnets_lie_apart_within_the_range(prefix: int, private: int, public: int, zones: int) -> None:
    network = Network.model_validate(
        {
            "cidr": f"10.0.0.0/{prefix}",
            "availability_zones": zones,
            "private_subnets": private,
            "public_subnets": public,
        }
    )
    layout = plan_subnets(network, ZONES)
    ranges = [ipaddress.ip_network(subnet.cidr) for subnet in (*layout.private, *layout.public)]
    assert len(ranges) == private + public
    assert all(r.subnet_of(ipaddress.ip_network(network.cidr)) for r in ranges)
    assert not any(a.overlaps(b) for i, a in enumerate(ranges) for b in ranges[:i])
    assert {subnet.zone for subnet in layout.private} == set(ZONES[: min(zones, private)])


@given(few=counts, many=counts)
def test_a_further_subnet_moves_none(few: int, many: int) -> None:
    few, many = sorted((few, many))
    small, large = (
        plan_subnets(
            Network.model_validate({"cidr": "10.0.0.0/16", "availability_zones": 2, "private_subnets": n}),
            ZONES,
        )
        for n in (few, many)
    )
    assert large.private[:few] == small.private
    assert large.public == small.public


def test_the_production_example_spans_three_zones() -> None:
    layout = plan_subnets(Network.model_validate({"cidr": "10.0.0.0/16", "availability_zones": 3}), ZONES)
    assert [(s.cidr, s.zone) for s in layout.private] == [
        ("10.0.0.0/20", "us-east-1a"),
        ("10.0.16.0/20", "us-east-1b"),
        ("10.0.32.0/20", "us-east-1c"),
    ]
    assert [s.cidr for s in layout.public] == ["10.0.128.0/20", "10.0.144.0/20", "10.0.160.0/20"]
    assert layout.gateways == 1


def _network(**properties: Any) -> Built:
    return build(DEFINITION, run_of(declare("network", {"cidr": "10.0.0.0/16", "availability_zones": 2, **properties})))


@pytest.mark.parametrize(
    ("properties", "gateways", "tables"),
    [
        ({"nat_gateways": "single"}, 1, ["thing-private", "thing-public"]),
        ({"nat_gateways": "per_zone"}, 2, ["thing-private-0", "thing-private-1", "thing-public"]),
        ({"nat_gateways": "none"}, 0, ["thing-private", "thing-public"]),
        ({"public_subnets": 0}, 0, ["thing-private"]),
        ({"nat_gateways": "per_zone", "public_subnets": 1}, 1, ["thing-private", "thing-public"]),
    ],
)
def test_private_subnets_reach_out_as_declared(properties: dict[str, Any], gateways: int, tables: list[str]) -> None:
    built = _network(**properties)
    assert built.types().count("aws:ec2/natGateway:NatGateway") == gateways
    found = {r.name: r.inputs for r in built.resources if r.type == "aws:ec2/routeTable:RouteTable"}
    assert sorted(found) == tables
    outward = [route for name, table in found.items() if "private" in name for route in table.get("routes", [])]
    assert len(outward) == gateways
    assert all("natGatewayId" in route for route in outward)
    subnets = built.types().count("aws:ec2/subnet:Subnet")
    assert built.types().count("aws:ec2/routeTableAssociation:RouteTableAssociation") == subnets


def test_each_zone_goes_out_by_its_own_gateway() -> None:
    built = _network(availability_zones=3, nat_gateways="per_zone")
    associations = [r for r in built.resources if r.type == "aws:ec2/routeTableAssociation:RouteTableAssociation"]
    tables = {r.name: r.inputs["routeTableId"] for r in associations}
    assert tables["thing-private-0"].startswith("thing-private-0-")
    assert tables["thing-private-2"].startswith("thing-private-2-")


def test_a_gateway_waits_for_the_way_out() -> None:
    """EC2 makes no public NAT gateway in a VPC without internet gateway, and keeps that one while it is there."""
    built = _network(availability_zones=2, nat_gateways="per_zone")
    gateways = [r for r in built.resources if r.type == "aws:ec2/natGateway:NatGateway"]
    assert len(gateways) == 2
    assert all(any(urn.endswith("InternetGateway::thing-internet") for urn in r.depends) for r in gateways)


def test_subnets_are_found_by_load_balancers() -> None:
    built = _network()
    public = built.one("aws:ec2/subnet:Subnet", "thing-public-0").inputs
    private = built.one("aws:ec2/subnet:Subnet", "thing-private-0").inputs
    assert public["tags"]["kubernetes.io/role/elb"] == "1"
    assert public["mapPublicIpOnLaunch"] is True
    assert private["tags"]["kubernetes.io/role/internal-elb"] == "1"
    assert private["mapPublicIpOnLaunch"] is False


def test_outputs_are_in_zone_order() -> None:
    built = _network(availability_zones=3)
    assert [i.rpartition("-")[0] for i in built.outputs["private_subnet_ids"]] == [
        f"thing-private-{n}" for n in range(3)
    ]
    assert built.outputs["cidr"] == "10.0.0.0/16"


def test_a_region_with_too_few_zones_is_refused_with_what_it_has() -> None:
    with pytest.raises(InputError, match="too few availability zones") as refused:
        plan_subnets(Network.model_validate({"cidr": "10.0.0.0/16", "availability_zones": 3}), ZONES[:2])
    assert "us-east-1a, us-east-1b" in refused.value.detail


def test_zones_are_the_regions_letters_or_what_the_config_says() -> None:
    declared = declare("network", {"cidr": "10.0.0.0/16"})
    assert zones(run_of(declared))[:2] == ("us-east-1a", "us-east-1b")
    assert zones(run_of(declared, config={"region": "ca-central-1"})) == (
        "ca-central-1a",
        "ca-central-1b",
        "ca-central-1d",
    )
    named = {"region": "us-west-1", "availability_zones": ["us-west-1b", "us-west-1c"]}
    assert zones(run_of(declared, config=named)) == ("us-west-1b", "us-west-1c")


def test_another_network_can_be_made_beside_the_old_one() -> None:
    built = _network()
    assert not any(r.options["deleteBeforeReplace"] for r in built.resources)
    assert built.one("aws:ec2/internetGateway:InternetGateway").options["replaceOnChanges"] == ["vpcId"]
    address = built.one("aws:ec2/eip:Eip")
    assert address.options["replacementTrigger"].startswith("thing-public-0"), "a new gateway needs a new address"

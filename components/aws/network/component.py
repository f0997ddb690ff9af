"""`network` on AWS: a VPC with private and public subnets over availability zones."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, cast

import pulumi
from pulumi_aws import ec2

from components.aws.config import zones
from components.aws.tags import named_tags
from platform_pulumi.errors import InputError
from platform_pulumi.model.capabilities.infrastructure.network import Network as Properties
from platform_pulumi.sdk.component import CapabilityComponent
from platform_pulumi.sdk.scope import CapabilityScope

#: A range is cut into 16 equal blocks: the first 8 for private subnets, the others for public ones. The cut does not
#: depend on how many subnets there are, so that adding one moves none.
_BLOCK_BITS, _PUBLIC_BLOCK = 4, 8
_ANYWHERE = "0.0.0.0/0"


class Network(CapabilityComponent):
    """Component of a VPC, its subnets, an internet gateway, NAT gateways and route tables.

    https://docs.aws.amazon.com/vpc/latest/userguide/what-is-amazon-vpc.html; subnet tags as the AWS Load Balancer
    Controller finds them: https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/deploy/subnet_discovery/
    """

    TOKEN: ClassVar[str] = "platform:aws:Network"

    def build(self, scope: CapabilityScope) -> Mapping[str, pulumi.Input[Any]]:
        """Create the children; return the type's outputs."""
        properties = cast("Properties", scope.properties)
        layout = plan_subnets(properties, zones(scope.shared.run))
        vpc = ec2.Vpc(
            self.logical(),
            cidr_block=properties.cidr,
            enable_dns_hostnames=properties.dns_hostnames,
            enable_dns_support=True,
            tags=named_tags(scope, self.logical()),
            opts=self.child("aws"),
        )
        public = self._subnets(vpc, layout.public)
        private = self._subnets(vpc, layout.private)
        gateways: list[ec2.NatGateway] = []
        if public:
            internet = self._internet_gateway(vpc)
            way_out = ec2.RouteTableRouteArgs(cidr_block=_ANYWHERE, gateway_id=internet.id)
            self._routes(vpc, "public", [way_out], public)
            holders = list(public.values())[: layout.gateways]
            gateways = [self._nat(number, subnet, internet) for number, subnet in enumerate(holders)]
        self._private_routes(vpc, private, gateways)
        return {
            "id": vpc.id,
            # The declared range, not vpc.cidr_block: the tiers below plan with it before the VPC exists.
            "cidr": properties.cidr,
            "private_subnet_ids": pulumi.Output.all(*(subnet.id for subnet in private.values())),
            "public_subnet_ids": pulumi.Output.all(*(subnet.id for subnet in public.values())),
        }

    def _subnets(self, vpc: ec2.Vpc, subnets: Sequence[Subnet]) -> dict[str, ec2.Subnet]:
        return {
            logical: self._subnet(logical, vpc, subnet)
            for subnet in subnets
            for logical in [self.logical(f"{subnet.kind}-{subnet.number}")]
        }

    def _subnet(self, logical: str, vpc: ec2.Vpc, subnet: Subnet) -> ec2.Subnet:
        role = "kubernetes.io/role/elb" if subnet.kind == "public" else "kubernetes.io/role/internal-elb"
        return ec2.Subnet(
            logical,
            vpc_id=vpc.id,
            cidr_block=subnet.cidr,
            availability_zone=subnet.zone,
            map_public_ip_on_launch=subnet.kind == "public",
            tags={role: "1", **named_tags(self.scope, logical)},
            opts=self.child("aws"),
        )

    def _internet_gateway(self, vpc: ec2.Vpc) -> ec2.InternetGateway:
        logical = self.logical("internet")
        return ec2.InternetGateway(
            logical,
            vpc_id=vpc.id,
            tags=named_tags(self.scope, logical),
            # AWS would detach it from the old VPC, which it refuses while that one has public addresses.
            opts=self.child("aws", replace_on_changes=["vpcId"]),
        )

    def _nat(self, number: int, subnet: ec2.Subnet, internet: ec2.InternetGateway) -> ec2.NatGateway:
        logical = self.logical(f"nat-{number}")
        address = ec2.Eip(
            logical,
            domain="vpc",
            tags=named_tags(self.scope, logical),
            # A gateway holds its address: one that is made beside an old one needs another.
            opts=self.child("aws", replacement_trigger=subnet.id),
        )
        return ec2.NatGateway(
            logical,
            allocation_id=address.id,
            subnet_id=subnet.id,
            tags=named_tags(self.scope, logical),
            # It fails in a VPC without internet gateway, and its address keeps that one attached.
            opts=self.child("aws", depends_on=[internet]),
        )

    def _private_routes(
        self, vpc: ec2.Vpc, private: Mapping[str, ec2.Subnet], gateways: Sequence[ec2.NatGateway]
    ) -> None:
        def through(gateway: ec2.NatGateway) -> ec2.RouteTableRouteArgs:
            return ec2.RouteTableRouteArgs(cidr_block=_ANYWHERE, nat_gateway_id=gateway.id)

        if len(gateways) <= 1:
            self._routes(vpc, "private", [through(gateway) for gateway in gateways], private)
            return
        for number, gateway in enumerate(gateways):
            served = list(private.items())[number :: len(gateways)]
            self._routes(vpc, f"private-{number}", [through(gateway)], dict(served))

    def _routes(
        self, vpc: ec2.Vpc, suffix: str, routes: Sequence[ec2.RouteTableRouteArgs], subnets: Mapping[str, ec2.Subnet]
    ) -> None:
        logical = self.logical(suffix)
        table = ec2.RouteTable(
            logical, vpc_id=vpc.id, routes=routes, tags=named_tags(self.scope, logical), opts=self.child("aws")
        )
        for name, subnet in subnets.items():
            ec2.RouteTableAssociation(name, subnet_id=subnet.id, route_table_id=table.id, opts=self.child("aws"))


@dataclass(frozen=True, slots=True)
class Subnet:
    """Planned subnet: `kind` is private or public, `number` its index within the kind."""

    kind: str
    number: int
    cidr: str
    zone: str


@dataclass(frozen=True, slots=True)
class Layout:
    """Planned subnets of a network, and the number of NAT gateways, in the first public ones."""

    private: tuple[Subnet, ...]
    public: tuple[Subnet, ...]
    gateways: int


def plan_subnets(properties: Properties, available: Sequence[str]) -> Layout:
    """Divide a network into subnets over the available zones.

    Raises:
        InputError: the region has fewer zones than asked for.
    """
    count = properties.availability_zones
    if count > len(available):
        summary = "The region has too few availability zones"
        detail = f"availability_zones is {count}; there are {', '.join(available)}. Ask for at most {len(available)}."
        raise InputError(summary, detail)
    chosen = available[:count]
    private = count if properties.private_subnets is None else properties.private_subnets
    public = count if properties.public_subnets is None else properties.public_subnets
    wanted = {"single": 1, "per_zone": count, "none": 0}[properties.nat_gateways]
    return Layout(
        private=_subnets("private", properties.cidr, private, chosen),
        public=_subnets("public", properties.cidr, public, chosen),
        gateways=min(wanted, public),
    )


def _subnets(kind: str, cidr: str, count: int, chosen: Sequence[str]) -> tuple[Subnet, ...]:
    blocks = list(ipaddress.ip_network(cidr).subnets(prefixlen_diff=_BLOCK_BITS))
    offset = _PUBLIC_BLOCK if kind == "public" else 0
    return tuple(
        Subnet(kind, number, str(blocks[offset + number]), chosen[number % len(chosen)]) for number in range(count)
    )

"""Rules of AWS's services that no schema says: what must lie in one VPC, ranges, zones, what is in use.

Each function names its source. A reference to what is not there was refused before (`relations`).
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from components.aws.simulated.relations import (
    ADDRESS,
    CLUSTER,
    DB_INSTANCE,
    DB_SUBNET_GROUP,
    INTERNET_GATEWAY,
    NAT_GATEWAY,
    ROUTE_TABLE,
    SECURITY_GROUP,
    SUBNET,
    VPC,
)
from platform_pulumi.model.property_path import value_at
from platform_pulumi.plugins.relations import Site

_ASSOCIATION: Final = "aws:ec2/routeTableAssociation:RouteTableAssociation"
#: Prefix lengths of VPCs and subnets: https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html
_LARGEST, _SMALLEST = 16, 28


def vpc_range(site: Site) -> str | None:
    """Refuse a VPC larger than /16 or smaller than /28. EC2 CreateVpc: InvalidVpc.Range."""
    return _size(site.new.get("cidrBlock"), "InvalidVpc.Range")


def subnet_range(site: Site) -> str | None:
    """Refuse a subnet outside of its VPC (EC2 CreateSubnet: InvalidSubnet.Range) or over another one (.Conflict)."""
    own = site.new.get("cidrBlock")
    whole = site.value(VPC, site.new.get("vpcId"), "cidrBlock")
    if not isinstance(own, str) or not isinstance(whole, str):
        return None
    refusal = _size(own, "InvalidSubnet.Range")
    if refusal is not None:
        return refusal
    mine = ipaddress.ip_network(own)
    if not mine.subnet_of(ipaddress.ip_network(whole)):  # type: ignore[arg-type]  # IPv4 both: `_size` has seen them
        return f"InvalidSubnet.Range: {own} is not within the VPC's {whole}"
    for other in site.users(VPC, str(site.new["vpcId"]), SUBNET):
        theirs = other.inputs.get("cidrBlock")
        if other.id != site.id and isinstance(theirs, str) and mine.overlaps(ipaddress.ip_network(theirs)):
            return f"InvalidSubnet.Conflict: {own} overlaps {theirs} of {other.id}"
    return None


def subnet_zone(site: Site) -> str | None:
    """Refuse a subnet in a zone of another region. EC2 CreateSubnet: InvalidParameterValue."""
    zone = site.new.get("availabilityZone")
    if not isinstance(zone, str) or zone.startswith(site.region):
        return None
    return f"InvalidParameterValue: availabilityZone: {zone} is not in {site.region}"


def one_gateway(site: Site) -> str | None:
    """Refuse a second internet gateway in a VPC. EC2 AttachInternetGateway: Resource.AlreadyAssociated."""
    vpc = site.new.get("vpcId")
    others = site.users(VPC, vpc, INTERNET_GATEWAY) if isinstance(vpc, str) else ()
    if all(other.id == site.id for other in others):
        return None
    return f"Resource.AlreadyAssociated: {vpc} already has an internet gateway attached"


def detached(site: Site) -> str | None:
    """Refuse to delete an internet gateway, which detaches it, while its VPC has mapped public addresses.

    EC2 DetachInternetGateway: DependencyViolation. NAT gateways are what has them here.
    """
    vpc = site.old.get("vpcId")
    mapped = [nat.id for nat in site.live(NAT_GATEWAY) if _is_public(nat.inputs) and _vpc_of(site, nat.inputs) == vpc]
    if not vpc or not mapped:
        return None
    return f"DependencyViolation: {vpc} has mapped public addresses, of {mapped[0]}; {site.id} stays attached to it"


def reattached(site: Site) -> str | None:
    """Refuse to move an internet gateway to another VPC where the old one does not let it go (`detached`)."""
    return detached(site) if site.id and site.changed("vpcId") else None


def gateway_place(site: Site) -> str | None:
    """Refuse a public NAT gateway in a VPC without internet gateway, or with an address that another one has.

    https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-troubleshooting.html: Gateway.NotAttached,
    Resource.AlreadyAssociated.
    """
    if not _is_public(site.new):
        return None
    vpc = _vpc_of(site, site.new)
    if isinstance(vpc, str) and not site.users(VPC, vpc, INTERNET_GATEWAY):
        return f"Gateway.NotAttached: {vpc} has no internet gateway attached"
    address = site.new.get("allocationId")
    holders = site.users(ADDRESS, address, NAT_GATEWAY) if isinstance(address, str) else ()
    other = next((holder for holder in holders if holder.id != site.id), None)
    return None if other is None else f"Resource.AlreadyAssociated: {address} is associated with {other.id}"


def routes_within(site: Site) -> str | None:
    """Refuse a table's routes to a gateway of another VPC. EC2 CreateRoute: InvalidParameterValue."""
    return _routes(site, site.new.get("routes") or [], site.new.get("vpcId"))


def route_within(site: Site) -> str | None:
    """Refuse a single route to a gateway of another VPC. EC2 CreateRoute: InvalidParameterValue."""
    return _routes(site, [site.new], site.value(ROUTE_TABLE, site.new.get("routeTableId"), "vpcId"))


def association_within(site: Site) -> str | None:
    """Refuse an association of a subnet and a table of different VPCs, or a second one of a subnet.

    EC2 AssociateRouteTable: InvalidParameterValue, Resource.AlreadyAssociated.
    """
    subnet, table = site.new.get("subnetId"), site.new.get("routeTableId")
    if not isinstance(subnet, str) or not isinstance(table, str):
        return None
    if site.value(SUBNET, subnet, "vpcId") != site.value(ROUTE_TABLE, table, "vpcId"):
        return f"InvalidParameterValue: route table {table} and subnet {subnet} belong to different networks"
    others = [one for one in site.users(SUBNET, subnet, _ASSOCIATION) if one.id != site.id]
    return f"Resource.AlreadyAssociated: {subnet} has the association {others[0].id}" if others else None


def group_subnets(site: Site) -> str | None:
    """Refuse subnets of several VPCs or of one zone, and a move to another VPC or away from an instance.

    RDS CreateDBSubnetGroup and ModifyDBSubnetGroup: InvalidSubnet, DBSubnetGroupDoesNotCoverEnoughAZs,
    InvalidParameterValue. Which subnets RDS puts an instance in nobody knows beforehand: here the first, and the second
    of a Multi-AZ one.
    """
    ids = _ids(site.new.get("subnetIds"))
    vpcs = _vpcs(site, SUBNET, ids)
    if len(vpcs) > 1:
        return f"InvalidSubnet: the subnets are in {_listed(vpcs)}; they are to be in one VPC"
    if len(_zones(site, ids)) < 2:
        return "DBSubnetGroupDoesNotCoverEnoughAZs: the subnets are to be in two availability zones at least"
    before = _ids(site.old.get("subnetIds"))
    was = _vpcs(site, SUBNET, before)
    if was and was != vpcs:
        return f"InvalidParameterValue: the new subnets are in {_listed(vpcs)}, the group is in {_listed(was)}"
    instances = site.users(DB_SUBNET_GROUP, site.id, DB_INSTANCE)
    held = before[: max((2 if one.inputs.get("multiAz") else 1 for one in instances), default=0)]
    lost = sorted(set(held) - set(ids))
    return f"InvalidParameterValue: {lost[0]} is in use by {instances[0].id}" if lost else None


def instance_network(site: Site) -> str | None:
    """Refuse security groups of another VPC than the subnet group's, and a move within one VPC or of a Multi-AZ one.

    RDS CreateDBInstance: InvalidParameterCombination; ModifyDBInstance: InvalidVPCNetworkStateFault.
    https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.VPC2VPC.html
    """
    group, before = site.new.get("dbSubnetGroupName"), site.old.get("dbSubnetGroupName")
    vpcs = _vpcs(site, SUBNET, _group_subnets(site, group))
    strangers = _vpcs(site, SECURITY_GROUP, _ids(site.new.get("vpcSecurityGroupIds"))) - vpcs
    if vpcs and strangers:
        return (
            f"InvalidParameterCombination: the instance is in {_listed(vpcs)}, a security group in {_listed(strangers)}"
        )
    if not before or group == before:
        return None
    if vpcs == _vpcs(site, SUBNET, _group_subnets(site, before)):
        return f"InvalidVPCNetworkStateFault: {group} is in the VPC of {before}; choose a group in another one"
    if site.old.get("multiAz"):
        return "InvalidVPCNetworkStateFault: a Multi-AZ instance is not moved to another VPC"
    return None


def final_snapshot(site: Site) -> str | None:
    """Refuse to delete an instance whose last snapshot is wanted and has no name.

    The provider itself does: `finalSnapshotIdentifier` is required when `skipFinalSnapshot` is false.
    """
    if site.new.get("skipFinalSnapshot") or site.new.get("finalSnapshotIdentifier"):
        return None
    return "final_snapshot_identifier is required when skip_final_snapshot is false"


def cluster_network(site: Site) -> str | None:
    """Refuse subnets of one zone or of several VPCs, groups of another one, and a move to another VPC.

    EKS CreateCluster and UpdateClusterConfig: InvalidParameterException.
    """
    ids = _ids(value_at(site.new, "vpcConfig.subnetIds"))
    vpcs = _vpcs(site, SUBNET, ids)
    groups = _vpcs(site, SECURITY_GROUP, _ids(value_at(site.new, "vpcConfig.securityGroupIds")))
    before = _vpcs(site, SUBNET, _ids(value_at(site.old, "vpcConfig.subnetIds")))
    if len(vpcs | groups) > 1:
        return (
            f"InvalidParameterException: subnets and security groups are in {_listed(vpcs | groups)}; one VPC is needed"
        )
    if len(_zones(site, ids)) < 2:
        return "InvalidParameterException: the subnets are to be in two availability zones at least"
    if before and before != vpcs:
        return f"InvalidParameterException: the cluster is in {_listed(before)}, the subnets in {_listed(vpcs)}"
    return None


def node_network(site: Site) -> str | None:
    """Refuse nodes outside of their cluster's VPC. EKS CreateNodegroup: InvalidParameterException."""
    cluster = site.find(CLUSTER, site.new.get("clusterName"))
    of_cluster = _ids(value_at(cluster.inputs, "vpcConfig.subnetIds")) if cluster is not None else []
    vpcs = _vpcs(site, SUBNET, of_cluster) | _vpcs(site, SUBNET, _ids(site.new.get("subnetIds")))
    if len(vpcs) < 2:
        return None
    return f"InvalidParameterException: nodes and cluster are in {_listed(vpcs)}; they are to be in one VPC"


def broker_network(site: Site) -> str | None:
    """Refuse subnets and security groups of several VPCs, and another number of subnets than the mode has.

    Amazon MQ CreateBroker: BadRequestException. https://docs.aws.amazon.com/amazon-mq/latest/api-reference/brokers.html:
    one subnet for a single instance, two for active and standby; a cluster has no such limit.
    """
    ids = _ids(site.new.get("subnetIds"))
    vpcs = _vpcs(site, SUBNET, ids) | _vpcs(site, SECURITY_GROUP, _ids(site.new.get("securityGroups")))
    if len(vpcs) > 1:
        return f"BadRequestException: subnets and security groups are in {_listed(vpcs)}; they are to be in one VPC"
    mode = str(site.new.get("deploymentMode"))
    wanted = {"SINGLE_INSTANCE": 1, "ACTIVE_STANDBY_MULTI_AZ": 2}.get(mode)
    if ids and wanted is not None and len(ids) != wanted:
        return f"BadRequestException: {mode} takes {wanted} subnets, not {len(ids)}"
    return None


def _size(cidr: Any, code: str) -> str | None:
    try:
        length = ipaddress.IPv4Network(cidr).prefixlen if isinstance(cidr, str) else _LARGEST
    except ValueError as error:
        return f"{code}: {error}"
    if _LARGEST <= length <= _SMALLEST:
        return None
    return f"{code}: {cidr}: a block is to be between /{_LARGEST} and /{_SMALLEST}"


def _routes(site: Site, routes: Sequence[Mapping[str, Any]], vpc: Any) -> str | None:
    for gateway, place in (way for route in routes for way in _ways(site, route)):
        if place != vpc:
            return f"InvalidParameterValue: the route table and {gateway} belong to different networks"
    return None


def _ways(site: Site, route: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The gateways of a route, each with the VPC that it is in."""
    internet = site.find(INTERNET_GATEWAY, route.get("gatewayId"))
    if internet is not None:
        yield internet.id, internet.inputs.get("vpcId")
    nat = site.find(NAT_GATEWAY, route.get("natGatewayId"))
    if nat is not None:
        yield nat.id, _vpc_of(site, nat.inputs)


def _is_public(nat: Mapping[str, Any]) -> bool:
    return nat.get("connectivityType") != "private"


def _vpc_of(site: Site, inputs: Mapping[str, Any]) -> Any:
    """The VPC of what is in one subnet."""
    return site.value(SUBNET, inputs.get("subnetId"), "vpcId")


def _group_subnets(site: Site, group: Any) -> list[str]:
    return _ids(site.value(DB_SUBNET_GROUP, group, "subnetIds"))


def _ids(value: Any) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def _vpcs(site: Site, kind: str, ids: Iterable[str]) -> set[str]:
    """The VPCs of subnets or security groups, as far as these are there."""
    return {vpc for one in ids for vpc in [site.value(kind, one, "vpcId")] if isinstance(vpc, str)}


def _zones(site: Site, subnets: Sequence[str]) -> set[Any]:
    return {site.value(SUBNET, one, "availabilityZone") or one for one in subnets}


def _listed(vpcs: Iterable[str]) -> str:
    return " and ".join(sorted(vpcs))

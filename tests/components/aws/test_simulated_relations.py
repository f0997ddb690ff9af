"""What the services of AWS refuse, as the simulator plays it; sources stand with each rule and relation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from components.aws.simulated import AWS
from components.aws.simulated import relations as kinds
from platform_pulumi.plugins.provider import ProviderError, State
from platform_pulumi.plugins.sdk_types import SdkTypes
from platform_pulumi.plugins.simulator import Simulator
from platform_pulumi.plugins.values import Sealed
from platform_pulumi.plugins.world import World
from tests.plugins.support import done, urn

ASSOCIATION = "aws:ec2/routeTableAssociation:RouteTableAssociation"
RULE = "aws:ec2/securityGroupRule:SecurityGroupRule"
ROUTE = "aws:ec2/route:Route"
NODES = "aws:eks/nodeGroup:NodeGroup"
ADDON = "aws:eks/addon:Addon"
ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"
VERSION = "aws:secretsmanager/secretVersion:SecretVersion"
TYPES = SdkTypes("aws", "pulumi_aws")


@dataclass
class Cloud:
    """An account in a region, with what was made in it by logical name."""

    simulator: Simulator
    made: dict[str, State] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)

    def make(self, kind: str, name: str, /, **inputs: Any) -> str:
        """Make a resource; return its id."""
        self.made[name] = done(self.simulator.create(urn(kind, name), inputs, False))
        self.kinds[name] = kind
        return self.made[name].id

    def change(self, name: str, /, **inputs: Any) -> None:
        """Change a resource in place."""
        old = self.made[name]
        new = {**old.inputs, **inputs}
        outputs = done(self.simulator.update(urn(self.kinds[name], name), old, new, False))
        self.made[name] = State(old.id, new, outputs)

    def drop(self, name: str) -> None:
        """Delete a resource."""
        done(self.simulator.delete(urn(self.kinds[name], name), self.made[name]))

    def is_there(self, name: str) -> bool:
        """Whether a resource exists."""
        return bool(done(self.simulator.read(urn(self.kinds[name], name), self.made[name])).id)

    def network(self, name: str = "net", block: int = 0) -> dict[str, Any]:
        """Make a VPC with two subnets in two zones, a security group and an internet gateway."""
        vpc = self.make(kinds.VPC, name, cidrBlock=f"10.{block}.0.0/16")
        subnets = [
            self.make(
                kinds.SUBNET,
                f"{name}-{zone}",
                vpcId=vpc,
                cidrBlock=f"10.{block}.{number}.0/24",
                availabilityZone=f"us-east-1{zone}",
            )
            for number, zone in enumerate("ab")
        ]
        group = self.make(kinds.SECURITY_GROUP, f"{name}-group", vpcId=vpc, name="access")
        gateway = self.make(kinds.INTERNET_GATEWAY, f"{name}-internet", vpcId=vpc)
        return {"vpc": vpc, "subnets": subnets, "group": group, "gateway": gateway}

    def database(self, network: Mapping[str, Any], name: str = "db", **inputs: Any) -> str:
        """Make a subnet group and an instance in it."""
        group = self.make(kinds.DB_SUBNET_GROUP, f"{name}-places", name=f"{name}-places", subnetIds=network["subnets"])
        given = {"identifier": name, "engine": "postgres", "skipFinalSnapshot": True, **inputs}
        return self.make(
            kinds.DB_INSTANCE, name, dbSubnetGroupName=group, vpcSecurityGroupIds=[network["group"]], **given
        )

    def cluster(self, network: Mapping[str, Any]) -> str:
        """Make a role and an EKS cluster that has it."""
        self.make(kinds.ROLE, "control-plane", name="control-plane", assumeRolePolicy="{}")
        return self.make(
            kinds.CLUSTER,
            "cluster",
            name="cluster",
            roleArn=self.made["control-plane"].outputs["arn"],
            vpcConfig={"subnetIds": network["subnets"], "securityGroupIds": [network["group"]]},
        )

    def nat(self, network: Mapping[str, Any], name: str = "nat") -> str:
        """Make a public NAT gateway with its address."""
        address = self.make(kinds.ADDRESS, f"{name}-address", domain="vpc")
        return self.make(kinds.NAT_GATEWAY, name, allocationId=address, subnetId=network["subnets"][0])


@pytest.fixture
def cloud(tmp_path: Path) -> Iterator[Cloud]:
    with closing(World(tmp_path / "world.sqlite")) as world:
        yield Cloud(Simulator(AWS, TYPES, world))


def refused(code: str) -> Any:
    """A refusal that begins with this error code."""
    return pytest.raises(ProviderError, match=rf"^{code}: ")


class TestMissing:
    """A reference to what is not there."""

    @pytest.mark.parametrize(
        ("kind", "inputs", "code"),
        [
            (kinds.SUBNET, {"vpcId": "vpc-1", "cidrBlock": "10.0.0.0/24"}, "InvalidVpcID.NotFound"),
            (kinds.INTERNET_GATEWAY, {"vpcId": "vpc-1"}, "InvalidVpcID.NotFound"),
            (kinds.ROUTE_TABLE, {"vpcId": "vpc-1"}, "InvalidVpcID.NotFound"),
            (kinds.SECURITY_GROUP, {"vpcId": "vpc-1"}, "InvalidVpcID.NotFound"),
            (kinds.ROUTE_TABLE, {"routes": [{"gatewayId": "igw-1"}]}, "InvalidGatewayID.NotFound"),
            (kinds.ROUTE_TABLE, {"routes": [{"natGatewayId": "nat-1"}]}, "InvalidNatGatewayID.NotFound"),
            (ROUTE, {"routeTableId": "rtb-1"}, "InvalidRouteTableID.NotFound"),
            (ASSOCIATION, {"subnetId": "subnet-1"}, "InvalidSubnetID.NotFound"),
            (ASSOCIATION, {"routeTableId": "rtb-1"}, "InvalidRouteTableID.NotFound"),
            (kinds.NAT_GATEWAY, {"subnetId": "subnet-1"}, "InvalidSubnetID.NotFound"),
            (kinds.NAT_GATEWAY, {"allocationId": "eipalloc-1"}, "InvalidAllocationID.NotFound"),
            (RULE, {"securityGroupId": "sg-1"}, "InvalidGroup.NotFound"),
            (RULE, {"sourceSecurityGroupId": "sg-1"}, "InvalidGroup.NotFound"),
            (kinds.SECURITY_GROUP, {"ingress": [{"securityGroups": ["sg-1"]}]}, "InvalidGroup.NotFound"),
            (kinds.LAUNCH_TEMPLATE, {"vpcSecurityGroupIds": ["sg-1"]}, "InvalidGroup.NotFound"),
            (ATTACHMENT, {"role": "nobody", "policyArn": "arn:x"}, "NoSuchEntity"),
            (ROLE_POLICY, {"role": "nobody", "policy": "{}"}, "NoSuchEntity"),
            (kinds.CLUSTER, {"roleArn": "arn:aws:iam::1:role/nobody"}, "InvalidParameterException"),
            (kinds.CLUSTER, {"vpcConfig": {"subnetIds": ["subnet-1"]}}, "InvalidSubnetID.NotFound"),
            (NODES, {"clusterName": "nowhere"}, "ResourceNotFoundException"),
            (NODES, {"launchTemplate": {"id": "lt-1"}}, "InvalidLaunchTemplateId.NotFound"),
            (ADDON, {"clusterName": "nowhere", "addonName": "kube-proxy"}, "ResourceNotFoundException"),
            (kinds.DB_SUBNET_GROUP, {"subnetIds": ["subnet-1"]}, "InvalidSubnetID.NotFound"),
            (kinds.DB_INSTANCE, {"dbSubnetGroupName": "nothing"}, "DBSubnetGroupNotFoundFault"),
            (kinds.DB_INSTANCE, {"parameterGroupName": "nothing"}, "DBParameterGroupNotFound"),
            (kinds.DB_INSTANCE, {"vpcSecurityGroupIds": ["sg-1"]}, "InvalidGroup.NotFound"),
            (kinds.BROKER, {"subnetIds": ["subnet-1"]}, "InvalidSubnetID.NotFound"),
            (VERSION, {"secretId": "arn:nothing", "secretString": "x"}, "ResourceNotFoundException"),
        ],
    )
    def test_is_refused(self, cloud: Cloud, kind: str, inputs: dict[str, Any], code: str) -> None:
        with refused(code):
            cloud.make(kind, "thing", **inputs)
        assert cloud.simulator._world.live() == ()

    def test_so_is_one_to_what_was_deleted(self, cloud: Cloud) -> None:
        vpc = cloud.make(kinds.VPC, "net", cidrBlock="10.0.0.0/16")
        cloud.drop("net")
        with refused("InvalidVpcID.NotFound"):
            cloud.make(kinds.INTERNET_GATEWAY, "internet", vpcId=vpc)

    def test_a_reference_of_before_is_not_looked_at_again(self, cloud: Cloud) -> None:
        """An update sends what changes: a cluster whose role somebody deleted can still get tags."""
        cloud.cluster(cloud.network())
        cloud.drop("control-plane")
        cloud.change("cluster", tags={"a": "b"})


class TestInUse:
    """The deletion of what something else uses."""

    @pytest.mark.parametrize("user", ["net-a", "net-group", "net-internet", "table"])
    def test_a_vpc(self, cloud: Cloud, user: str) -> None:
        network = cloud.network()
        cloud.make(kinds.ROUTE_TABLE, "table", vpcId=network["vpc"])
        for name in {"net-a", "net-b", "net-group", "net-internet", "table"} - {user}:
            cloud.drop(name)
        with pytest.raises(ProviderError, match=rf"^DependencyViolation: {network['vpc']} cannot.*\({user}\) uses it"):
            cloud.drop("net")
        cloud.drop(user)
        cloud.drop("net")
        assert cloud.simulator._world.live() == ()

    def test_subnets_and_groups_of_a_database(self, cloud: Cloud) -> None:
        cloud.database(cloud.network())
        with refused("DependencyViolation"):
            cloud.drop("net-a")
        with refused("DependencyViolation"):
            cloud.drop("net-group")
        with refused("InvalidDBSubnetGroupStateFault"):
            cloud.drop("db-places")
        cloud.drop("db")
        cloud.drop("net-a")  # a subnet group alone holds no network interface
        cloud.drop("net-group")
        cloud.drop("db-places")

    def test_parameters_of_a_database(self, cloud: Cloud) -> None:
        parameters = cloud.make(kinds.DB_PARAMETER_GROUP, "parameters", name="ours", family="postgres16")
        cloud.database(cloud.network(), parameterGroupName=parameters)
        with refused("InvalidDBParameterGroupState"):
            cloud.drop("parameters")

    def test_what_a_cluster_stands_in(self, cloud: Cloud) -> None:
        cloud.cluster(cloud.network())
        for name in ("net-a", "net-b", "net-group"):
            with refused("DependencyViolation"):
                cloud.drop(name)
        cloud.drop("control-plane")  # IAM does not ask who assumes a role

    def test_a_cluster_with_nodes_and_its_add_ons(self, cloud: Cloud) -> None:
        network = cloud.network()
        cluster = cloud.cluster(network)
        cloud.make(ADDON, "proxy", clusterName=cluster, addonName="kube-proxy")
        cloud.make(kinds.ROLE, "node", name="node", assumeRolePolicy="{}")
        template = cloud.make(kinds.LAUNCH_TEMPLATE, "template", name="nodes", vpcSecurityGroupIds=[network["group"]])
        cloud.make(
            NODES,
            "nodes",
            nodeGroupName="nodes",
            clusterName=cluster,
            nodeRoleArn=cloud.made["node"].outputs["arn"],
            subnetIds=network["subnets"],
            launchTemplate={"id": template, "version": "1"},
        )
        with refused("ResourceInUseException"):
            cloud.drop("cluster")
        cloud.drop("template")  # EC2 lets it go; the group is degraded
        cloud.drop("nodes")
        cloud.drop("cluster")
        assert not cloud.is_there("proxy")
        cloud.drop("proxy")

    def test_the_groups_of_nodes(self, cloud: Cloud) -> None:
        """Not by the template, which holds nothing: by the interfaces of the instances made from it."""
        network = cloud.network()
        group = cloud.make(kinds.SECURITY_GROUP, "nodes-group", vpcId=network["vpc"], name="nodes")
        template = cloud.make(kinds.LAUNCH_TEMPLATE, "template", name="nodes", vpcSecurityGroupIds=[group])
        cluster = cloud.cluster(network)
        cloud.make(NODES, "nodes", nodeGroupName="nodes", clusterName=cluster, launchTemplate={"id": template})
        with refused("DependencyViolation"):
            cloud.drop("nodes-group")
        cloud.drop("nodes")
        cloud.drop("nodes-group")

    def test_roles_with_policies(self, cloud: Cloud) -> None:
        role = cloud.make(kinds.ROLE, "role", name="role", assumeRolePolicy="{}")
        cloud.make(ATTACHMENT, "attached", role=role, policyArn="arn:aws:iam::aws:policy/ReadOnlyAccess")
        cloud.make(ROLE_POLICY, "own", name="own", role=role, policy="{}")
        for policy in ("attached", "own"):
            with refused("DeleteConflict"):
                cloud.drop("role")
            cloud.drop(policy)
        cloud.drop("role")

    def test_addresses_and_gateways(self, cloud: Cloud) -> None:
        network = cloud.network()
        cloud.nat(network)
        for name, code in (
            ("nat-address", "InvalidIPAddress.InUse"),
            ("net-a", "DependencyViolation"),
            ("net-internet", "DependencyViolation"),
        ):
            with refused(code):
                cloud.drop(name)
        cloud.drop("nat")
        for name in ("nat-address", "net-a", "net-internet"):
            cloud.drop(name)

    def test_route_tables_and_associations(self, cloud: Cloud) -> None:
        network = cloud.network()
        table = cloud.make(kinds.ROUTE_TABLE, "table", vpcId=network["vpc"], routes=[{"gatewayId": network["gateway"]}])
        cloud.make(ASSOCIATION, "associated", subnetId=network["subnets"][0], routeTableId=table)
        with refused("DependencyViolation"):
            cloud.drop("table")
        cloud.drop("net-internet")  # the route is a blackhole
        cloud.drop("net-a")  # the association goes with the subnet
        assert not cloud.is_there("associated")
        cloud.drop("associated")
        cloud.drop("table")

    def test_security_groups_that_others_name(self, cloud: Cloud) -> None:
        network = cloud.network()
        other = cloud.make(
            kinds.SECURITY_GROUP,
            "other",
            vpcId=network["vpc"],
            name="other",
            ingress=[{"securityGroups": [network["group"]]}],
        )
        with refused("DependencyViolation"):
            cloud.drop("net-group")
        cloud.make(RULE, "rule", securityGroupId=network["group"], sourceSecurityGroupId=other)
        with refused("DependencyViolation"):
            cloud.drop("other")
        cloud.drop("rule")
        cloud.drop("other")
        cloud.drop("net-group")

    def test_a_broker_holds_its_network(self, cloud: Cloud) -> None:
        network = cloud.network()
        cloud.make(
            kinds.BROKER,
            "queue",
            brokerName="queue",
            deploymentMode="SINGLE_INSTANCE",
            subnetIds=network["subnets"][:1],
            securityGroups=[network["group"]],
        )
        for name in ("net-a", "net-group"):
            with refused("DependencyViolation"):
                cloud.drop(name)
        cloud.drop("queue")
        cloud.drop("net-a")
        cloud.drop("net-group")

    def test_a_secret_takes_its_versions_along(self, cloud: Cloud) -> None:
        secret = cloud.make(kinds.SECRET, "secret", name="secret", recoveryWindowInDays=0)
        cloud.make(VERSION, "version", secretId=secret, secretString="x")
        cloud.drop("secret")
        assert not cloud.is_there("version")

    def test_a_last_snapshot_without_a_name(self, cloud: Cloud) -> None:
        cloud.database(cloud.network(), skipFinalSnapshot=False)
        with pytest.raises(ProviderError, match="final_snapshot_identifier is required"):
            cloud.drop("db")
        cloud.change("db", finalSnapshotIdentifier="last")
        cloud.drop("db")


class TestOneNetwork:
    """What has to lie together."""

    def test_a_database_and_its_security_groups(self, cloud: Cloud) -> None:
        one, other = cloud.network("one", 1), cloud.network("two", 2)
        with refused("InvalidParameterCombination"):
            cloud.database({**one, "group": other["group"]})

    def test_a_subnet_group(self, cloud: Cloud) -> None:
        one, other = cloud.network("one", 1), cloud.network("two", 2)
        with refused("InvalidSubnet"):
            cloud.database({**one, "subnets": [one["subnets"][0], other["subnets"][1]]})
        with refused("DBSubnetGroupDoesNotCoverEnoughAZs"):
            cloud.database({**one, "subnets": one["subnets"][:1]})
        cloud.database(one)
        with refused("InvalidParameterValue"):
            cloud.change("db-places", subnetIds=other["subnets"])

    def test_a_subnet_that_an_instance_is_in_stays_in_the_group(self, cloud: Cloud) -> None:
        network = cloud.network()
        third = cloud.make(
            kinds.SUBNET, "net-c", vpcId=network["vpc"], cidrBlock="10.0.9.0/24", availabilityZone="us-east-1c"
        )
        cloud.database({**network, "subnets": [*network["subnets"], third]})
        cloud.change("db-places", subnetIds=network["subnets"])
        cloud.change("db-places", subnetIds=[*network["subnets"], third])
        with refused("InvalidParameterValue"):
            cloud.change("db-places", subnetIds=[network["subnets"][1], third])

    def test_an_instance_that_moves(self, cloud: Cloud) -> None:
        one, other = cloud.network("one", 1), cloud.network("two", 2)
        cloud.database(one)
        same = cloud.make(kinds.DB_SUBNET_GROUP, "same", name="same", subnetIds=one["subnets"])
        there = cloud.make(kinds.DB_SUBNET_GROUP, "there", name="there", subnetIds=other["subnets"])
        with refused("InvalidVPCNetworkStateFault"):
            cloud.change("db", dbSubnetGroupName=same)
        with refused("InvalidParameterCombination"):
            cloud.change("db", dbSubnetGroupName=there)
        cloud.change("db", multiAz=True)
        with refused("InvalidVPCNetworkStateFault"):
            cloud.change("db", dbSubnetGroupName=there, vpcSecurityGroupIds=[other["group"]])
        cloud.change("db", multiAz=False)
        cloud.change("db", dbSubnetGroupName=there, vpcSecurityGroupIds=[other["group"]])

    def test_a_cluster_and_its_nodes(self, cloud: Cloud) -> None:
        one, other = cloud.network("one", 1), cloud.network("two", 2)
        for wrong in (
            {"subnets": [one["subnets"][0], other["subnets"][1]]},
            {"subnets": one["subnets"][:1]},
            {"group": other["group"]},
        ):
            with refused("InvalidParameterException"):
                Cloud(cloud.simulator).cluster({**one, **wrong})
            cloud.kinds["control-plane"] = kinds.ROLE
            cloud.made["control-plane"] = State("control-plane")
            cloud.drop("control-plane")
        cluster = cloud.cluster(one)
        with refused("InvalidParameterException"):
            cloud.change("cluster", vpcConfig={"subnetIds": other["subnets"]})
        with refused("InvalidParameterException"):
            cloud.make(NODES, "nodes", nodeGroupName="n", clusterName=cluster, subnetIds=other["subnets"])
        cloud.make(NODES, "nodes", nodeGroupName="n", clusterName=cluster, subnetIds=one["subnets"])

    def test_a_broker(self, cloud: Cloud) -> None:
        one, other = cloud.network("one", 1), cloud.network("two", 2)
        mode = {"brokerName": "queue", "deploymentMode": "SINGLE_INSTANCE"}
        with refused("BadRequestException"):
            cloud.make(kinds.BROKER, "queue", **mode, subnetIds=one["subnets"][:1], securityGroups=[other["group"]])
        with refused("BadRequestException"):
            cloud.make(kinds.BROKER, "queue", **mode, subnetIds=one["subnets"])
        cloud.make(kinds.BROKER, "queue", **mode, subnetIds=one["subnets"][:1], securityGroups=[one["group"]])

    def test_routes_and_associations(self, cloud: Cloud) -> None:
        one, other = cloud.network("one", 1), cloud.network("two", 2)
        nat = cloud.nat(other)
        for route in ({"gatewayId": other["gateway"]}, {"natGatewayId": nat}):
            with refused("InvalidParameterValue"):
                cloud.make(kinds.ROUTE_TABLE, "table", vpcId=one["vpc"], routes=[route])
        table = cloud.make(kinds.ROUTE_TABLE, "table", vpcId=one["vpc"])
        with refused("InvalidParameterValue"):
            cloud.make(ROUTE, "route", routeTableId=table, natGatewayId=nat, destinationCidrBlock="0.0.0.0/0")
        with refused("InvalidParameterValue"):
            cloud.make(ASSOCIATION, "associated", subnetId=other["subnets"][0], routeTableId=table)
        cloud.make(ASSOCIATION, "associated", subnetId=one["subnets"][0], routeTableId=table)
        with refused("Resource.AlreadyAssociated"):
            cloud.make(ASSOCIATION, "again", subnetId=one["subnets"][0], routeTableId=table)

    def test_gateways(self, cloud: Cloud) -> None:
        one, other = cloud.network("one", 1), cloud.network("two", 2)
        with refused("Resource.AlreadyAssociated"):
            cloud.make(kinds.INTERNET_GATEWAY, "second", vpcId=one["vpc"])
        cloud.nat(one)
        with refused("Resource.AlreadyAssociated"):
            cloud.make(
                kinds.NAT_GATEWAY,
                "again",
                allocationId=cloud.made["nat-address"].id,
                subnetId=other["subnets"][0],
            )
        cloud.drop("two-internet")
        with refused("Gateway.NotAttached"):
            cloud.nat(other, "cut-off")
        with refused("DependencyViolation"):
            cloud.change("one-internet", vpcId=other["vpc"])


class TestRanges:
    """Blocks of addresses, and zones."""

    @pytest.mark.parametrize("cidr", ["10.0.0.0/15", "10.0.0.0/29"])
    def test_a_vpc_is_between_16_and_28(self, cloud: Cloud, cidr: str) -> None:
        with refused("InvalidVpc.Range"):
            cloud.make(kinds.VPC, "net", cidrBlock=cidr)

    @pytest.mark.parametrize(
        ("cidr", "code"),
        [
            ("10.1.0.0/24", "InvalidSubnet.Range"),
            ("10.0.0.0/29", "InvalidSubnet.Range"),
            ("10.0.1.128/25", "InvalidSubnet.Conflict"),
        ],
    )
    def test_a_subnet_is_within_and_beside(self, cloud: Cloud, cidr: str, code: str) -> None:
        network = cloud.network()
        with refused(code):
            cloud.make(kinds.SUBNET, "more", vpcId=network["vpc"], cidrBlock=cidr)

    def test_a_zone_is_one_of_the_region(self, cloud: Cloud) -> None:
        vpc = cloud.make(kinds.VPC, "net", cidrBlock="10.0.0.0/16")
        with refused("InvalidParameterValue"):
            cloud.make(kinds.SUBNET, "a", vpcId=vpc, cidrBlock="10.0.0.0/24", availabilityZone="eu-west-1a")


class TestNames:
    """Names that are taken."""

    def test_a_database(self, cloud: Cloud) -> None:
        network = cloud.network()
        cloud.database(network)
        with refused("DBInstanceAlreadyExists"):
            cloud.make(kinds.DB_INSTANCE, "again", identifier="db", engine="postgres")

    def test_a_security_group_within_its_vpc(self, cloud: Cloud) -> None:
        one, _ = cloud.network("one", 1), cloud.network("two", 2)  # each with a group `access`
        with refused("InvalidGroup.Duplicate"):
            cloud.make(kinds.SECURITY_GROUP, "again", vpcId=one["vpc"], name="access")

    @pytest.mark.parametrize(
        ("kind", "inputs", "code"),
        [
            (kinds.BROKER, {"brokerName": "one"}, "ConflictException"),
            (kinds.LAUNCH_TEMPLATE, {"name": "one"}, "InvalidLaunchTemplateName.AlreadyExistsException"),
            (kinds.SECRET, {"name": "one"}, "ResourceExistsException"),
        ],
    )
    def test_others(self, cloud: Cloud, kind: str, inputs: dict[str, Any], code: str) -> None:
        cloud.make(kind, "one", **inputs)
        with refused(code):
            cloud.make(kind, "two", **inputs)
        cloud.drop("one")


class TestSecrets:
    """What Secrets Manager stores is what it gives."""

    FUNCTION = "aws:secretsmanager/getSecretVersion:getSecretVersion"

    def test_the_current_version_is_read(self, cloud: Cloud) -> None:
        secret = cloud.make(kinds.SECRET, "secret", name="secret")
        with refused("ResourceNotFoundException"):
            cloud.simulator.invoke(self.FUNCTION, {"secretId": secret})
        cloud.make(VERSION, "first", secretId=secret, secretString=Sealed("canary-first"))
        assert cloud.simulator.invoke(self.FUNCTION, {"secretId": secret})["secretString"] == Sealed("canary-first")
        cloud.make(VERSION, "second", secretId=secret, secretString=Sealed("canary-second"))
        found = cloud.simulator.invoke(self.FUNCTION, {"secretId": secret})
        assert found["secretString"] == Sealed("canary-second")
        assert found["versionId"] == cloud.made["second"].outputs["versionId"]
        cloud.drop("secret")
        with refused("ResourceNotFoundException"):
            cloud.simulator.invoke(self.FUNCTION, {"secretId": secret})

    def test_nothing_of_it_is_in_clear(self, cloud: Cloud, tmp_path: Path) -> None:
        secret = cloud.make(kinds.SECRET, "secret", name="secret")
        cloud.make(VERSION, "marked", secretId=secret, secretString=Sealed("canary-marked"))
        cloud.make(VERSION, "plain", secretId=secret, secretString="canary-plain")
        assert cloud.simulator.invoke(self.FUNCTION, {"secretId": secret})["secretString"] == Sealed("canary-plain")
        assert {"world.sqlite", "world.key"} <= {file.name for file in tmp_path.iterdir()}
        assert not [file for file in tmp_path.iterdir() if b"canary" in file.read_bytes()]

"""Relations of AWS's resource types: which input refers to what, and the error codes of the services.

A deletion that the provider would try again until AWS lets it is refused at once. Sources: EC2 error codes
(https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html), and the errors of each operation in the
API references of RDS, EKS, IAM, Amazon MQ and Secrets Manager.
"""

from __future__ import annotations

from typing import Final

from platform_pulumi.plugins.relations import OnDelete, Relation

VPC: Final = "aws:ec2/vpc:Vpc"
SUBNET: Final = "aws:ec2/subnet:Subnet"
INTERNET_GATEWAY: Final = "aws:ec2/internetGateway:InternetGateway"
ADDRESS: Final = "aws:ec2/eip:Eip"
NAT_GATEWAY: Final = "aws:ec2/natGateway:NatGateway"
ROUTE_TABLE: Final = "aws:ec2/routeTable:RouteTable"
SECURITY_GROUP: Final = "aws:ec2/securityGroup:SecurityGroup"
LAUNCH_TEMPLATE: Final = "aws:ec2/launchTemplate:LaunchTemplate"
ROLE: Final = "aws:iam/role:Role"
CLUSTER: Final = "aws:eks/cluster:Cluster"
DB_SUBNET_GROUP: Final = "aws:rds/subnetGroup:SubnetGroup"
DB_PARAMETER_GROUP: Final = "aws:rds/parameterGroup:ParameterGroup"
DB_INSTANCE: Final = "aws:rds/instance:Instance"
BROKER: Final = "aws:mq/broker:Broker"
SECRET: Final = "aws:secretsmanager/secret:Secret"

_DEPENDENCY: Final = "DependencyViolation"


def in_vpc(path: str = "vpcId") -> Relation:
    """Return the relation to a VPC. EC2 DeleteVpc: DependencyViolation while anything is attached to it."""
    return Relation(path, VPC, "InvalidVpcID.NotFound", _DEPENDENCY)


def in_subnets(path: str, on_delete: OnDelete = OnDelete.REFUSE) -> Relation:
    """Return the relation to subnets. EC2 DeleteSubnet: DependencyViolation while a network interface is in one."""
    return Relation(path, SUBNET, "InvalidSubnetID.NotFound", _DEPENDENCY, on_delete)


def behind(path: str, on_delete: OnDelete = OnDelete.REFUSE) -> Relation:
    """Return the relation to security groups.

    EC2 DeleteSecurityGroup: DependencyViolation while a network interface or a rule of another group names one.
    """
    return Relation(path, SECURITY_GROUP, "InvalidGroup.NotFound", _DEPENDENCY, on_delete)


def of_table(path: str, on_delete: OnDelete) -> Relation:
    """Return the relation to a route table. EC2 DeleteRouteTable: DependencyViolation while subnets are associated."""
    return Relation(path, ROUTE_TABLE, "InvalidRouteTableID.NotFound", _DEPENDENCY, on_delete)


def to_internet_gateway(path: str) -> Relation:
    """Return the relation of a route to an internet gateway; without it the route is a blackhole, which EC2 allows."""
    return Relation(
        path,
        INTERNET_GATEWAY,
        "InvalidGatewayID.NotFound",
        on_delete=OnDelete.KEEP,
        given=lambda gateway: gateway == "local",
    )


def to_nat_gateway(path: str) -> Relation:
    """Return the relation of a route to a NAT gateway; without it the route is a blackhole, which EC2 allows."""
    return Relation(path, NAT_GATEWAY, "InvalidNatGatewayID.NotFound", on_delete=OnDelete.KEEP)


#: EC2 ReleaseAddress: InvalidIPAddress.InUse while the address is associated.
ADDRESS_OF_GATEWAY: Final = Relation("allocationId", ADDRESS, "InvalidAllocationID.NotFound", "InvalidIPAddress.InUse")


def in_cluster(path: str, on_delete: OnDelete, missing: str = "ResourceNotFoundException") -> Relation:
    """Return the relation to an EKS cluster.

    EKS DeleteCluster: ResourceInUseException while it has node groups; its add-ons go with it.
    """
    return Relation(path, CLUSTER, missing, "ResourceInUseException", on_delete)


def from_template(path: str) -> Relation:
    """Return the relation to a launch template. EC2 deletes one that a node group uses: the group is then degraded."""
    return Relation(path, LAUNCH_TEMPLATE, "InvalidLaunchTemplateId.NotFound", on_delete=OnDelete.KEEP)


def policy_of(path: str = "role") -> Relation:
    """Return the relation of a policy to its role. IAM DeleteRole: DeleteConflict while the role has policies."""
    return Relation(path, ROLE, "NoSuchEntity", "DeleteConflict", id_of=_name)


def assumed(path: str, missing: str) -> Relation:
    """Return the relation of a service to the role it assumes; IAM deletes the role all the same."""
    return Relation(path, ROLE, missing, on_delete=OnDelete.KEEP, id_of=_name)


#: RDS DeleteDBSubnetGroup: InvalidDBSubnetGroupStateFault while an instance is in it.
IN_SUBNET_GROUP: Final = Relation(
    "dbSubnetGroupName", DB_SUBNET_GROUP, "DBSubnetGroupNotFoundFault", "InvalidDBSubnetGroupStateFault"
)
#: RDS DeleteDBParameterGroup: InvalidDBParameterGroupState while an instance uses it. AWS has the default ones.
WITH_PARAMETERS: Final = Relation(
    "parameterGroupName",
    DB_PARAMETER_GROUP,
    "DBParameterGroupNotFound",
    "InvalidDBParameterGroupState",
    given=lambda name: name.startswith("default."),
)
#: Secrets Manager DeleteSecret deletes the versions with the secret.
VERSION_OF: Final = Relation("secretId", SECRET, "ResourceNotFoundException", on_delete=OnDelete.CASCADE)


def _name(role: str) -> str:
    """The name of a role, which is its id, from the name or its ARN."""
    return role.rpartition("/")[2]

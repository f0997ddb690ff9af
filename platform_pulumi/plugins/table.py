"""What SDKs do not say of resource types: what forces a replacement, how ids look, what an update may change.

One entry for every type that our components use; the simulator refuses a type without one. Replace keys follow the AWS
provider's documentation ("Forces replacement") and Kubernetes' immutable fields; ids follow what the services issue.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field


class FoundBy(enum.StrEnum):
    """How a resource whose create was not confirmed is found again (DESIGN section 7)."""

    TAG = "tag"
    NAME = "name"
    ASK = "ask"


@dataclass(frozen=True, slots=True)
class Entry:
    """One resource type.

    Args:
        id: the id's form: `{hex17}` and its like are digits of the resource's own hash, `{name}` and so on its inputs.
        found_by: by its tags, by its name (the name is the id), or not at all.
        replace: dotted input paths that force a replacement.
        name: the input that is unique among its kind: a replacement that keeps it deletes first.
        outputs: computed outputs with a form of their own, in the notation of `id`.
        changes: computed outputs that an update may change, with the inputs that do it (none: any).
        protection: the input that refuses deletion while it is true.
    """

    id: str
    found_by: FoundBy
    replace: tuple[str, ...] = ()
    name: str = ""
    outputs: Mapping[str, str] = field(default_factory=dict)
    changes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    protection: str = ""


_EC2 = "arn:aws:ec2:{region}:{account}"
_IAM = "arn:aws:iam::{account}"

_AWS: Mapping[str, Entry] = {
    "aws:ec2/vpc:Vpc": Entry(
        id="vpc-{hex17}",
        found_by=FoundBy.TAG,
        replace=("cidrBlock", "instanceTenancy", "ipv4IpamPoolId"),
        outputs={"arn": f"{_EC2}:vpc/{{id}}", "mainRouteTableId": "rtb-{hex17}", "dhcpOptionsId": "dopt-{hex17}"},
    ),
    "aws:ec2/subnet:Subnet": Entry(
        id="subnet-{hex17}",
        found_by=FoundBy.TAG,
        replace=("vpcId", "cidrBlock", "availabilityZone", "availabilityZoneId", "outpostArn"),
        outputs={"arn": f"{_EC2}:subnet/{{id}}"},
    ),
    "aws:ec2/internetGateway:InternetGateway": Entry(
        id="igw-{hex17}", found_by=FoundBy.TAG, outputs={"arn": f"{_EC2}:internet-gateway/{{id}}"}
    ),
    "aws:ec2/eip:Eip": Entry(
        id="eipalloc-{hex17}",
        found_by=FoundBy.TAG,
        replace=("domain", "publicIpv4Pool", "networkBorderGroup"),
        outputs={"allocationId": "{id}", "publicIp": "203.0.113.{octet}", "arn": f"{_EC2}:elastic-ip/{{id}}"},
    ),
    "aws:ec2/natGateway:NatGateway": Entry(
        id="nat-{hex17}",
        found_by=FoundBy.TAG,
        replace=("allocationId", "subnetId", "connectivityType"),
        outputs={"networkInterfaceId": "eni-{hex17}", "publicIp": "203.0.113.{octet}", "privateIp": "10.0.0.{octet}"},
    ),
    "aws:ec2/routeTable:RouteTable": Entry(
        id="rtb-{hex17}", found_by=FoundBy.TAG, replace=("vpcId",), outputs={"arn": f"{_EC2}:route-table/{{id}}"}
    ),
    "aws:ec2/route:Route": Entry(
        id="r-{routeTableId}{digits}",
        found_by=FoundBy.ASK,
        replace=("routeTableId", "destinationCidrBlock", "destinationIpv6CidrBlock", "destinationPrefixListId"),
    ),
    "aws:ec2/routeTableAssociation:RouteTableAssociation": Entry(
        id="rtbassoc-{hex17}", found_by=FoundBy.ASK, replace=("subnetId", "gatewayId")
    ),
    "aws:ec2/securityGroup:SecurityGroup": Entry(
        id="sg-{hex17}",
        found_by=FoundBy.TAG,
        replace=("vpcId", "name", "namePrefix", "description"),
        name="name",
        outputs={"arn": f"{_EC2}:security-group/{{id}}", "ownerId": "{account}"},
    ),
    "aws:ec2/securityGroupRule:SecurityGroupRule": Entry(
        id="sgrule-{digits}",
        found_by=FoundBy.ASK,
        replace=(
            *("type", "fromPort", "toPort", "protocol", "cidrBlocks", "ipv6CidrBlocks", "prefixListIds"),
            *("securityGroupId", "sourceSecurityGroupId", "self"),
        ),
    ),
    "aws:ec2/launchTemplate:LaunchTemplate": Entry(
        id="lt-{hex17}",
        found_by=FoundBy.TAG,
        replace=("name", "namePrefix"),
        name="name",
        outputs={"arn": f"{_EC2}:launch-template/{{id}}", "latestVersion": "{version}", "defaultVersion": "1"},
        changes={"latestVersion": ()},
    ),
    "aws:iam/role:Role": Entry(
        id="{name}",
        found_by=FoundBy.NAME,
        replace=("name", "namePrefix", "path"),
        name="name",
        outputs={"arn": f"{_IAM}:role/{{name}}", "uniqueId": "AROA{HEX17}"},
    ),
    "aws:iam/rolePolicy:RolePolicy": Entry(
        id="{role}:{name}", found_by=FoundBy.NAME, replace=("name", "namePrefix", "role"), name="name"
    ),
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": Entry(
        id="{role}-{policyArn}", found_by=FoundBy.NAME, replace=("role", "policyArn")
    ),
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider": Entry(
        id=f"{_IAM}:oidc-provider/oidc.eks.{{region}}.amazonaws.com/id/{{HEX32}}",
        found_by=FoundBy.TAG,
        replace=("url",),
        outputs={"arn": "{id}"},
    ),
    "aws:eks/cluster:Cluster": Entry(
        id="{name}",
        found_by=FoundBy.NAME,
        replace=(
            *("name", "roleArn", "encryptionConfig", "accessConfig.bootstrapClusterCreatorAdminPermissions"),
            *("kubernetesNetworkConfig.ipFamily", "kubernetesNetworkConfig.serviceIpv4Cidr", "outpostConfig"),
            "bootstrapSelfManagedAddons",
        ),
        name="name",
        outputs={
            "arn": "arn:aws:eks:{region}:{account}:cluster/{name}",
            "clusterId": "{uuid}",
            "endpoint": "https://{HEX32}.gr7.{region}.eks.amazonaws.com",
        },
        changes={"platformVersion": ("version",)},
        protection="deletionProtection",
    ),
    "aws:eks/addon:Addon": Entry(
        id="{clusterName}:{addonName}",
        found_by=FoundBy.NAME,
        replace=("addonName", "clusterName"),
        outputs={"arn": "arn:aws:eks:{region}:{account}:addon/{clusterName}/{addonName}/{uuid}"},
    ),
    "aws:eks/nodeGroup:NodeGroup": Entry(
        id="{clusterName}:{nodeGroupName}",
        found_by=FoundBy.NAME,
        replace=(
            *("clusterName", "nodeGroupName", "nodeGroupNamePrefix", "nodeRoleArn", "subnetIds", "capacityType"),
            *("instanceTypes", "diskSize", "amiType", "remoteAccess", "launchTemplate.id", "launchTemplate.name"),
        ),
        name="nodeGroupName",
        outputs={"arn": "arn:aws:eks:{region}:{account}:nodegroup/{clusterName}/{nodeGroupName}/{uuid}"},
    ),
    "aws:rds/subnetGroup:SubnetGroup": Entry(
        id="{name}",
        found_by=FoundBy.NAME,
        replace=("name", "namePrefix"),
        name="name",
        outputs={"arn": "arn:aws:rds:{region}:{account}:subgrp:{name}"},
    ),
    "aws:rds/parameterGroup:ParameterGroup": Entry(
        id="{name}",
        found_by=FoundBy.NAME,
        replace=("name", "namePrefix", "family", "description"),
        name="name",
        outputs={"arn": "arn:aws:rds:{region}:{account}:pg:{name}"},
    ),
    "aws:rds/instance:Instance": Entry(
        id="db-{HEX26}",
        found_by=FoundBy.TAG,
        replace=(
            *("engine", "dbName", "username", "storageEncrypted", "kmsKeyId", "availabilityZone", "timezone"),
            *("characterSetName", "ncharCharacterSetName", "identifierPrefix", "snapshotIdentifier"),
        ),
        name="identifier",
        outputs={
            "arn": "arn:aws:rds:{region}:{account}:db:{identifier}",
            "address": "{identifier}.c{hex11}.{region}.rds.amazonaws.com",
            "resourceId": "{id}",
            "hostedZoneId": "Z2R2ITUGPM61AM",
        },
        changes={
            "address": ("identifier",),
            "endpoint": ("identifier", "port"),
            "arn": ("identifier",),
            "engineVersionActual": ("engineVersion",),
        },
        protection="deletionProtection",
    ),
    "aws:mq/broker:Broker": Entry(
        id="b-{uuid}",
        found_by=FoundBy.TAG,
        replace=(
            *("brokerName", "engineType", "deploymentMode", "subnetIds", "publiclyAccessible", "storageType"),
            *("authenticationStrategy", "encryptionOptions", "ldapServerMetadata"),
        ),
        name="brokerName",
        outputs={"arn": "arn:aws:mq:{region}:{account}:broker:{brokerName}:{id}"},
    ),
    "aws:secretsmanager/secret:Secret": Entry(
        id="arn:aws:secretsmanager:{region}:{account}:secret:{name}-{hex6}",
        found_by=FoundBy.NAME,
        replace=("name", "namePrefix"),
        name="name",
        outputs={"arn": "{id}"},
    ),
    "aws:secretsmanager/secretVersion:SecretVersion": Entry(
        id="{secretId}|{uuid}",
        found_by=FoundBy.ASK,
        replace=("secretId", "secretString", "secretBinary"),
        outputs={"arn": "{secretId}", "secretArn": "{secretId}", "versionId": "{uuid}"},
    ),
    "aws:sqs/queue:Queue": Entry(
        id="https://sqs.{region}.amazonaws.com/{account}/{name}",
        found_by=FoundBy.NAME,
        replace=("name", "namePrefix", "fifoQueue"),
        name="name",
        outputs={"url": "{id}", "arn": "arn:aws:sqs:{region}:{account}:{name}"},
    ),
}

#: What identifies a Kubernetes object (https://kubernetes.io/docs/concepts/overview/working-with-objects/names/).
_OBJECT = ("apiVersion", "kind", "metadata.name", "metadata.namespace")
_NAMESPACED = "{metadata.namespace}/{metadata.name}"


def _kubernetes(*immutable: str, form: str = _NAMESPACED) -> Entry:
    return Entry(id=form, found_by=FoundBy.NAME, replace=(*_OBJECT, *immutable), name="metadata.name")


_KUBERNETES: Mapping[str, Entry] = {
    "kubernetes:core/v1:Namespace": _kubernetes(form="{metadata.name}"),
    "kubernetes:core/v1:ResourceQuota": _kubernetes("spec.scopes"),
    "kubernetes:core/v1:LimitRange": _kubernetes(),
    "kubernetes:core/v1:ConfigMap": _kubernetes(),
    "kubernetes:core/v1:Secret": _kubernetes("type"),
    "kubernetes:core/v1:ServiceAccount": _kubernetes(),
    "kubernetes:core/v1:Service": _kubernetes("spec.clusterIP"),
    "kubernetes:apps/v1:Deployment": _kubernetes("spec.selector"),
    "kubernetes:networking.k8s.io/v1:Ingress": _kubernetes(),
}

_PLATFORM: Mapping[str, Entry] = {
    "platform:index:Password": Entry(
        id="{hex17}", found_by=FoundBy.ASK, replace=("length", "special", "keepers", "result")
    ),
}

#: `mock` has every capability type; what replaces is what would on the real providers.
_MOCK_REPLACES: Mapping[str, tuple[str, ...]] = {
    "Network": ("cidr",),
    "KubernetesCluster": ("network.id",),
    "Namespace": ("kubernetes_cluster.name",),
    "Database": ("engine", "database_name", "username", "encrypted", "network.id"),
    "MessageQueue": ("engine", "fifo", "network.id"),
    "DnsZone": ("domain", "private"),
    "LoadBalancer": ("scheme", "kind", "network.id"),
    "Cache": ("engine", "network.id"),
    "ObjectStorage": ("bucket",),
    "ContainerRuntime": ("namespace.name",),
}
#: A reference to a password that the user gives names the password's version, so that consumers see a new one.
_MOCK_CHANGES: Mapping[str, tuple[str, ...]] = {
    "credential_ref": ("password", "secret_key"),
    "connection_string": ("password",),
    "endpoint": ("ingress", "ports", "public_endpoint", "port", "tls"),
    "service": ("ports",),
    "private_subnet_ids": ("availability_zones", "private_subnets"),
    "public_subnet_ids": ("availability_zones", "public_subnets"),
}

TABLE: Mapping[str, Entry] = {**_AWS, **_KUBERNETES, **_PLATFORM}


def entry(token: str) -> Entry | None:
    """The entry of a resource type; `mock`'s types follow one pattern, Docker's the embedded plugin."""
    if token.startswith("mock:index:"):
        kind = token.rpartition(":")[2]
        return Entry(
            id="mock-{hex12}", found_by=FoundBy.TAG, replace=_MOCK_REPLACES.get(kind, ()), changes=_MOCK_CHANGES
        )
    if token.startswith("docker:"):
        from components.docker.plugin.simulated import TABLE as DOCKER  # noqa: PLC0415  only where it is served

        return DOCKER.get(token)
    return TABLE.get(token)

"""Behaviour table of AWS's resource types: replace keys, forms of ids, computed outputs that updates change.

Replace keys follow the provider's documentation ("Forces replacement"); ids follow what the services issue.
"""

from __future__ import annotations

from collections.abc import Mapping

from components.aws.simulated import outputs, relations, rules
from platform_pulumi.plugins.relations import OnDelete
from platform_pulumi.plugins.table import Entry, FoundBy

_EC2 = "arn:aws:ec2:{region}:{account}"
_IAM = "arn:aws:iam::{account}"

TABLE: Mapping[str, Entry] = {
    "aws:ec2/vpc:Vpc": Entry(
        id="vpc-{hex17}",
        found_by=FoundBy.TAG,
        replace=("cidrBlock", "instanceTenancy", "ipv4IpamPoolId"),
        outputs={"arn": f"{_EC2}:vpc/{{id}}", "mainRouteTableId": "rtb-{hex17}", "dhcpOptionsId": "dopt-{hex17}"},
        rules=(rules.vpc_range,),
    ),
    "aws:ec2/subnet:Subnet": Entry(
        id="subnet-{hex17}",
        found_by=FoundBy.TAG,
        replace=("vpcId", "cidrBlock", "availabilityZone", "availabilityZoneId", "outpostArn"),
        outputs={"arn": f"{_EC2}:subnet/{{id}}"},
        relations=(relations.in_vpc(),),
        rules=(rules.subnet_zone, rules.subnet_range),
    ),
    "aws:ec2/internetGateway:InternetGateway": Entry(
        id="igw-{hex17}",
        found_by=FoundBy.TAG,
        outputs={"arn": f"{_EC2}:internet-gateway/{{id}}"},
        relations=(relations.in_vpc(),),
        rules=(rules.reattached, rules.one_gateway),
        deletion=(rules.detached,),
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
        relations=(relations.in_subnets("subnetId"), relations.ADDRESS_OF_GATEWAY),
        rules=(rules.gateway_place,),
    ),
    "aws:ec2/routeTable:RouteTable": Entry(
        id="rtb-{hex17}",
        found_by=FoundBy.TAG,
        replace=("vpcId",),
        outputs={"arn": f"{_EC2}:route-table/{{id}}"},
        relations=(
            relations.in_vpc(),
            relations.to_internet_gateway("routes.gatewayId"),
            relations.to_nat_gateway("routes.natGatewayId"),
        ),
        rules=(rules.routes_within,),
    ),
    "aws:ec2/route:Route": Entry(
        id="r-{routeTableId}{digits}",
        found_by=FoundBy.ASK,
        replace=("routeTableId", "destinationCidrBlock", "destinationIpv6CidrBlock", "destinationPrefixListId"),
        relations=(
            relations.of_table("routeTableId", OnDelete.CASCADE),
            relations.to_internet_gateway("gatewayId"),
            relations.to_nat_gateway("natGatewayId"),
        ),
        rules=(rules.route_within,),
    ),
    "aws:ec2/routeTableAssociation:RouteTableAssociation": Entry(
        id="rtbassoc-{hex17}",
        found_by=FoundBy.ASK,
        replace=("subnetId", "gatewayId"),
        relations=(
            relations.of_table("routeTableId", OnDelete.REFUSE),
            # EC2 drops the association with the subnet.
            relations.in_subnets("subnetId", OnDelete.CASCADE),
        ),
        rules=(rules.association_within,),
    ),
    "aws:ec2/securityGroup:SecurityGroup": Entry(
        id="sg-{hex17}",
        found_by=FoundBy.TAG,
        replace=("vpcId", "name", "namePrefix", "description"),
        name="name",
        outputs={"arn": f"{_EC2}:security-group/{{id}}", "ownerId": "{account}"},
        relations=(
            relations.in_vpc(),
            relations.behind("ingress.securityGroups"),
            relations.behind("egress.securityGroups"),
        ),
        unique=("vpcId",),
        taken="InvalidGroup.Duplicate",
    ),
    "aws:ec2/securityGroupRule:SecurityGroupRule": Entry(
        id="sgrule-{digits}",
        found_by=FoundBy.ASK,
        replace=(
            *("type", "fromPort", "toPort", "protocol", "cidrBlocks", "ipv6CidrBlocks", "prefixListIds"),
            *("securityGroupId", "sourceSecurityGroupId", "self"),
        ),
        relations=(
            relations.behind("securityGroupId", OnDelete.CASCADE),
            relations.behind("sourceSecurityGroupId"),
        ),
    ),
    "aws:ec2/launchTemplate:LaunchTemplate": Entry(
        id="lt-{hex17}",
        found_by=FoundBy.TAG,
        replace=("name", "namePrefix"),
        name="name",
        outputs={"arn": f"{_EC2}:launch-template/{{id}}", "latestVersion": "{version}", "defaultVersion": "1"},
        changes={"latestVersion": ()},
        # A template alone holds nothing; the instances of a node group made from it do.
        relations=(
            relations.behind("vpcSecurityGroupIds", OnDelete.WHILE_USED),
            relations.behind("networkInterfaces.securityGroups", OnDelete.WHILE_USED),
        ),
        taken="InvalidLaunchTemplateName.AlreadyExistsException",
    ),
    "aws:iam/role:Role": Entry(
        id="{name}",
        found_by=FoundBy.NAME,
        replace=("name", "namePrefix", "path"),
        name="name",
        outputs={"arn": f"{_IAM}:role/{{name}}", "uniqueId": "AROA{HEX17}"},
        common=True,
    ),
    "aws:iam/rolePolicy:RolePolicy": Entry(
        id="{role}:{name}",
        found_by=FoundBy.NAME,
        replace=("name", "namePrefix", "role"),
        name="name",
        relations=(relations.policy_of(),),
        common=True,
    ),
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": Entry(
        id="{role}-{policyArn}",
        found_by=FoundBy.NAME,
        replace=("role", "policyArn"),
        relations=(relations.policy_of(),),
        common=True,
    ),
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider": Entry(
        id=f"{_IAM}:oidc-provider/oidc.eks.{{region}}.amazonaws.com/id/{{HEX32}}",
        found_by=FoundBy.TAG,
        replace=("url",),
        outputs={"arn": "{id}"},
        common=True,
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
        computed=outputs.cluster,
        relations=(
            relations.in_subnets("vpcConfig.subnetIds"),
            relations.behind("vpcConfig.securityGroupIds"),
            relations.assumed("roleArn", "InvalidParameterException"),
        ),
        rules=(rules.cluster_network,),
        address="endpoint",
    ),
    "aws:eks/addon:Addon": Entry(
        id="{clusterName}:{addonName}",
        found_by=FoundBy.NAME,
        replace=("addonName", "clusterName"),
        outputs={"arn": "arn:aws:eks:{region}:{account}:addon/{clusterName}/{addonName}/{uuid}"},
        relations=(relations.in_cluster("clusterName", OnDelete.CASCADE),),
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
        relations=(
            relations.in_cluster("clusterName", OnDelete.REFUSE),
            relations.in_subnets("subnetIds"),
            relations.from_template("launchTemplate.id"),
            relations.assumed("nodeRoleArn", "InvalidParameterException"),
        ),
        rules=(rules.node_network,),
    ),
    "aws:rds/subnetGroup:SubnetGroup": Entry(
        id="{name}",
        found_by=FoundBy.NAME,
        replace=("name", "namePrefix"),
        name="name",
        outputs={"arn": "arn:aws:rds:{region}:{account}:subgrp:{name}"},
        # A group alone holds no subnet; an instance in it does.
        relations=(relations.in_subnets("subnetIds", OnDelete.WHILE_USED),),
        rules=(rules.group_subnets,),
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
        computed=outputs.database,
        absent=outputs.no_managed_secret,
        relations=(
            relations.IN_SUBNET_GROUP,
            relations.WITH_PARAMETERS,
            relations.behind("vpcSecurityGroupIds"),
        ),
        rules=(rules.instance_network,),
        deletion=(rules.final_snapshot,),
        taken="DBInstanceAlreadyExists",
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
        computed=outputs.broker,
        relations=(relations.in_subnets("subnetIds"), relations.behind("securityGroups")),
        rules=(rules.broker_network,),
        taken="ConflictException",
    ),
    "aws:secretsmanager/secret:Secret": Entry(
        id="arn:aws:secretsmanager:{region}:{account}:secret:{name}-{hex6}",
        found_by=FoundBy.NAME,
        replace=("name", "namePrefix"),
        name="name",
        outputs={"arn": "{id}"},
        taken="ResourceExistsException",
    ),
    "aws:secretsmanager/secretVersion:SecretVersion": Entry(
        id="{secretId}|{uuid}",
        found_by=FoundBy.ASK,
        replace=("secretId", "secretString", "secretBinary"),
        outputs={"arn": "{secretId}", "secretArn": "{secretId}", "versionId": "{uuid}"},
        relations=(relations.VERSION_OF,),
        stored=("secretString", "secretBinary"),
    ),
    "aws:sqs/queue:Queue": Entry(
        id="https://sqs.{region}.amazonaws.com/{account}/{name}",
        found_by=FoundBy.NAME,
        replace=("name", "namePrefix", "fifoQueue"),
        name="name",
        outputs={"url": "{id}", "arn": "arn:aws:sqs:{region}:{account}:{name}"},
    ),
}

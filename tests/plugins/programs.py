"""The programs that the engine tests run, in a process of their own."""

from __future__ import annotations

from typing import Any

import pulumi

from platform_pulumi.sdk.password import Password
from tests.plugins.stack import Thing

CANARY = "canary-41f7c09a"


def platform(cidr: str = "10.0.0.0/16", size: int = 20, password: str = CANARY) -> None:
    """A network and a database whose password a container gets."""
    vpc = Thing("aws:ec2/vpc:Vpc", "vpc", {"cidrBlock": cidr})
    subnets = [
        Thing("aws:ec2/subnet:Subnet", name, {"vpcId": vpc.id, "cidrBlock": block, "availabilityZone": zone}).id
        for name, block, zone in (
            ("vpc-private", "10.0.0.0/24", "us-east-1a"),
            ("vpc-private-1", "10.0.1.0/24", "us-east-1b"),
        )
    ]
    group = Thing("aws:rds/subnetGroup:SubnetGroup", "db-subnets", {"name": "db", "subnetIds": subnets})
    inputs = {
        "identifier": "db",
        "engine": "postgres",
        "instanceClass": "db.t4g.medium",
        "allocatedStorage": size,
        "username": "owner",
        "password": pulumi.Output.secret(password),
        "dbSubnetGroupName": group.id,
    }
    db = Thing("aws:rds/instance:Instance", "db", inputs, ("endpoint",), protect=True)
    made = Password("db-made", length=24)
    container = {
        "name": "api",
        "env": [{"name": "P", "value": made.result}, {"name": "E", "value": db.read("endpoint")}],
    }
    spec = {"selector": {"matchLabels": {"a": "b"}}, "template": {"spec": {"containers": [container]}}}
    Thing("kubernetes:apps/v1:Deployment", "api", {"metadata": {"name": "api", "namespace": "default"}, "spec": spec})
    pulumi.export("endpoint", db.read("endpoint"))
    pulumi.export("password", made.result)


def database(engine: str, protected: bool) -> None:
    """A database that may refuse deletion."""
    inputs = {"identifier": "db", "engine": engine, "instanceClass": "x", "deletionProtection": protected}
    inputs["skipFinalSnapshot"] = True
    Thing("aws:rds/instance:Instance", "db", inputs)


def misspelt() -> None:
    """A network with a property that there is not."""
    Thing("aws:ec2/vpc:Vpc", "vpc", {"cidrblock": "10.0.0.0/16"})


def mocked() -> None:
    """A network and a database of `mock`."""
    first = Thing("mock:index:Network", "vpc", {"cidr": "10.0.0.0/16"})
    inputs = {"engine": "mysql", "storage_gb": 20, "network": {"id": first.id}}
    Thing("mock:index:Database", "shared-postgres", inputs)


def many(count: int) -> None:
    """So many resources of `mock`."""
    for number in range(count):
        Thing("mock:index:Database", f"db-{number}", {"engine": "mysql", "storage_gb": number, "tags": {"a": "b"}})


def eks(**inputs: Any) -> None:
    """A cluster by the remote component, and what stands on it."""
    import pulumi_aws
    import pulumi_eks

    aws = pulumi_aws.Provider("aws", region="eu-west-1")
    own = pulumi.ResourceOptions(provider=aws)
    role = pulumi_aws.iam.Role("role", name="control-plane", assume_role_policy="{}", opts=own)
    vpc = pulumi_aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16", opts=own)
    subnets = [
        pulumi_aws.ec2.Subnet(
            f"subnet-{number}",
            vpc_id=vpc.id,
            cidr_block=f"10.0.{number}.0/24",
            availability_zone=f"eu-west-1{zone}",
            opts=own,
        ).id
        for number, zone in enumerate("ab")
    ]
    cluster = pulumi_eks.Cluster(
        "primary",
        **{
            "name": "primary",
            "version": "1.29",
            "vpc_id": vpc.id,
            "private_subnet_ids": subnets,
            "service_role": role,
            "skip_default_node_group": True,
            "skip_default_security_groups": True,
            "use_default_vpc_cni": True,
            "create_oidc_provider": True,
            "authentication_mode": pulumi_eks.AuthenticationMode.API,
            **inputs,
        },
        opts=pulumi.ResourceOptions(providers=[aws]),
    )
    pulumi.export("kubeconfig", cluster.kubeconfig_json)
    pulumi.export("arn", cluster.eks_cluster.arn)


def somewhere(region: str) -> None:
    """A network and a queue of a provider that is for one region."""
    import pulumi_aws

    own = pulumi.ResourceOptions(provider=pulumi_aws.Provider("aws", region=region))
    vpc = pulumi_aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16", opts=own)
    pulumi_aws.sqs.Queue("queue", name="orders", opts=own)
    pulumi.export("arn", vpc.arn)

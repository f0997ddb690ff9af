"""Security groups of capabilities: access from the bound network."""

from __future__ import annotations

from pulumi_aws import ec2

from components.aws.bound_network import NETWORK, network_range
from components.aws.tags import named_tags
from platform_pulumi.sdk.component import CapabilityComponent


def security_group(component: CapabilityComponent, ports: list[int]) -> ec2.SecurityGroup:
    """Create a security group that admits the whole bound network on some TCP ports, and nobody else."""
    scope, logical = component.scope, component.logical("access")
    source = network_range(scope)
    return ec2.SecurityGroup(
        logical,
        name=scope.name("access", replace_keys={"network": source}),
        # AWS cannot change it: nothing stands here that may.
        description="Access from the network",
        vpc_id=scope.bound_output(NETWORK, "id"),
        ingress=[
            ec2.SecurityGroupIngressArgs(protocol="tcp", from_port=port, to_port=port, cidr_blocks=[source])
            for port in ports
        ],
        tags=named_tags(scope, logical),
        opts=component.child("aws"),
    )

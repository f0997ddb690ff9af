"""Security groups of capabilities: access from the bound network."""

from __future__ import annotations

from pulumi_aws import ec2

from components.aws.bound_network import NETWORK, network_key, network_range
from components.aws.tags import named_tags
from platform_pulumi.sdk.component import CapabilityComponent


def security_group(
    component: CapabilityComponent,
    ports: list[int],
    suffix: str = "access",
    description: str = "Access from the network",
) -> ec2.SecurityGroup:
    """Create a security group that admits the bound network on some TCP ports, and nobody else.

    Args:
        component: whose group it is.
        ports: what may be reached.
        suffix: tells it from the component's other children.
        description: what it is for. AWS cannot change it: nothing stands here that may.
    """
    scope, logical, network = component.scope, component.logical(suffix), network_range(component.scope)
    return ec2.SecurityGroup(
        logical,
        name=scope.name(suffix, replace_keys=network_key(scope)),
        description=description,
        vpc_id=scope.bound_output(NETWORK, "id"),
        ingress=[
            ec2.SecurityGroupIngressArgs(protocol="tcp", from_port=port, to_port=port, cidr_blocks=[network])
            for port in ports
        ],
        tags=named_tags(scope, logical),
        opts=component.child("aws"),
    )

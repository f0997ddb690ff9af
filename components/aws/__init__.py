"""AWS: VPC, EKS, IAM, RDS, Amazon MQ, SQS, and Kubernetes objects on EKS.

No pulumi here: components load when a program runs.
"""

from __future__ import annotations

from components.aws.settings_check import implied, refusals
from platform_pulumi.sdk.bindings import bindings_of
from platform_pulumi.sdk.provider import ProviderDefinition

DEFINITION = ProviderDefinition(
    name="aws",
    packages={"aws": "pulumi_aws", "eks": "pulumi_eks", "kubernetes": "pulumi_kubernetes"},
    bindings=bindings_of(__name__),
    providers="components.aws.provider:providers",
    reveal="components.aws.provider:reveal",
    simulated={
        "aws": "components.aws.simulated:AWS",
        "eks": "components.aws.simulated:EKS",
        "kubernetes": "components.workload.simulated:PACKAGE",
    },
    config_fields={
        "region": "Region everything is placed in, for example us-east-1.",
        "account_id": "The one account that may be touched; any other is refused.",
        "credentials": "Access keys, as a secret reference; not used in this version.",
        "profile": "Name of a profile of the AWS configuration.",
        "assume_role": "ARN of a role to work as.",
        "availability_zones": "Zones to use, best first; the region's a, b, c where left out.",
    },
    refuses=refusals,
    unavailable={
        "credentials": "A run works with the rights of its environment: set AWS_ACCESS_KEY_ID and"
        " AWS_SECRET_ACCESS_KEY there, or give `profile` or `assume_role`, and remove this.",
    },
    location=("region", "account_id"),
    implied=implied,
    realm=("account_id",),
    # EC2 CreateSubnet: InvalidSubnet.Conflict.
    exclusive={"aws:ec2/subnet:Subnet": ("vpcId", "cidrBlock")},
    deletion_protection={
        "aws:rds/instance:Instance": "deletionProtection",
        "aws:eks/cluster:Cluster": "deletionProtection",
    },
    environment=(
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "AWS_PROFILE",
        "AWS_CONFIG_FILE",
        "AWS_SHARED_CREDENTIALS_FILE",
        "AWS_ROLE_ARN",
        "AWS_WEB_IDENTITY_TOKEN_FILE",
        "AWS_CA_BUNDLE",
    ),
)

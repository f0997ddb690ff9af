"""AWS: VPC, EKS, IAM, RDS, Amazon MQ, SQS, and Kubernetes objects on EKS.

No pulumi here: components load when a program runs.
"""

from __future__ import annotations

from components.aws.fidelity import (
    CONTAINER_RUNTIME,
    DATABASE,
    IAM_ROLE,
    KUBERNETES_CLUSTER,
    MESSAGE_QUEUE,
    NAMESPACE,
    NETWORK,
)
from platform_pulumi.model.capabilities.message_queue import MessageQueue
from platform_pulumi.model.capability import CapabilityProperties
from platform_pulumi.sdk.provider import CapabilityBinding, ProviderDefinition


def _network_of_a_broker(properties: CapabilityProperties) -> tuple[str, ...]:
    return () if isinstance(properties, MessageQueue) and properties.engine == "sqs" else ("network",)


DEFINITION = ProviderDefinition(
    name="aws",
    packages={"aws": "pulumi_aws", "eks": "pulumi_eks", "kubernetes": "pulumi_kubernetes"},
    bindings={
        "network": CapabilityBinding(
            "components.aws.network:Network", NETWORK, summary="VPC with subnets over availability zones"
        ),
        "kubernetes_cluster": CapabilityBinding(
            "components.aws.kubernetes_cluster:KubernetesCluster",
            KUBERNETES_CLUSTER,
            requires=lambda _: ("network",),
            summary="EKS cluster with managed node groups",
        ),
        "iam_role": CapabilityBinding(
            "components.aws.iam_role:IamRole", IAM_ROLE, summary="IAM role with its policies"
        ),
        "namespace": CapabilityBinding(
            "components.aws.namespace:Namespace",
            NAMESPACE,
            requires=lambda _: ("kubernetes_cluster",),
            summary="Kubernetes namespace with a ResourceQuota on EKS",
        ),
        "database": CapabilityBinding(
            "components.aws.database:Database",
            DATABASE,
            requires=lambda _: ("network",),
            summary="RDS instance in private subnets",
        ),
        "message_queue": CapabilityBinding(
            "components.aws.message_queue:MessageQueue",
            MESSAGE_QUEUE,
            requires=_network_of_a_broker,
            summary="Amazon MQ broker in private subnets, or SQS queue",
        ),
        "container_runtime": CapabilityBinding(
            "components.aws.container_runtime:ContainerRuntime",
            CONTAINER_RUNTIME,
            requires=lambda _: ("kubernetes_cluster", "namespace"),
            summary="Deployment, Service and Ingress on EKS",
            # The cluster has its network, and Ingresses are the controller's.
            unused=frozenset({"network", "ingress"}),
        ),
    },
    providers="components.aws.provider:providers",
    reveal="components.aws.provider:reveal",
    config_fields={
        "region": "Region everything is placed in, for example us-east-1.",
        "account_id": "The one account that may be touched; any other is refused.",
        "credentials": "Access keys, as a secret reference; handed over by environment, never as an input.",
        "profile": "Name of a profile of the AWS configuration.",
        "assume_role": "ARN of a role to work as.",
        "availability_zones": "Zones to use, best first; the region's a, b, c where left out.",
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

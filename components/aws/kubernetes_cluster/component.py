"""`kubernetes_cluster` on AWS: EKS, with a managed node group for each declared one.

`eks.Cluster` is a remote component whose children only its plugin knows, so that everything a plan should show by
itself is made here: roles, the security group, launch templates and node groups. Its default node group is off.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, cast

import pulumi
import pulumi_eks
from pulumi_aws import ec2, eks, iam

from components.aws.access import security_group
from components.aws.bound_network import NETWORK, network_key, subnets
from components.aws.config import region
from components.aws.role_names import role_name
from components.aws.roles import trust_policy
from components.aws.tags import named_tags
from platform_pulumi.model.capabilities.infrastructure.kubernetes_cluster import KubernetesCluster as Properties
from platform_pulumi.model.capabilities.infrastructure.kubernetes_cluster import NodeGroup
from platform_pulumi.sdk.component import CapabilityComponent
from platform_pulumi.sdk.scope import CapabilityScope

_POLICY = "arn:aws:iam::aws:policy/"
_CLUSTER_POLICIES = ("AmazonEKSClusterPolicy",)
#: https://docs.aws.amazon.com/eks/latest/userguide/create-node-role.html
_NODE_POLICIES = ("AmazonEKSWorkerNodePolicy", "AmazonEKS_CNI_Policy", "AmazonEC2ContainerRegistryReadOnly")
_HTTPS = 443
_GROUP_NAME_LIMIT = 63
_CAPACITY = {"on_demand": "ON_DEMAND", "spot": "SPOT"}


class KubernetesCluster(CapabilityComponent):
    """Component of an EKS control plane in the bound network, and node groups in its private subnets.

    https://docs.aws.amazon.com/eks/latest/userguide/
    """

    TOKEN: ClassVar[str] = "platform:aws:KubernetesCluster"

    def build(self, scope: CapabilityScope) -> Mapping[str, pulumi.Input[Any]]:
        """Create the children; return the type's outputs."""
        properties = cast("Properties", scope.properties)
        place = properties.networking
        private = subnets(scope, "private", place.private_subnets)
        # Of this region: the tiers below know the cluster by its name, and make their objects anew in another one.
        name = scope.name(replace_keys={**network_key(scope), "region": region(scope.shared.run)})
        role, attached = self._role("control-plane", "eks.amazonaws.com", _CLUSTER_POLICIES)
        cluster = pulumi_eks.Cluster(
            self.logical(),
            name=name,
            version=properties.version,
            vpc_id=scope.bound_output(NETWORK, "id"),
            private_subnet_ids=private,
            public_subnet_ids=subnets(scope, "public", place.public_subnets),
            endpoint_public_access=properties.public_endpoint,
            endpoint_private_access=True,
            service_role=role,
            # Of the API server's private address.
            cluster_security_group=security_group(
                self, [_HTTPS], "api", "Access to the Kubernetes API from the network"
            ),
            # EKS's own security group joins nodes and control plane; the component's would repeat it.
            skip_default_security_groups=True,
            skip_default_node_group=True,
            use_default_vpc_cni=True,
            authentication_mode=pulumi_eks.AuthenticationMode.API,
            create_oidc_provider=True,
            tags=scope.tags(self.logical()),
            opts=pulumi.ResourceOptions(
                parent=self, providers=[scope.provider("aws"), scope.provider("eks")], depends_on=attached
            ),
        )
        self._nodes(properties, name, private, cluster)
        kubeconfig = cluster.kubeconfig_json
        return {
            "name": name,
            "endpoint": pulumi.Output.unsecret(kubeconfig.apply(lambda text: kubeconfig_field(text, "server"))),
            "ca_certificate": pulumi.Output.unsecret(
                kubeconfig.apply(lambda text: kubeconfig_field(text, "certificate-authority-data"))
            ),
            "version": properties.version,
        }

    def _role(self, suffix: str, service: str, policies: Sequence[str]) -> tuple[iam.Role, list[pulumi.Resource]]:
        logical = self.logical(suffix)
        role = iam.Role(
            logical,
            name=role_name(self.scope, suffix),
            assume_role_policy=trust_policy([service]),
            tags=named_tags(self.scope, logical),
            opts=self.child("aws"),
        )
        attached: list[pulumi.Resource] = [
            iam.RolePolicyAttachment(
                f"{logical}-{policy}", role=role.name, policy_arn=_POLICY + policy, opts=self.child("aws")
            )
            for policy in policies
        ]
        return role, attached

    def _nodes(
        self, properties: Properties, cluster_name: str, private: pulumi.Output[Any], cluster: pulumi_eks.Cluster
    ) -> None:
        role, attached = self._role("node", "ec2.amazonaws.com", _NODE_POLICIES)
        for group in properties.node_groups:
            logical = self.logical(group.name)
            template = self._template(logical, group)
            eks.NodeGroup(
                logical,
                cluster_name=cluster_name,
                node_group_name=self.scope.name(
                    group.name,
                    limit=_GROUP_NAME_LIMIT,
                    # What AWS replaces a group for, so that a new one stands beside the old while pods move.
                    replace_keys={
                        "cluster": cluster_name,
                        "capacity": group.capacity,
                        "subnets": properties.networking.private_subnets,
                    },
                ),
                node_role_arn=role.arn,
                subnet_ids=private,
                version=properties.version,
                capacity_type=_CAPACITY[group.capacity],
                scaling_config=eks.NodeGroupScalingConfigArgs(
                    min_size=group.min_size,
                    max_size=group.max_size,
                    desired_size=group.min_size if group.desired_size is None else group.desired_size,
                ),
                launch_template=eks.NodeGroupLaunchTemplateArgs(
                    id=template.id, version=template.latest_version.apply(str)
                ),
                labels=group.labels,
                tags=named_tags(self.scope, logical),
                opts=self.child("aws", depends_on=[cluster, *attached]),
            )

    def _template(self, logical: str, group: NodeGroup) -> ec2.LaunchTemplate:
        """Create the launch template. Not on the group, because a group takes a new version in place."""
        tags = named_tags(self.scope, logical)
        return ec2.LaunchTemplate(
            logical,
            name=self.scope.name(f"{group.name}-nodes"),
            instance_type=group.instance_type,
            block_device_mappings=[
                ec2.LaunchTemplateBlockDeviceMappingArgs(
                    device_name="/dev/xvda",
                    ebs=ec2.LaunchTemplateBlockDeviceMappingEbsArgs(
                        volume_size=group.disk_size_gb,
                        volume_type="gp3",
                        encrypted="true",
                        delete_on_termination="true",
                    ),
                )
            ],
            # IMDSv2 only; two hops, so that pods without host networking reach it.
            metadata_options=ec2.LaunchTemplateMetadataOptionsArgs(
                http_tokens="required", http_put_response_hop_limit=2
            ),
            tag_specifications=[
                ec2.LaunchTemplateTagSpecificationArgs(resource_type=kind, tags=tags) for kind in ("instance", "volume")
            ],
            update_default_version=True,
            tags=tags,
            opts=self.child("aws"),
        )


def kubeconfig_field(kubeconfig: str, field: str) -> str:
    """Return a field of the only cluster of a kubeconfig: `eks.Cluster` gives endpoint and certificate there."""
    return str(json.loads(kubeconfig)["clusters"][0]["cluster"][field])

"""`kubernetes_cluster`: a Kubernetes control plane and its node groups."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field, field_validator, model_validator

from platform_pulumi.model.capabilities.fields import Block, Cidr, distinct, empty_mapping, misplaced
from platform_pulumi.model.capabilities.texts import GroupName, LabelKey, LabelValue, MachineType, MinorVersion
from platform_pulumi.model.capability import CapabilityProperties, Need, OutputSpec
from platform_pulumi.model.tier import Tier


class NodeGroup(Block):
    """Group of equal machines (nodes) of the cluster."""

    name: GroupName = Field(description="Name of the group, unique in the cluster.")
    instance_type: MachineType = Field(description="Machine type in the provider's words, for example m5.xlarge.")
    min_size: int = Field(default=1, ge=0, le=1000, description="Fewest machines.")
    max_size: int = Field(default=3, ge=1, le=1000, description="Most machines.")
    desired_size: int | None = Field(
        default=None, ge=0, le=1000, description="Machines to start with; min_size where left out."
    )
    disk_size_gb: int = Field(default=50, ge=8, le=65536, description="Disk of each machine, in GiB.")
    capacity: Literal["on_demand", "spot"] = Field(default="on_demand", description="How the machines are bought.")
    labels: dict[LabelKey, LabelValue] = Field(
        default_factory=empty_mapping, description="Kubernetes labels of the machines."
    )

    @model_validator(mode="after")
    def _sizes_in_order(self) -> NodeGroup:
        desired = self.min_size if self.desired_size is None else self.desired_size
        if not self.min_size <= desired <= self.max_size:
            message = (
                f"sizes must be in order: min_size {self.min_size}, desired_size {desired}, max_size {self.max_size}"
            )
            given = [name for name in ("max_size", "desired_size", "min_size") if name in self.model_fields_set]
            raise misplaced(message, *given[:1])
        return self


class Networking(Block):
    """Placement of the cluster in its network."""

    vpc_cidr: Cidr | None = Field(
        default=None,
        description="Range of the network it uses: it chooses among several, and any other is refused.",
    )
    private_subnets: int | None = Field(default=None, ge=1, le=6, description="How many private subnets it uses; all.")
    public_subnets: int | None = Field(default=None, ge=0, le=6, description="How many public subnets it uses; all.")


class KubernetesCluster(CapabilityProperties):
    """A managed Kubernetes cluster (specification, section 3.2)."""

    TYPE: ClassVar[str] = "kubernetes_cluster"
    TIER: ClassVar[Tier] = Tier.INFRASTRUCTURE
    NEEDS: ClassVar = (Need("network", "network"),)
    HOSTS: ClassVar[bool] = True
    OUTPUTS: ClassVar = {
        "name": OutputSpec("string", "The cluster's name at the provider.", identifies=True),
        "endpoint": OutputSpec("string", "URL of the API server."),
        "ca_certificate": OutputSpec("string", "Certificate authority of the API server, base64 PEM."),
        "version": OutputSpec("string", "Kubernetes version."),
    }

    network: str | None = Field(default=None, description="Name of the network capability, where there are several.")
    version: MinorVersion = Field(description="Kubernetes minor version, in quotes: '1.29'.")
    node_groups: list[NodeGroup] = Field(min_length=1, description="The machines that join the cluster.")
    networking: Networking = Field(default_factory=Networking, description="Where in the network the cluster lives.")
    public_endpoint: bool = Field(default=True, description="Whether the API server can be reached from outside.")

    @field_validator("node_groups")
    @classmethod
    def _group_names_differ(cls, groups: list[NodeGroup]) -> list[NodeGroup]:
        distinct(groups, lambda group: group.name, lambda group: f"node group `{group.name}` is declared", "name")
        return groups

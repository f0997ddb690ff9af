"""`namespace`: a Kubernetes namespace with quotas."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from platform_pulumi.model.capabilities.fields import Block, CpuText, MemoryText
from platform_pulumi.model.capability import CapabilityProperties, Need, OutputSpec
from platform_pulumi.model.tier import Tier


class ResourceQuotas(Block):
    """Limits on the sum of all applications in the namespace."""

    cpu: CpuText | None = Field(default=None, description="CPU limits together, for example 8000m.")
    memory: MemoryText | None = Field(default=None, description="Memory limits together, for example 16Gi.")
    pods: int | None = Field(default=None, ge=1, le=1_000_000, description="Number of pods.")


class Namespace(CapabilityProperties):
    """A namespace with resource quotas (specification, section 3.2)."""

    TYPE: ClassVar[str] = "namespace"
    TIER: ClassVar[Tier] = Tier.SHARED_PRIMITIVES
    NEEDS: ClassVar = (Need("kubernetes_cluster", "cluster"),)
    HOSTS: ClassVar[bool] = True
    OUTPUTS: ClassVar = {"name": OutputSpec("string", "The namespace's name in the cluster.", identifies=True)}

    cluster: str | None = Field(default=None, description="Name of the cluster capability, where there are several.")
    resource_quotas: ResourceQuotas = Field(
        default_factory=ResourceQuotas, description="What all its applications may take together."
    )

"""`service_mesh`: encryption and policy between the services of an environment."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from platform_pulumi.model.capability import CapabilityProperties, OutputSpec
from platform_pulumi.model.tier import Tier


class ServiceMesh(CapabilityProperties):
    """A service mesh (specification, section 1.1)."""

    TYPE: ClassVar[str] = "service_mesh"
    TIER: ClassVar[Tier] = Tier.SHARED_PRIMITIVES
    OUTPUTS: ClassVar = {"name": OutputSpec("string", "The provider's name of the mesh.", identifies=True)}

    mutual_tls: bool = Field(default=True, description="Whether services prove who they are and encrypt.")

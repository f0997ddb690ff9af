"""`persistent_volume`: a disk whose data outlives the containers that mount it."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from platform_pulumi.model.capability import CapabilityProperties, OutputSpec
from platform_pulumi.model.tier import Tier


class PersistentVolume(CapabilityProperties):
    """A volume (specification, section 6.2); a container mounts it by its output `name`."""

    TYPE: ClassVar[str] = "persistent_volume"
    TIER: ClassVar[Tier] = Tier.SHARED_PRIMITIVES
    DATA_BEARING: ClassVar[bool] = True
    OUTPUTS: ClassVar = {
        "name": OutputSpec("string", "The volume's name at the provider: what a container mounts.", identifies=True)
    }

    size_gb: int = Field(default=10, ge=1, le=65536, description="Size, in GiB.")

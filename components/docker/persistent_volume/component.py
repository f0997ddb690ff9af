"""`persistent_volume` on Docker: a named volume."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import pulumi

from components.docker.component import named_volume
from platform_pulumi.sdk.component import CapabilityComponent
from platform_pulumi.sdk.scope import CapabilityScope


class PersistentVolume(CapabilityComponent):
    """Component of a volume of Docker's `local` driver (https://docs.docker.com/engine/storage/volumes/)."""

    TOKEN: ClassVar[str] = "platform:docker:PersistentVolume"

    def build(self, scope: CapabilityScope) -> Mapping[str, pulumi.Input[Any]]:
        """Create the children; return the type's outputs."""
        return {"name": named_volume(self, scope.name(), self.logical()).name}

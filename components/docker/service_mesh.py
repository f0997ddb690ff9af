"""`service_mesh` on Docker: a stub. Containers of a network speak to each other in clear."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import pulumi

from platform_pulumi.sdk.component import CapabilityComponent
from platform_pulumi.sdk.scope import CapabilityScope


class ServiceMesh(CapabilityComponent):
    """Gives the outputs that the type promises; there is nothing behind them."""

    TOKEN: ClassVar[str] = "platform:docker:ServiceMesh"

    def build(self, scope: CapabilityScope) -> Mapping[str, pulumi.Input[Any]]:
        """Return the type's outputs."""
        return {"name": scope.capability.name}

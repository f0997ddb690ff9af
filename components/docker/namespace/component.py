"""`namespace` on Docker: a bridge network of its applications' own. Quotas are checked when a plan is made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import pulumi

from components.docker.component import bridge_network
from platform_pulumi.sdk.component import CapabilityComponent
from platform_pulumi.sdk.scope import CapabilityScope


class Namespace(CapabilityComponent):
    """Component of a labelled bridge network."""

    TOKEN: ClassVar[str] = "platform:docker:Namespace"

    def build(self, scope: CapabilityScope) -> Mapping[str, pulumi.Input[Any]]:
        """Create the children; return the type's outputs."""
        return {"name": bridge_network(self, scope.name(), self.logical()).name}

"""`kubernetes_cluster` on Docker: a stub. Containers run on the Docker host itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, cast

import pulumi

from platform_pulumi.model.capabilities.kubernetes_cluster import KubernetesCluster as Properties
from platform_pulumi.sdk.component import CapabilityComponent
from platform_pulumi.sdk.scope import CapabilityScope


class KubernetesCluster(CapabilityComponent):
    """Gives the outputs that the type promises; there is nothing behind them."""

    TOKEN: ClassVar[str] = "platform:docker:KubernetesCluster"

    def build(self, scope: CapabilityScope) -> Mapping[str, pulumi.Input[Any]]:
        """Return the type's outputs."""
        version = cast("Properties", scope.properties).version
        return {"name": scope.capability.name, "endpoint": "", "ca_certificate": "", "version": version}

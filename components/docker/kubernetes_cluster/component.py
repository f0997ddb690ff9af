"""`kubernetes_cluster` on Docker: a stub. Containers run on the Docker host itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, cast

from components.docker.deployment import Value
from components.docker.stub import Stub
from platform_pulumi.model.capabilities.infrastructure.kubernetes_cluster import KubernetesCluster as Properties
from platform_pulumi.model.capability import Capability


class KubernetesCluster(Stub):
    """Stub component: the outputs that the type promises, without resources."""

    TOKEN: ClassVar[str] = "platform:docker:KubernetesCluster"

    @staticmethod
    def stub_outputs(capability: Capability) -> Mapping[str, Value | tuple[str, ...]]:
        """Return the type's outputs."""
        properties = cast("Properties", capability.properties)
        return {"name": capability.name, "endpoint": "", "ca_certificate": "", "version": properties.version}

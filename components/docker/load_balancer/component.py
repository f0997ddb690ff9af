"""`load_balancer` on Docker: a stub. Gateways and the shared ingress do what a load balancer does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from components.docker.deployment import Value
from components.docker.stub import Stub
from platform_pulumi.model.capability import Capability


class LoadBalancer(Stub):
    """Stub component: the outputs that the type promises, without resources."""

    TOKEN: ClassVar[str] = "platform:docker:LoadBalancer"

    @staticmethod
    def stub_outputs(_capability: Capability) -> Mapping[str, Value | tuple[str, ...]]:
        """Return the type's outputs."""
        return {"id": "", "endpoint": ""}

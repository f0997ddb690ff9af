"""`load_balancer` on Docker: a stub. Gateways and the shared ingress do what a load balancer does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from components.docker.deployment import Value
from components.docker.stub import Stub
from platform_pulumi.model.capability import Capability


class LoadBalancer(Stub):
    """Gives the outputs that the type promises; there is nothing behind them."""

    TOKEN: ClassVar[str] = "platform:docker:LoadBalancer"

    @staticmethod
    def given(_capability: Capability) -> Mapping[str, Value | tuple[str, ...]]:
        """The type's outputs."""
        return {"id": "", "endpoint": ""}

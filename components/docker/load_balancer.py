"""`load_balancer` on Docker: a stub. Gateways and the shared ingress do what a load balancer does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import pulumi

from platform_pulumi.sdk.component import CapabilityComponent
from platform_pulumi.sdk.scope import CapabilityScope


class LoadBalancer(CapabilityComponent):
    """Gives the outputs that the type promises; there is nothing behind them."""

    TOKEN: ClassVar[str] = "platform:docker:LoadBalancer"

    def build(self, _scope: CapabilityScope) -> Mapping[str, pulumi.Input[Any]]:
        """Return the type's outputs."""
        return {"id": "", "endpoint": ""}

"""`network` on Docker: one bridge network that the containers of the platform join."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import pulumi

from components.docker.component import bridge_network
from platform_pulumi.sdk.component import CapabilityComponent
from platform_pulumi.sdk.scope import CapabilityScope


class Network(CapabilityComponent):
    """Component of a bridge network with addresses of Docker's choice.

    https://docs.docker.com/engine/network/drivers/bridge/.
    """

    TOKEN: ClassVar[str] = "platform:docker:Network"

    def build(self, scope: CapabilityScope) -> Mapping[str, pulumi.Input[Any]]:
        """Create the children; return the type's outputs."""
        made = bridge_network(self, scope.name(), self.logical())
        subnets = made.name.apply(lambda name: [name])
        return {
            "id": made.name,
            "cidr": made.ipam_configs.apply(_subnet),
            "private_subnet_ids": subnets,
            "public_subnet_ids": subnets,
        }


def _subnet(configs: Any) -> str:
    """The range Docker chose."""
    return next((str(config.subnet) for config in configs or () if config.subnet), "")

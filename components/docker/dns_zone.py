"""`dns_zone` on Docker: a stub. Docker's own DNS serves the names of containers; no zone is made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, cast

import pulumi

from platform_pulumi.model.capabilities.dns_zone import DnsZone as Properties
from platform_pulumi.sdk.component import CapabilityComponent
from platform_pulumi.sdk.scope import CapabilityScope


class DnsZone(CapabilityComponent):
    """Gives the outputs that the type promises; there is nothing behind them."""

    TOKEN: ClassVar[str] = "platform:docker:DnsZone"

    def build(self, scope: CapabilityScope) -> Mapping[str, pulumi.Input[Any]]:
        """Return the type's outputs."""
        properties = cast("Properties", scope.properties)
        return {"id": "", "domain": properties.domain, "name_servers": []}

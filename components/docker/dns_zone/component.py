"""`dns_zone` on Docker: a stub. Docker's own DNS serves the names of containers; no zone is made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, cast

from components.docker.deployment import Value
from components.docker.stub import Stub
from platform_pulumi.model.capabilities.infrastructure.dns_zone import DnsZone as Properties
from platform_pulumi.model.capability import Capability


class DnsZone(Stub):
    """Stub component: the outputs that the type promises, without resources."""

    TOKEN: ClassVar[str] = "platform:docker:DnsZone"

    @staticmethod
    def stub_outputs(capability: Capability) -> Mapping[str, Value | tuple[str, ...]]:
        """Return the type's outputs."""
        properties = cast("Properties", capability.properties)
        return {"id": "", "domain": properties.domain, "name_servers": ()}

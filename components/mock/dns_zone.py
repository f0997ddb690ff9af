"""`dns_zone` on mock."""

from __future__ import annotations

from typing import ClassVar

from components.mock.component import MockComponent


class DnsZone(MockComponent):
    """A DNS zone, simulated: `mock:index:DnsZone`."""

    TOKEN: ClassVar[str] = "platform:mock:DnsZone"

"""`ingress` on mock."""

from __future__ import annotations

from typing import ClassVar

from components.mock.component import MockComponent


class Ingress(MockComponent):
    """A reverse proxy, simulated: `mock:index:Ingress`."""

    TOKEN: ClassVar[str] = "platform:mock:Ingress"

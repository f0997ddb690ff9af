"""`load_balancer` on mock."""

from __future__ import annotations

from typing import ClassVar

from components.mock.component import MockComponent


class LoadBalancer(MockComponent):
    """A load balancer, simulated: `mock:index:LoadBalancer`."""

    TOKEN: ClassVar[str] = "platform:mock:LoadBalancer"

"""`network` on mock."""

from __future__ import annotations

from typing import ClassVar

from components.mock.component import MockComponent


class Network(MockComponent):
    """A network, simulated: `mock:index:Network`."""

    TOKEN: ClassVar[str] = "platform:mock:Network"

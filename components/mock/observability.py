"""`observability` on mock."""

from __future__ import annotations

from typing import ClassVar

from components.mock.component import MockComponent


class Observability(MockComponent):
    """An observability stack, simulated: `mock:index:Observability`."""

    TOKEN: ClassVar[str] = "platform:mock:Observability"

"""`cache` on mock."""

from __future__ import annotations

from typing import ClassVar

from components.mock.component import MockComponent


class Cache(MockComponent):
    """A cache, simulated: `mock:index:Cache`."""

    TOKEN: ClassVar[str] = "platform:mock:Cache"

"""`database` on mock."""

from __future__ import annotations

from typing import ClassVar

from components.mock.component import MockComponent


class Database(MockComponent):
    """A database, simulated: `mock:index:Database`."""

    TOKEN: ClassVar[str] = "platform:mock:Database"

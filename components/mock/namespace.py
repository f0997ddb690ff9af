"""`namespace` on mock."""

from __future__ import annotations

from typing import ClassVar

from components.mock.component import MockComponent


class Namespace(MockComponent):
    """A namespace, simulated: `mock:index:Namespace`."""

    TOKEN: ClassVar[str] = "platform:mock:Namespace"

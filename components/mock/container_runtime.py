"""`container_runtime` on mock."""

from __future__ import annotations

from typing import ClassVar

from components.mock.component import MockComponent


class ContainerRuntime(MockComponent):
    """A service, simulated: `mock:index:ContainerRuntime`."""

    TOKEN: ClassVar[str] = "platform:mock:ContainerRuntime"

"""`service_mesh` on mock."""

from __future__ import annotations

from typing import ClassVar

from components.mock.component import MockComponent


class ServiceMesh(MockComponent):
    """A service mesh, simulated: `mock:index:ServiceMesh`."""

    TOKEN: ClassVar[str] = "platform:mock:ServiceMesh"

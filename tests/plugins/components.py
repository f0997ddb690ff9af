"""Two simulated packages with remote components, each of which tells whose it is."""

from __future__ import annotations

from typing import Any

from platform_pulumi.plugins.protocol import provider_pb2
from platform_pulumi.plugins.schema import Types
from platform_pulumi.plugins.table import SimulatedPackage
from tests.plugins.support import HandWritten


class First:
    def __init__(self, types: Types) -> None:
        self._types = types

    async def construct(self, request: Any, context: Any, engine_address: str) -> Any:
        return provider_pb2.ConstructResponse(urn=f"{type(self).__name__} made {request.name}")


class Second(First):
    pass


FIRST = SimulatedPackage("first", lambda _token: None, HandWritten, components=f"{__name__}:First")
SECOND = SimulatedPackage("second", lambda _token: None, HandWritten, components=f"{__name__}:Second")

"""`observability` on Docker: a stub. `platform logs` and `platform status` ask Docker itself; nothing is kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from components.docker.deployment import Value
from components.docker.stub import Stub
from platform_pulumi.model.capability import Capability


class Observability(Stub):
    """Gives the outputs that the type promises; there is nothing behind them."""

    TOKEN: ClassVar[str] = "platform:docker:Observability"

    @staticmethod
    def given(_capability: Capability) -> Mapping[str, Value | tuple[str, ...]]:
        """The type's outputs."""
        return {"endpoint": ""}

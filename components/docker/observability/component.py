"""`observability` on Docker: a stub. `platform logs` and `platform status` ask Docker itself; nothing is stored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from components.docker.deployment import Value
from components.docker.stub import Stub
from platform_pulumi.model.capability import Capability


class Observability(Stub):
    """Stub component: the outputs that the type promises, without resources."""

    TOKEN: ClassVar[str] = "platform:docker:Observability"

    @staticmethod
    def stub_outputs(_capability: Capability) -> Mapping[str, Value | tuple[str, ...]]:
        """Return the type's outputs."""
        return {"endpoint": ""}

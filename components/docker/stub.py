"""Base of stub components: the promised outputs of a capability that Docker has nothing for."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any

import pulumi

from components.docker.deployment import Value
from platform_pulumi.model.capability import Capability
from platform_pulumi.sdk.component import CapabilityComponent
from platform_pulumi.sdk.scope import CapabilityScope


class Stub(CapabilityComponent):
    """Component without resources. A subclass implements `stub_outputs`."""

    @staticmethod
    @abstractmethod
    def stub_outputs(capability: Capability) -> Mapping[str, Value | tuple[str, ...]]:
        """Return the type's outputs, from the declaration alone."""

    def build(self, scope: CapabilityScope) -> Mapping[str, pulumi.Input[Any]]:
        """Return the type's outputs."""
        found = self.stub_outputs(scope.capability)
        return {name: list(value) if isinstance(value, tuple) else scope.text(value) for name, value in found.items()}

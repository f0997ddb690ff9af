"""What stands for a capability that Docker has nothing for: its promised outputs, and nothing behind them."""

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
    """A component without resources. A subclass says what its outputs are: `given`."""

    @staticmethod
    @abstractmethod
    def given(capability: Capability) -> Mapping[str, Value | tuple[str, ...]]:
        """The type's outputs, of the declaration alone."""

    def build(self, scope: CapabilityScope) -> Mapping[str, pulumi.Input[Any]]:
        """Return the type's outputs."""
        found = self.given(scope.capability)
        return {name: list(value) if isinstance(value, tuple) else scope.text(value) for name, value in found.items()}

"""Resource types of the package `platform`: values that are generated once and stored in state alone."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from platform_pulumi.plugins.checks import Failure, check
from platform_pulumi.plugins.diffs import compare
from platform_pulumi.plugins.provider import Difference
from platform_pulumi.plugins.schema import ResourceSchema
from platform_pulumi.plugins.values import UNKNOWN, Properties, Sealed, open_value


class GeneratedValue(ABC):
    """Type of generated value. Any change replaces it; it is real in a simulated run too."""

    SCHEMA: ClassVar[ResourceSchema]
    #: Whether the result is a secret.
    SECRET: ClassVar[bool]

    def check(self, inputs: Properties) -> Sequence[Failure]:
        """Validate the inputs."""
        return check(self.SCHEMA, {}, inputs)

    def diff(self, old: Properties, inputs: Properties) -> Difference:
        """Replace on every change."""
        return Difference(compare(old, inputs, tuple(self.SCHEMA.inputs)))

    def outputs(self, inputs: Properties, preview: bool) -> Properties:
        """Return the inputs and the result."""
        made = UNKNOWN if preview else self.make(open_value(inputs))
        return {**inputs, "result": Sealed(made) if self.SECRET else made}

    @abstractmethod
    def make(self, inputs: Mapping[str, Any]) -> str:
        """Generate the result from the system's randomness; the inputs have no marks of secrets."""

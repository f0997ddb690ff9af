"""Resource types of the package `platform`: values that are generated once and exist in state and nowhere else."""

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
    """One type of generated value. Any change makes another one; real wherever it runs, in a simulated run too."""

    SCHEMA: ClassVar[ResourceSchema]
    #: Whether the result is a secret.
    SECRET: ClassVar[bool]

    def check(self, inputs: Properties) -> Sequence[Failure]:
        """What is wrong with the inputs."""
        return check(self.SCHEMA, {}, inputs)

    def diff(self, old: Properties, inputs: Properties) -> Difference:
        """Every change makes a new one."""
        return Difference(compare(old, inputs, tuple(self.SCHEMA.inputs)))

    def outputs(self, inputs: Properties, preview: bool) -> Properties:
        """The inputs and the result."""
        made = UNKNOWN if preview else self.make(open_value(inputs))
        return {**inputs, "result": Sealed(made) if self.SECRET else made}

    @abstractmethod
    def make(self, inputs: Mapping[str, Any]) -> str:
        """The result, from the system's randomness; the inputs have no marks of secrets."""

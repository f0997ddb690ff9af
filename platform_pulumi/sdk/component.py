"""Base of the components: one capability becomes one Pulumi ComponentResource.

A component is one file with one class: constant type token, children with the component as parent, typed outputs,
`register_outputs`. Computation lives in pure functions below the class.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar

import pulumi

from platform_pulumi.sdk.scope import CapabilityScope


class CapabilityComponent(pulumi.ComponentResource):
    """Component that creates the resources of one capability.

    A subclass sets `TOKEN`, a constant (`platform:aws:Database`; it is part of every child's URN), and implements
    `build`, which creates the children and returns an Output for every output of the capability type. Every child waits
    for what the declaration depends on, unless the subclass sees to that itself (`CHILDREN_WAIT` is false).
    """

    TOKEN: ClassVar[str]
    CHILDREN_WAIT: ClassVar[bool] = True

    def __init__(self, scope: CapabilityScope) -> None:
        super().__init__(self.token(scope), scope.capability.name, None, None)
        self.scope = scope
        self.outputs: Mapping[str, pulumi.Output[Any]] = {
            name: pulumi.Output.from_input(value) for name, value in self.build(scope).items()
        }
        self.register_outputs({})

    @classmethod
    def token(cls, _scope: CapabilityScope) -> str:
        """Return the type token: `TOKEN`, but for a component that serves several capability types."""
        return cls.TOKEN

    @abstractmethod
    def build(self, scope: CapabilityScope) -> Mapping[str, pulumi.Input[Any]]:
        """Create the children; return the type's outputs."""

    def child(
        self, package: str, *, depends_on: list[pulumi.Resource] | None = None, **options: Any
    ) -> pulumi.ResourceOptions:
        """Build a child's options: this component as parent and the stack's explicit provider of the package."""
        waiting = [*(depends_on or ()), *(self.scope.dependencies if self.CHILDREN_WAIT else ())]
        return pulumi.ResourceOptions(
            parent=self, provider=self.scope.provider(package), depends_on=waiting or None, **options
        )

    def logical(self, suffix: str = "") -> str:
        """Build the logical name of a child: the capability's, with a constant suffix."""
        return f"{self.scope.capability.name}-{suffix}" if suffix else self.scope.capability.name

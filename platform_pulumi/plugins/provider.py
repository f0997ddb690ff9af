"""What a provider server needs from what stands behind it: requests and answers without the wire."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from platform_pulumi.model.urn import Urn
from platform_pulumi.plugins.checks import Failure
from platform_pulumi.plugins.diffs import Change
from platform_pulumi.plugins.values import Properties


class ProviderError(Exception):
    """The provider refuses a request; the message says why and what to do, and holds no secret."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What an update would change."""

    changes: Sequence[Change] = ()
    delete_before_replace: bool = False


@dataclass(frozen=True, slots=True)
class State:
    """A resource as the provider has it; an empty id means that there is none."""

    id: str = ""
    inputs: Properties = field(default_factory=dict)
    outputs: Properties = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Naming:
    """What the engine says of automatic names.

    Args:
        seed: what a random part derives from, so that a plan and its apply agree; empty where there is no plan.
        proposed: the name by the user's own pattern (`pulumi:autonaming`); empty without one.
        disabled: the user wants no automatic names.
        recorded: the resource's inputs so far; empty for a new one.
    """

    seed: bytes = b""
    proposed: str = ""
    disabled: bool = False
    recorded: Properties = field(default_factory=dict)


class Backend(Protocol):
    """What a package does.

    Every method may raise ProviderError.
    """

    def configure(self, config: Properties, /) -> None:
        """Take the provider's configuration."""

    def diff_config(self, old: Properties, new: Properties, /) -> Sequence[Change]:
        """What changes of the provider's own configuration."""

    def check(self, urn: Urn, inputs: Properties, naming: Naming, /) -> tuple[Properties, Sequence[Failure]]:
        """The inputs with defaults and automatic names, and what is wrong with them."""

    def diff(self, urn: Urn, old: State, inputs: Properties, /) -> Difference:
        """What changes between the recorded resource and the new inputs."""

    async def create(self, urn: Urn, inputs: Properties, preview: bool, /) -> State:
        """Create it, or say what would come of it."""

    async def update(self, urn: Urn, old: State, inputs: Properties, preview: bool, /) -> Properties:
        """Change it in place; the new outputs."""

    async def delete(self, urn: Urn, old: State, /) -> None:
        """Delete it; one that is gone already is no mistake."""

    async def read(self, urn: Urn, old: State, /) -> State:
        """The resource as it is now."""

    def invoke(self, token: str, arguments: Properties, /) -> Properties:
        """Call a function."""

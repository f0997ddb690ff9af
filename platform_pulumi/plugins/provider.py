"""Backend of a provider server: the provider protocol's requests and answers without the wire."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from platform_pulumi.model.urn import Urn
from platform_pulumi.plugins.checks import Failure
from platform_pulumi.plugins.diffs import Change
from platform_pulumi.plugins.values import Properties


class ProviderError(Exception):
    """Refusal of a request by the provider; the message says why and what to do, and holds no secret."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Result of a diff: what an update would change."""

    changes: Sequence[Change] = ()
    delete_before_replace: bool = False


@dataclass(frozen=True, slots=True)
class State:
    """State of a resource at the provider; an empty id means that there is none."""

    id: str = ""
    inputs: Properties = field(default_factory=dict)
    outputs: Properties = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Naming:
    """Request for an automatic name, as the engine sends it.

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
    """Behaviour of one package.

    Every method may raise ProviderError.
    """

    def configure(self, config: Properties, /) -> None:
        """Configure the provider."""

    def diff_config(self, old: Properties, new: Properties, /) -> Sequence[Change]:
        """Compare the provider's own settings, without what the engine notes among them."""

    def check(self, urn: Urn, inputs: Properties, naming: Naming, /) -> tuple[Properties, Sequence[Failure]]:
        """Validate the inputs; return them with defaults and automatic names, and what is wrong with them."""

    def diff(self, urn: Urn, old: State, inputs: Properties, /) -> Difference:
        """Compare the recorded resource with the new inputs."""

    async def create(self, urn: Urn, inputs: Properties, preview: bool, /) -> State:
        """Create the resource, or preview it."""

    async def update(self, urn: Urn, old: State, inputs: Properties, preview: bool, /) -> Properties:
        """Update the resource in place; return the new outputs."""

    async def delete(self, urn: Urn, old: State, /) -> None:
        """Delete the resource; succeed where it is gone already."""

    async def read(self, urn: Urn, old: State, /) -> State:
        """Read the resource as it is now."""

    def invoke(self, token: str, arguments: Properties, /) -> Properties:
        """Call a provider function."""

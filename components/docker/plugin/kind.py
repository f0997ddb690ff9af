"""Base of the embedded plugin's resource types: checks and diffs without a daemon, the rest with one.

A plan of what exists already needs no daemon: `check` and `diff` are pure. What speaks to Docker gets a client of the
Docker SDK and runs in a thread of its own, so that one container's wait does not hold up another's.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from platform_pulumi.model.urn import Urn
from platform_pulumi.plugins.checks import Failure
from platform_pulumi.plugins.provider import Difference, State
from platform_pulumi.plugins.values import Properties

if TYPE_CHECKING:
    from docker import DockerClient


class Kind(Protocol):
    """Resource type. Every method may raise ProviderError; its message holds no secret.

    `inputs` are in the wire's spelling (camelCase) and may hold `Sealed` secrets and, in a preview, `UNKNOWN`.
    """

    token: str

    def check(self, urn: Urn, inputs: Properties, name: str, /) -> tuple[Properties, Sequence[Failure]]:
        """Validate; return the inputs with the published plugin's defaults; `name` is for one that is not given."""

    def diff(self, old: State, inputs: Properties, /) -> Difference:
        """Compare the recorded state with these inputs, as the published plugin does."""

    def planned(self, old: State | None, inputs: Properties, /) -> Properties:
        """Return the outputs of a create (no `old`) or an update, `UNKNOWN` where only Docker knows."""

    def create(self, client: DockerClient, urn: Urn, inputs: Properties, /) -> State:
        """Create it, or adopt what a killed run left of the same create; clean up where it fails."""

    def update(self, client: DockerClient, urn: Urn, old: State, inputs: Properties, /) -> Properties:
        """Update it in place; return the new outputs."""

    def read(self, client: DockerClient, old: State, /) -> State:
        """Read it from Docker, inputs changed where reality differs; an empty State where it is gone."""

    def delete(self, client: DockerClient, old: State, /) -> None:
        """Delete it; succeed where it is gone already."""

"""What each resource type of the embedded plugin does: checks and diffs without a daemon, the rest with one.

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
    """One resource type. Every method may raise ProviderError; its message holds no secret.

    `inputs` are in the wire's spelling (camelCase) and may hold `Sealed` secrets and, in a preview, `UNKNOWN`.
    """

    token: str

    def check(self, urn: Urn, inputs: Properties, name: str, /) -> tuple[Properties, Sequence[Failure]]:
        """The inputs with the published plugin's defaults and `__defaults`; `name` is for one that is not given."""

    def diff(self, old: State, inputs: Properties, /) -> Difference:
        """What the published plugin would say to these inputs, given the recorded state."""

    def planned(self, old: State | None, inputs: Properties, /) -> Properties:
        """The outputs a create (no `old`) or an update would give, `UNKNOWN` where only Docker knows."""

    def create(self, client: DockerClient, urn: Urn, inputs: Properties, /) -> State:
        """Make it, or adopt what a killed run left of the same create; what fails is taken away again."""

    def update(self, client: DockerClient, urn: Urn, old: State, inputs: Properties, /) -> Properties:
        """Change it in place; the new outputs."""

    def read(self, client: DockerClient, old: State, /) -> State:
        """As Docker has it now, inputs changed where reality differs; an empty State where it is gone."""

    def delete(self, client: DockerClient, old: State, /) -> None:
        """Take it away; one that is gone already is no mistake."""

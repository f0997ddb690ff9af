"""Base of networks and volumes: every change replaces them, and they are deleted once nobody uses them."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from components.docker.plugin.bridged_schema import BridgedSchema, is_autonamed
from components.docker.plugin.bridged_states import changes, refreshed, sealed_like
from platform_pulumi.model.urn import Urn
from platform_pulumi.plugins.checks import Failure
from platform_pulumi.plugins.provider import Difference, ProviderError, State
from platform_pulumi.plugins.values import Properties

if TYPE_CHECKING:
    from docker import DockerClient

#: The schema's version of the published plugin, by which it reads these states.
META = '{"schema_version":"1"}'


class ImmutableKind(ABC):
    """Resource type whose every change forces a replacement.

    Args:
        leaving: how long containers may take to let go of one that is to go, in seconds.
        pause: how long to wait between two attempts, in seconds.
    """

    SCHEMA: ClassVar[BridgedSchema]
    #: What people call it, and how long its users may take to leave, in seconds.
    WORD: ClassVar[str]
    LEAVING: ClassVar[float]
    #: What Docker says of one that is in use.
    BUSY: ClassVar[str]

    def __init__(self, leaving: float | None = None, pause: float = 0.5) -> None:
        self._leaving = self.LEAVING if leaving is None else leaving
        self._pause = pause

    @property
    def token(self) -> str:
        """Type token."""
        return self.SCHEMA.token

    def check(self, _urn: Urn, inputs: Properties, name: str) -> tuple[Properties, Sequence[Failure]]:
        """As `Kind.check`."""
        return self.SCHEMA.with_defaults(inputs, name), self.SCHEMA.failures(inputs, name)

    def diff(self, old: State, inputs: Properties) -> Difference:
        """As `Kind.diff`. A name that was chosen is in use until the old one is deleted."""
        return Difference(changes(self.SCHEMA, old.outputs, inputs), delete_before_replace=not is_autonamed(inputs))

    def update(self, _client: DockerClient, _urn: Urn, old: State, _inputs: Properties) -> Properties:
        """Refuse: every change replaces."""
        message = f"the {self.WORD} {old.id} cannot be changed in place"
        raise ProviderError(message)

    def read(self, client: DockerClient, old: State) -> State:
        """As `Kind.read`."""
        found = self._find(client, old.id)
        if found is None:
            return State()
        outputs = self._outputs(found)
        inputs = refreshed(self.SCHEMA, old.inputs, outputs)
        return State(outputs["id"], inputs, sealed_like(old.inputs, outputs))

    def _find(self, client: DockerClient, identifier: str) -> Mapping[str, Any] | None:
        from docker.errors import NotFound  # noqa: PLC0415  only with a daemon

        try:
            return self._inspect(client, identifier)
        except NotFound:
            return None

    def _take_away(self, client: DockerClient, identifier: str) -> None:
        """Remove it as soon as nobody uses it any more."""
        from docker.errors import APIError, NotFound  # noqa: PLC0415  only with a daemon

        until = time.monotonic() + self._leaving
        while True:
            try:
                self._remove(client, identifier)
            except NotFound:
                return
            except APIError as error:
                if self.BUSY not in str(error.explanation):
                    raise
                if time.monotonic() > until:
                    raise ProviderError(self._still_used(client, identifier)) from error
            else:
                return
            time.sleep(self._pause)

    @abstractmethod
    def _inspect(self, client: DockerClient, identifier: str) -> Mapping[str, Any]:
        """Docker's description of it."""

    @abstractmethod
    def _remove(self, client: DockerClient, identifier: str) -> None:
        """Ask Docker once to remove it."""

    @abstractmethod
    def _outputs(self, found: Mapping[str, Any]) -> Properties:
        """Convert Docker's description to outputs."""

    @abstractmethod
    def _still_used(self, client: DockerClient, identifier: str) -> str:
        """Word the error of an object in use: by whom, and what to do."""

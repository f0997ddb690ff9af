"""Runtime of a provider: its live side: health, state of its resources, logs, and recovery of killed creates.

A provider that has one names it in its definition (`ProviderDefinition.runtime`). It reads, and changes nothing but
what `clear` is told to. Everything it raises on purpose is a `PlatformError` that says what to do; nothing that it
gives holds a secret.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from platform_pulumi.model.status import LiveState
from platform_pulumi.sdk.provider import ProviderDefinition, load

__all__ = ["LiveState", "LogLine", "PendingCreate", "RecordedResource", "Runtime", "open_runtime"]


@dataclass(frozen=True, slots=True)
class RecordedResource:
    """Resource as the state records it: its Pulumi type, its logical name, the provider's id."""

    urn: str
    type: str
    name: str
    id: str


@dataclass(frozen=True, slots=True)
class PendingCreate:
    """Pending create of a killed run: its URN, its Pulumi type, its tag `platform:urn`."""

    urn: str
    type: str
    tag: str


@dataclass(frozen=True, slots=True)
class LogLine:
    """Line of a log, without its end; `source` is the short name of its writer (`api-2`)."""

    source: str
    text: str


class Runtime(Protocol):
    """Live side of a provider; created with its resolved config and the environment, which it may not repeat."""

    def healthy(self) -> str:
        """Check that the provider answers; return its name (`Docker 20.10.24 at unix:///...`). Costs milliseconds.

        Raises:
            EngineError: the provider cannot be reached or does not let us in; its detail says what to do.
        """

    def inspect(self, resources: Sequence[RecordedResource]) -> Mapping[str, LiveState]:
        """Return the live state of these resources, by URN; what the provider cannot tell is left out.

        Raises:
            EngineError: the provider does not answer.
        """

    def writers(self, resources: Sequence[RecordedResource]) -> Sequence[RecordedResource]:
        """Select the resources that write logs; nothing is asked."""

    def find(self, pending: Sequence[PendingCreate], recorded: frozenset[str]) -> Mapping[str, Sequence[str]]:
        """Look up pending creates: the ids of existing resources, by URN. Nothing is changed.

        Args:
            pending: what was being created.
            recorded: ids of what is recorded; none of it came of these.

        Returns:
            No id where nothing is there that could be recorded, or where to create it again is the same; what is half
            made is for `clear`. No entry where it cannot be known.

        Raises:
            EngineError: the provider does not answer.
        """

    def clear(self, tags: Sequence[str], recorded: frozenset[str]) -> Sequence[str]:
        """Delete what a killed run created and nobody recorded; never what may hold data.

        Args:
            tags: values of the tag `platform:urn` that it carries.
            recorded: ids of what is recorded and stays, whatever its tag.

        Returns:
            What was taken away, in words.

        Raises:
            EngineError: the provider does not answer, or does not let it go.
        """

    def logs(
        self, resources: Sequence[RecordedResource], *, follow: bool, tail: int | None, since: float | None
    ) -> Iterator[LogLine]:
        """Read the logs of these resources: lines of several of them interleaved.

        Args:
            resources: whose logs, of `writers`.
            follow: go on until all of them have stopped.
            tail: only the last lines of each; all where None.
            since: only what was written after this moment, in seconds since the epoch.

        Raises:
            EngineError: the provider does not answer.
        """


def open_runtime(
    definition: ProviderDefinition, config: Mapping[str, Any], environment: Mapping[str, str]
) -> Runtime | None:
    """Open the runtime of a provider, or None where it has none. Nothing is asked yet."""
    if not definition.runtime:
        return None
    runtime: Runtime = load(definition.runtime)(config, environment)
    return runtime

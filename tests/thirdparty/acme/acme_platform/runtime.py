"""The live side: whether Acme's service answers, and how its caches are now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from acme_platform import schema
from acme_platform.service import Service, ServiceError
from platform_pulumi.errors import EngineError
from platform_pulumi.model.status import Health, LiveState, ResourceState
from platform_pulumi.sdk.runtime import LogLine, PendingCreate, RecordedResource
from platform_pulumi.sdk.tagging import URN_TAG


class AcmeRuntime:
    """A `platform_pulumi.sdk.runtime.Runtime`.

    Args:
        config: the provider's settings, resolved.
        environment: of the command.
    """

    def __init__(self, config: Mapping[str, Any], environment: Mapping[str, str]) -> None:
        self._home = config.get("home") or environment.get("ACME_HOME")

    def healthy(self) -> str:
        """Who answered."""
        with self._service() as service:
            service.ask()
            return f"Acme at {service.home}"

    def inspect(self, resources: Sequence[RecordedResource]) -> Mapping[str, LiveState]:
        """How these caches are now."""
        with self._service() as service:
            there = service.caches()
        return {resource.urn: _state(resource, there) for resource in resources if resource.type == schema.TOKEN}

    def writers(self, _resources: Sequence[RecordedResource]) -> Sequence[RecordedResource]:
        """Caches write no logs that Acme would show."""
        return ()

    def find(self, pending: Sequence[PendingCreate], recorded: frozenset[str]) -> Mapping[str, Sequence[str]]:
        """The caches that carry the tag of an unconfirmed create."""
        with self._service() as service:
            tags = {name: cache.get("tags", {}).get(URN_TAG) for name, cache in service.caches().items()}
        return {
            create.urn: [name for name, tag in tags.items() if tag == create.tag and name not in recorded]
            for create in pending
            if create.type == schema.TOKEN
        }

    def clear(self, _tags: Sequence[str], _recorded: frozenset[str]) -> Sequence[str]:
        """Acme makes a cache or makes none: nothing is left half done."""
        return ()

    def logs(
        self, _resources: Sequence[RecordedResource], *, follow: bool, tail: int | None, since: float | None
    ) -> Iterator[LogLine]:
        """No lines."""
        del follow, tail, since
        return iter(())

    @contextmanager
    def _service(self) -> Iterator[Service]:
        try:
            yield Service(self._home)
        except ServiceError as error:
            raise EngineError("Acme does not answer", f"{error}.") from error


def _state(resource: RecordedResource, there: Mapping[str, Mapping[str, Any]]) -> LiveState:
    if resource.id in there:
        return LiveState(ResourceState.ACTIVE, Health.HEALTHY)
    return LiveState(ResourceState.DELETED, detail=f"Acme has no cache {resource.id}")

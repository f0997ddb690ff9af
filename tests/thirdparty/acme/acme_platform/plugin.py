"""The embedded plugin: what the engine asks of the package `acme`, asked of Acme's service."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from acme_platform import schema
from acme_platform.service import Service, ServiceError
from platform_pulumi.model.urn import Urn
from platform_pulumi.plugins.checks import Failure, check
from platform_pulumi.plugins.diffs import Change, compare
from platform_pulumi.plugins.provider import Difference, Naming, ProviderError, State
from platform_pulumi.plugins.values import UNKNOWN, Properties, open_value

_PORT = 6379


class AcmeBackend:
    """The backend of the package (`platform_pulumi.plugins.provider.Backend`); it has one type.

    Args:
        environment: the variables that the definition names, and what is neutral.
    """

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._home = environment.get("ACME_HOME")

    def configure(self, config: Properties) -> None:
        """Take the provider's settings."""
        self._home = open_value(config).get("home") or self._home

    def diff_config(self, old: Properties, new: Properties) -> Sequence[Change]:
        """Another address is another service: what is there is replaced."""
        return compare(old, new, ("home",))

    def check(self, urn: Urn, inputs: Properties, _naming: Naming) -> tuple[Properties, Sequence[Failure]]:
        """Hold the inputs against the type."""
        if urn.type != schema.TOKEN:
            message = f"the package acme has no resource type {urn.type}"
            raise ProviderError(message)
        return inputs, check(schema.CACHE, {}, inputs)

    def diff(self, _urn: Urn, old: State, inputs: Properties) -> Difference:
        """What changes."""
        return Difference(compare(old.inputs, inputs, schema.REPLACING))

    async def create(self, _urn: Urn, inputs: Properties, preview: bool) -> State:
        """Create the cache; an id and outputs are known once it is there."""
        if preview:
            return State("", inputs, {**inputs, "host": UNKNOWN, "port": UNKNOWN})
        return self._put(inputs)

    async def update(self, _urn: Urn, old: State, inputs: Properties, preview: bool) -> Properties:
        """Change the cache in place; where it answers stays."""
        return {**old.outputs, **inputs} if preview else self._put(inputs).outputs

    async def delete(self, _urn: Urn, old: State) -> None:
        """Delete the cache."""
        with _told():
            self._service.remove(old.id)

    async def read(self, _urn: Urn, old: State) -> State:
        """The cache as the service has it; it keeps no password, so that ours stands."""
        with _told():
            found = self._service.caches().get(old.id)
        if found is None:
            return State()
        kept = {name: value for name, value in found.items() if name != "secret"}
        return State(old.id, {**old.inputs, **kept}, {**old.outputs, **kept})

    def invoke(self, token: str, _arguments: Properties) -> Properties:
        """There are no functions."""
        message = f"the package acme has no function {token}"
        raise ProviderError(message)

    @property
    def _service(self) -> Service:
        return Service(self._home)

    def _put(self, inputs: Properties) -> State:
        given = open_value(inputs)
        secret = hashlib.sha256(given.pop("password").encode()).hexdigest()
        with _told():
            self._service.put(given["name"], {**given, "secret": secret})
        outputs = {**inputs, "host": f"{given['name']}.caches.acme.example", "port": _PORT}
        return State(given["name"], inputs, outputs)


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except ServiceError as error:
        raise ProviderError(str(error)) from error

"""Deployment of a capability on Docker, as data: services, volumes, networks and outputs.

Written once for each capability type and read by two: the components make Pulumi resources of it, the export a Compose
file. Nothing here knows either; values that exist only once something is made (a password, an upper tier's output)
stand as what they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from components.docker.config import Config
from platform_pulumi.model.capability import Capability, CapabilityProperties
from platform_pulumi.model.value import CapabilityOutput, Secret, Template, TierOutput

#: Where a service that is bound to no network finds its own: a key of `Service.networks`.
OWN_NETWORK = "own"


@dataclass(frozen=True, slots=True)
class GeneratedPassword:
    """Password that the platform generates once; `name` tells those of one capability apart."""

    name: str = "password"


@dataclass(frozen=True, slots=True)
class Concatenated:
    """Concatenation of values; secret if any part is."""

    parts: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class UrlQuoted:
    """Value, percent-encoded for a URL."""

    value: Value


@dataclass(frozen=True, slots=True)
class NetworkName:
    """Output: the name of the network of a need, for others to join."""

    need: str


Value: TypeAlias = (
    str | Secret | TierOutput | CapabilityOutput | Template | GeneratedPassword | Concatenated | UrlQuoted
)


@dataclass(frozen=True, slots=True)
class Volume:
    """Volume of the capability. It holds data: it outlives the containers and is protected."""

    name: str


@dataclass(frozen=True, slots=True)
class VolumeMount:
    """Mount of a volume in a container; `source` is one of the capability's own, or the name of another's."""

    source: Volume | Value
    path: str
    read_only: bool = False


@dataclass(frozen=True, slots=True)
class PublishedPort:
    """Port of this machine that leads to one of the container's; `address` is the interface it is bound to."""

    address: str
    port: int
    container_port: int
    protocol: str = "tcp"

    def __str__(self) -> str:
        """Format as `host:port` for a client on this machine."""
        host = "127.0.0.1" if self.address in {"0.0.0.0", "::", ""} else self.address
        return f"[{host}]:{self.port}" if ":" in host else f"{host}:{self.port}"


@dataclass(frozen=True, slots=True)
class File:
    """Small text file in the container, there before it starts."""

    path: str
    content: str


@dataclass(frozen=True, slots=True)
class Health:
    """Health check of Docker: a command inside the container. Times in seconds.

    `limit` is how long a start may take until it works.
    """

    test: tuple[str, ...]
    interval: int = 5
    timeout: int = 5
    retries: int = 6
    start_period: int = 0
    limit: int = 120


@dataclass(frozen=True, slots=True)
class Build:
    """Build of an image: a folder of this machine, and the Dockerfile within it."""

    context: str
    dockerfile: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """Service of N equal containers.

    Args:
        suffix: tells the services of one capability apart; the main one has none.
        image: what runs; with `build`, the name of what is built.
        networks: the needs (`network`, `namespace`, `ingress`) whose networks it joins, or OWN_NETWORK.
        aliases: what it is called on them; `extra_aliases` on single ones.
        env: environment; `secret_files` says that the image also takes a secret variable as a file (`NAME_FILE`).
        beside: whether a replacement is started beside the old one, which goes once the new one works. Never where
            both would write one volume or hold one port.
        memory: MiB; cpus: as Docker writes them, `0.5`.
    """

    image: Value
    suffix: str = ""
    build: Build | None = None
    replicas: int = 1
    networks: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    extra_aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    entrypoint: tuple[str, ...] = ()
    command: tuple[str, ...] = ()
    env: Mapping[str, Value] = field(default_factory=dict)
    secret_files: bool = False
    volumes: tuple[VolumeMount, ...] = ()
    files: tuple[File, ...] = ()
    published: tuple[PublishedPort, ...] = ()
    health: Health | None = None
    memory: int | None = None
    cpus: str | None = None
    beside: bool = False


@dataclass(frozen=True, slots=True)
class Deployment:
    """Deployment of one capability. `services` stand in the order they start: each is up before the next begins.

    Args:
        outputs: the type's outputs; a list for a list.
        own_network: whether it has a network of its own (`OWN_NETWORK`).
    """

    services: tuple[Service, ...] = ()
    volumes: tuple[Volume, ...] = ()
    outputs: Mapping[str, Value | NetworkName | int | tuple[str, ...]] = field(default_factory=dict)
    own_network: bool = False


@dataclass(frozen=True, slots=True)
class DeploymentContext:
    """Input of a deployment: the capability, its bindings, and the provider's settings."""

    capability: Capability
    config: Config
    application: str | None = None

    @property
    def properties(self) -> CapabilityProperties:
        """Properties of the capability."""
        return self.capability.properties

    @property
    def alias(self) -> str:
        """Name of the capability on its networks; applications other than `default` carry theirs in it."""
        name = self.capability.name
        return name if self.application in {None, "default"} else f"{name}.{self.application}"

    def bound_needs(self, *needs: str) -> tuple[str, ...]:
        """Select the needs that are bound."""
        return tuple(need for need in needs if need in self.capability.bindings)

    def published(self, container_port: int) -> tuple[PublishedPort, ...]:
        """Return the host port that the settings publish for this capability, if any."""
        found = self.config.publish.get(self.capability.name)
        return () if found is None else (PublishedPort(found.address, found.port, container_port),)

    def exposed(self, port: int) -> PublishedPort:
        """Return the host port of what is published in any case: as the settings say, else of the same number."""
        chosen = self.published(port)
        return chosen[0] if chosen else PublishedPort(self.config.bind_address, port, port)

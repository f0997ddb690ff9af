"""`container_runtime`: a long-running containerized service."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, field_validator, model_validator

from platform_pulumi.model.capabilities.fields import (
    KEY,
    Block,
    CpuText,
    Duration,
    MemoryText,
    QuantityText,
    amount_between,
    between,
    distinct,
    empty_list,
    empty_mapping,
    misplaced,
    seconds,
)
from platform_pulumi.model.capabilities.texts import (
    Command,
    EnvironmentValue,
    HostName,
    Image,
    Line,
    MountPath,
    PathPrefix,
    PortName,
    RequestPath,
    VariableName,
)
from platform_pulumi.model.capability import CapabilityProperties, Need, OutputSpec
from platform_pulumi.model.quantity import Quantity
from platform_pulumi.model.secrecy import holds_secret, names_secret
from platform_pulumi.model.tier import Tier
from platform_pulumi.model.value import Text, as_secret, as_written, is_text

#: The environment variable that tells a replica how many database connections it may open.
CONNECTIONS_VARIABLE = "DATABASE_CONNECTIONS"


class Port(Block):
    """A port the container listens on."""

    container_port: int = Field(ge=1, le=65535, description="Port inside the container.")
    protocol: Literal["TCP", "UDP"] = Field(default="TCP", description="TCP or UDP.")
    service_port: int | None = Field(default=None, ge=1, le=65535, description="Port of the service; container_port.")
    name: PortName | None = Field(default=None, description="Name of the port.")


class HealthCheck(Block):
    """Health check: an HTTP GET that answers 2xx or 3xx, or a command that exits with 0."""

    path: RequestPath | None = Field(default=None, description="Path of the request.")
    command: Command = Field(
        default_factory=empty_list, description="Command to run inside the container instead of the request."
    )
    port: int | None = Field(default=None, ge=1, le=65535, description="Port of the request; the first of `ports`.")
    interval: Annotated[Duration, between("1s", "24h")] = Field(default="10s", description="Time between checks.")
    timeout: Annotated[Duration, between("1s", "24h")] = Field(default="2s", description="Time an answer may take.")
    retries: int = Field(default=3, ge=1, le=20, description="Failures in a row before it counts as broken.")
    start_period: Annotated[Duration, between("0s", "24h")] = Field(
        default="0s", description="Time a start may take before failures count."
    )

    @model_validator(mode="after")
    def _one_way(self) -> HealthCheck:
        if (self.path is None) is not bool(self.command):
            message = "a health check has either a `path` or a `command`"
            raise ValueError(message)
        if self.command and self.port is not None:
            message = "a health check by `command` asks no port: leave `port` out"
            raise misplaced(message, "port")
        # AWS load balancers refuse it (elasticloadbalancing CreateTargetGroup), and nothing else gains by it.
        if "timeout" in self.model_fields_set and seconds(self.timeout) > seconds(self.interval):
            message = f"an answer may take {self.timeout}, and the next check begins after {self.interval}: take less"
            raise misplaced(message, "timeout")
        return self


class Build(Block):
    """Build of the image from a folder of this machine, for providers that run there."""

    context: Line = Field(description="Folder that is built, relative to the file that declares it.")
    dockerfile: Line = Field(default="Dockerfile", description="Dockerfile within the context.")


class Mount(Block):
    """A persistent volume within the container."""

    source: Text = Field(description="Output `name` of a persistent volume: ${tier2.NAME}.")
    path: MountPath = Field(description="Where the container sees it.")
    read_only: bool = Field(default=False, description="Whether the container may only read it.")


class Ingress(Block):
    """Ingress: host, path and TLS by which clients outside reach the service."""

    host: HostName = Field(description="Host name, for example api.acme.com.")
    port: int = Field(default=443, ge=1, le=65535, description="Port outside.")
    tls: bool = Field(default=True, description="Whether connections are encrypted.")
    path: PathPrefix = Field(default="/", description="Path prefix that belongs to the service, for example /api.")


class Requests(Block):
    """CPU and memory that are set aside; none with 0."""

    cpu: Annotated[QuantityText, amount_between("0", "1M")] | None = Field(
        default=None, description="CPU, for example 500m."
    )
    memory: Annotated[QuantityText, amount_between("0", "1Ei")] | None = Field(
        default=None, description="Memory, for example 512Mi."
    )


class Limits(Block):
    """CPU and memory that may be taken."""

    cpu: CpuText | None = Field(default=None, description="CPU, for example 500m.")
    memory: MemoryText | None = Field(default=None, description="Memory, for example 512Mi.")


class Resources(Block):
    """Resource requests and limits of each replica; `limits` says the same as `cpu` and `memory` above it."""

    requests: Requests = Field(default_factory=Requests, description="What is set aside for each replica; the limits.")
    limits: Limits = Field(default_factory=Limits, description="What a replica may take; same as cpu and memory.")


class ContainerRuntime(CapabilityProperties):
    """Service of N replicas of one container (specification, sections 3.2 and 6.3)."""

    TYPE: ClassVar[str] = "container_runtime"
    TIER: ClassVar[Tier] = Tier.APPLICATION
    NEEDS: ClassVar = (
        Need("kubernetes_cluster", "cluster"),
        Need("namespace", "namespace"),
        Need("network", "network"),
        Need("ingress", "shared_ingress", only_with="ingress"),
    )
    OUTPUTS: ClassVar = {
        "endpoint": OutputSpec(
            "string", "URL of the service: the ingress where there is one, else the inner address.", identifies=True
        ),
        "service": OutputSpec("string", "Inner address, host:port, empty where no port is declared.", identifies=True),
    }
    STANDS_FOR: ClassVar = {
        "resources.limits.memory": "memory",
        "resources.limits.cpu": "cpu",
        "resources.requests.memory": "memory",
        "resources.requests.cpu": "cpu",
    }
    TAKES: ClassVar = {"volumes.source": ("persistent_volume", "name")}

    cluster: str | None = Field(default=None, description="Name of the cluster capability, where there are several.")
    namespace: str | None = Field(
        default=None, description="Name of the namespace capability, where there are several."
    )
    network: str | None = Field(default=None, description="Name of the network capability, where there are several.")
    shared_ingress: str | None = Field(
        default=None, description="Name of the ingress capability, where there are several."
    )
    image: Image = Field(description="Container image with tag or digest; with `build`, the name of what is built.")
    build: Build | None = Field(default=None, description="How the image is made, where the provider builds it.")
    command: Command = Field(default_factory=empty_list, description="Command to run instead of the image's.")
    replicas: int = Field(default=1, ge=0, le=1000, description="Number of containers.")
    memory: MemoryText | None = Field(default=None, description="Memory each may take, for example 512Mi.")
    cpu: CpuText | None = Field(default=None, description="CPU each may take, for example 500m.")
    resources: Resources = Field(default_factory=Resources, description="Requests beside the limits.")
    ports: list[Port] = Field(default_factory=empty_list, description="Ports the container listens on.")
    env: dict[VariableName, EnvironmentValue] = Field(
        default_factory=empty_mapping, description="Environment variables."
    )
    volumes: list[Mount] = Field(default_factory=empty_list, description="Persistent volumes within the container.")
    health_check: HealthCheck | None = Field(default=None, description="How to tell that the service works.")
    ingress: Ingress | None = Field(default=None, description="How the service is reached from outside.")
    database_connections: int = Field(
        default=10,
        ge=0,
        le=1_000_000,
        description="Database connections each replica may open; given to it as DATABASE_CONNECTIONS.",
    )

    @field_validator("ports")
    @classmethod
    def _ports_differ(cls, ports: list[Port]) -> list[Port]:
        distinct(
            ports,
            lambda port: (port.container_port, port.protocol),
            lambda port: f"port {port.container_port}/{port.protocol} is declared",
            "container_port",
        )
        distinct(
            ports,
            lambda port: (service_port(port), port.protocol),
            lambda port: f"port {service_port(port)}/{port.protocol} of the service leads to another port",
            "service_port",
        )
        distinct(ports, port_name, lambda port: f"`{port_name(port)}` is the name of another port", "name")
        return ports

    @field_validator("volumes")
    @classmethod
    def _mounts_differ(cls, mounts: list[Mount]) -> list[Mount]:
        distinct(
            mounts,
            mount_point,
            lambda mount: f"at {mount_point(mount)} another volume is mounted",
            "path",
        )
        return mounts

    @field_validator("env", mode="before")
    @classmethod
    def _env_values_are_text(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return {name: _env_value(str(name), item) for name, item in value.items()}

    @model_validator(mode="before")
    @classmethod
    def _limits_are_memory_and_cpu(cls, data: Any) -> Any:
        limits = data.get("resources", {}) if isinstance(data, dict) else {}
        limits = limits.get("limits") if isinstance(limits, dict) else None
        if not isinstance(limits, dict):
            return data
        merged = dict(data)
        for name in ("memory", "cpu"):
            if name in limits and merged.get(name) is None:
                merged[name] = limits[name]
            elif name in limits and str(merged[name]) != str(limits[name]):
                message = f"`{name}` and `resources.limits.{name}` say different things; give one of them"
                raise misplaced(message, "resources", "limits", name)
        return merged

    @model_validator(mode="after")
    def _requests_within_limits(self) -> ContainerRuntime:
        for name in ("memory", "cpu"):
            request, limit = getattr(self.resources.requests, name), getattr(self, name)
            if request and limit and Quantity.parse(request) > Quantity.parse(limit):
                message = f"`resources.requests.{name}` {request} is more than the limit {limit}"
                raise misplaced(message, "resources", "requests", name)
        return self

    @model_validator(mode="after")
    def _ports_are_there(self) -> ContainerRuntime:
        has_tcp = any(port.protocol == "TCP" for port in self.ports)
        if self.ingress is not None and not has_tcp:
            message = "an ingress needs a TCP port: declare `ports`"
            raise misplaced(message, "ingress", KEY)
        check = self.health_check
        if check is not None and check.path is not None and check.port is None and not has_tcp:
            message = "a health check needs a TCP port: declare `ports` or give `health_check.port`"
            raise misplaced(message, "health_check", KEY)
        return self

    @model_validator(mode="after")
    def _connections_are_declared(self) -> ContainerRuntime:
        if CONNECTIONS_VARIABLE in self.env:
            message = f"{CONNECTIONS_VARIABLE} is set from `database_connections`; declare that instead"
            raise misplaced(message, "env", CONNECTIONS_VARIABLE, KEY)
        return self


def mount_point(mount: Mount) -> str:
    """Return the path a mount is at: `//data/` is `/data`, though POSIX lets two slashes mean something."""
    return posixpath.normpath(f"/{mount.path.strip('/')}")


def port_name(port: Port) -> str:
    """Return the port's name: its own, or `tcp-8080`."""
    return port.name or f"{port.protocol.lower()}-{port.container_port}"


def service_port(port: Port) -> int:
    """Return the port of the service: its own, or the container's."""
    return port.container_port if port.service_port is None else port.service_port


def first_tcp(ports: Sequence[Port]) -> Port:
    """Return the first TCP port; the model has made sure of one where it is needed."""
    return next(port for port in ports if port.protocol == "TCP")


def health_port(check: HealthCheck, ports: Sequence[Port]) -> int:
    """Return the port of a health check: its own, or the first TCP port."""
    return check.port if check.port is not None else first_tcp(ports).container_port


def ingress_url(ingress: Ingress, port: int) -> str:
    """Build the URL of an ingress that is reached at this port: it is there only where it is not the scheme's own."""
    scheme, usual = ("https", 443) if ingress.tls else ("http", 80)
    return f"{scheme}://{ingress.host}{'' if port == usual else f':{port}'}{ingress.path.rstrip('/')}"


def _env_value(name: str, value: Any) -> Any:
    """Environment values are text: numbers and booleans are written out; what looks like a secret is one."""
    if isinstance(value, bool):
        value = str(value).lower()
    elif isinstance(value, (int, float)):
        value = str(value)
    looks_secret = is_text(value) and value != "" and (names_secret(name) or holds_secret(as_written(value)))
    return as_secret(value) if looks_secret else value

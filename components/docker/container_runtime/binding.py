"""Binding of `container_runtime` to Docker, field by field. No pulumi here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from components.docker.claims import ports_and_names
from components.docker.field_fidelity import MEMORY, SELF_SIGNED
from platform_pulumi.sdk.fidelity import FULL, Condition, Entry, none, partial, stub
from platform_pulumi.sdk.provider import CapabilityBinding

if TYPE_CHECKING:
    from platform_pulumi.model.capabilities.application.container_runtime import ContainerRuntime
    from platform_pulumi.model.capability import CapabilityProperties

_REQUESTS = stub("nothing is set aside: limits hold, requests are not needed on one machine")

_SHARED = partial(
    "the shared ingress answers at a port and with TLS of its own; only the service's URL says what is declared here",
    "declare the same here as there",
    when=Condition("a shared ingress stands before it", bound="ingress"),
)


def _differs(_: Any, properties: CapabilityProperties) -> bool:
    ports = cast("ContainerRuntime", properties).ports
    return any(port.service_port not in {None, port.container_port} for port in ports)


def _is_inner(port: Any, properties: CapabilityProperties) -> bool:
    service = cast("ContainerRuntime", properties)
    led_to = next((other.container_port for other in service.ports if other.protocol == "TCP"), None)
    return service.ingress is None or port != led_to


FIDELITY: Mapping[str, Entry] = {
    "image": FULL,
    "build.context": FULL,
    "build.dockerfile": FULL,
    "command[]": FULL,
    "replicas": FULL,
    "memory": MEMORY,
    "cpu": FULL,
    "resources.requests.cpu": _REQUESTS,
    "resources.requests.memory": _REQUESTS,
    "resources.limits.cpu": FULL,
    "resources.limits.memory": MEMORY,
    "ports[].container_port": partial(
        "every port is open within the network, declared or not; health check, published port and outputs take the "
        "first one",
        when=Condition("no ingress leads to it", _is_inner),
    ),
    "ports[].protocol": partial(
        "every port is open within the network, whatever its protocol; a gateway speaks HTTP only",
        when=Condition("it is UDP", lambda value, _: value == "UDP"),
    ),
    "ports[].service_port": none(
        "containers are reached at their own port",
        "use container_port",
        when=Condition("it is not container_port", _differs),
    ),
    "ports[].name": none("ports have no names"),
    "env.*": FULL,
    "volumes[].source": FULL,
    "volumes[].path": FULL,
    "volumes[].read_only": FULL,
    "health_check.path": partial(
        "Docker healthcheck (no k8s probe semantics): asked from within, by wget, curl or python3 of the image; an "
        "unhealthy container is shown, not restarted",
        "health_check.command, for an image that has none of them",
        called="health_check.liveness",
    ),
    "health_check.command[]": partial(
        "Docker healthcheck (no k8s probe semantics): an unhealthy container is shown, not restarted",
        called="health_check.liveness",
    ),
    "health_check.port": FULL,
    "health_check.interval": FULL,
    "health_check.timeout": FULL,
    "health_check.retries": FULL,
    "health_check.start_period": FULL,
    "ingress.host": partial(
        "localhost port mapping; no DNS record is made",
        "names under .localhost lead to this machine; others go into /etc/hosts",
    ),
    "ingress.port": _SHARED,
    "ingress.tls": (SELF_SIGNED, _SHARED),
    "ingress.path": FULL,
    "database_connections": FULL,
}

BINDING = CapabilityBinding(
    "components.docker.container_runtime.component:ContainerRuntime",
    FIDELITY,
    reads_files=lambda properties: getattr(properties, "build", None) is not None,
    claims=ports_and_names,
    summary="containers behind one gateway",
)

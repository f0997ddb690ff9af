"""Binding of `container_runtime` to Docker, field by field. No pulumi here."""

from __future__ import annotations

from collections.abc import Mapping

from components.docker.field_fidelity import SELF_SIGNED
from platform_pulumi.sdk.provider import FULL, CapabilityBinding, FieldFidelity, none, partial, stub

_REQUESTS = stub("nothing is set aside: limits hold, requests are not needed on one machine")

FIDELITY: Mapping[str, FieldFidelity] = {
    "image": FULL,
    "build.context": FULL,
    "build.dockerfile": FULL,
    "command[]": FULL,
    "replicas": FULL,
    "memory": FULL,
    "cpu": FULL,
    "resources.requests.cpu": _REQUESTS,
    "resources.requests.memory": _REQUESTS,
    "resources.limits.cpu": FULL,
    "resources.limits.memory": FULL,
    "ports[].container_port": FULL,
    "ports[].protocol": partial(
        "every port is open within the network, whatever its protocol; a gateway speaks HTTP only",
        when=lambda value, _: value == "UDP",
    ),
    "ports[].service_port": none(
        "containers are reached at their own port", "use container_port", when=lambda value, _: value is not None
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
    "ingress.port": FULL,
    "ingress.tls": SELF_SIGNED,
    "ingress.path": FULL,
    "database_connections": FULL,
}

BINDING = CapabilityBinding(
    "components.docker.container_runtime.component:ContainerRuntime",
    FIDELITY,
    reads_files=lambda properties: getattr(properties, "build", None) is not None,
    summary="containers behind one gateway",
)

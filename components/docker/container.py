"""Arguments of one Docker container of a service."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_docker as docker

from components.docker.deployment import Health, Service, VolumeMount

#: How long a container may take to stop before it is killed, in seconds.
_GRACE = 10


@dataclass(frozen=True)
class Container:
    """Values of a container that are known only while the program runs."""

    name: pulumi.Input[str]
    image: pulumi.Input[str]
    env: Mapping[str, pulumi.Input[str]]
    mounts: list[tuple[VolumeMount, pulumi.Input[str]]]
    networks: Mapping[str, pulumi.Input[str]]
    tags: Mapping[str, str]


def container(service: Service, about: Container) -> dict[str, Any]:
    """Build the arguments of a `docker.Container`."""
    health = service.health
    return {
        "name": about.name,
        "image": about.image,
        "entrypoints": list(service.entrypoint) or None,
        "command": list(service.command) or None,
        "envs": [pulumi.Output.concat(name, "=", value) for name, value in about.env.items()] or None,
        "networks_advanced": [_attached(service, need, about) for need in service.networks],
        "ports": [
            docker.ContainerPortArgs(
                internal=port.container_port, external=port.port, ip=port.address, protocol=port.protocol
            )
            for port in service.published
        ]
        or None,
        "volumes": [
            docker.ContainerVolumeArgs(
                volume_name=source, container_path=mounted.path, read_only=True if mounted.read_only else None
            )
            for mounted, source in about.mounts
        ]
        or None,
        "uploads": [docker.ContainerUploadArgs(file=file.path, content=file.content) for file in service.files] or None,
        "healthcheck": _healthcheck(health) if health else None,
        "memory": service.memory,
        # Without it Docker lets a container swap as much again as it may have memory.
        "memory_swap": service.memory,
        "cpus": service.cpus,
        "labels": [docker.ContainerLabelArgs(label=key, value=value) for key, value in sorted(about.tags.items())],
        "restart": "unless-stopped",
        "must_run": True,
        "wait": health is not None,
        "wait_timeout": health.limit if health else None,
        "destroy_grace_seconds": _GRACE,
    }


def _attached(service: Service, need: str, about: Container) -> docker.ContainerNetworksAdvancedArgs:
    aliases = [*service.aliases, *service.extra_aliases.get(need, ())]
    return docker.ContainerNetworksAdvancedArgs(name=about.networks[need], aliases=aliases or None)


def _healthcheck(health: Health) -> docker.ContainerHealthcheckArgs:
    return docker.ContainerHealthcheckArgs(
        tests=list(health.test),
        interval=f"{health.interval}s",
        timeout=f"{health.timeout}s",
        retries=health.retries,
        start_period=f"{health.start_period}s",
    )

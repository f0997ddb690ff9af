"""`container_runtime` on Docker: N containers, behind a gateway where it has an ingress."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import ClassVar, cast

from components.docker.claims import starts_beside
from components.docker.component import DockerComponent
from components.docker.deployment import (
    OWN_NETWORK,
    Build,
    Deployment,
    DeploymentContext,
    Health,
    Service,
    Value,
    VolumeMount,
)
from components.docker.gateway import endpoint, gateway
from components.docker.images import is_engine
from components.docker.units import cpus, mebibytes
from platform_pulumi.errors import InputError
from platform_pulumi.model.capabilities.application.container_runtime import (
    CONNECTIONS_VARIABLE,
    HealthCheck,
    health_port,
)
from platform_pulumi.model.capabilities.application.container_runtime import ContainerRuntime as Properties
from platform_pulumi.model.capabilities.fields import seconds

#: How long a start may take beyond what its health check says, in seconds.
_MARGIN = 60


class ContainerRuntime(DockerComponent):
    """Component of equal containers under one name on the networks of the platform.

    A new version starts beside the old one, which goes once the new one works; if it never does, the old one stays.
    """

    TOKEN: ClassVar[str] = "platform:docker:ContainerRuntime"

    @staticmethod
    def deploy(place: DeploymentContext) -> Deployment:
        """Build the deployment of the capability."""
        properties = cast("Properties", place.properties)
        networks = place.bound_needs("namespace", "network") or (OWN_NETWORK,)
        main = _main(place, properties, networks)
        services = (main,) if properties.ingress is None else (main, gateway(place, properties, networks))
        tcp = [port.container_port for port in properties.ports if port.protocol == "TCP"]
        inner = f"{place.alias}:{properties.ports[0].container_port}" if properties.ports else ""
        outside = f"http://{main.published[0]}" if main.published and tcp else f"http://{inner}" if inner else ""
        return Deployment(
            services,
            (),
            {
                "service": inner,
                "endpoint": outside if properties.ingress is None else endpoint(place, properties.ingress),
            },
            own_network=OWN_NETWORK in networks,
        )


def _main(place: DeploymentContext, properties: Properties, networks: tuple[str, ...]) -> Service:
    # With an ingress the published port is the gateway's.
    published = (
        ()
        if properties.ingress is not None or not properties.ports
        else place.published(properties.ports[0].container_port)
    )
    if published and properties.replicas > 1:
        summary = "One port cannot lead to several containers"
        detail = (
            f"{place.capability.declared_at}: {place.capability.name} has {properties.replicas} replicas, and "
            f"provider.config.publish gives it one port. Declare an `ingress` for it, or one replica."
        )
        raise InputError(summary, detail)
    env: dict[str, Value] = {**properties.env, CONNECTIONS_VARIABLE: str(properties.database_connections)}
    return Service(
        image=properties.image,
        build=_build(place, properties),
        replicas=properties.replicas,
        networks=networks,
        aliases=(place.alias,),
        command=tuple(properties.command),
        env=env,
        volumes=tuple(VolumeMount(mount.source, mount.path, mount.read_only) for mount in properties.volumes),
        published=published,
        health=_health(properties),
        memory=mebibytes(properties.memory) if properties.memory else None,
        cpus=cpus(properties.cpu) if properties.cpu else None,
        beside=starts_beside(properties, published=bool(published)),
    )


def _build(place: DeploymentContext, properties: Properties) -> Build | None:
    if properties.build is None:
        return None
    name = properties.image
    if isinstance(name, str) and is_engine(name, place.config.images):
        summary = "A build would replace an image that others are started from"
        detail = (
            f"{place.capability.declared_at}: {place.capability.name} builds `{name}`, and databases, queues or "
            "gateways of this machine are started from an image of that name. Build it under a name of its own."
        )
        raise InputError(summary, detail)
    folder = Path(place.capability.declared_at.file).parent / properties.build.context
    return Build(str(folder.resolve()), properties.build.dockerfile)


def _health(properties: Properties) -> Health | None:
    check = properties.health_check
    if check is None:
        return None
    interval, timeout, start = seconds(check.interval), seconds(check.timeout), seconds(check.start_period)
    return Health(
        tuple(["CMD", *check.command] if check.path is None else ["CMD-SHELL", http_check_command(check, properties)]),
        interval=interval,
        timeout=timeout,
        retries=check.retries,
        start_period=start,
        limit=start + (interval + timeout) * check.retries + _MARGIN,
    )


def http_check_command(check: HealthCheck, properties: Properties) -> str:
    """Build a shell command for an HTTP check, by whichever of the usual tools an image has."""
    address = f"http://127.0.0.1:{health_port(check, properties.ports)}{check.path}"
    python = shlex.quote(f"import urllib.request as r; r.urlopen({address!r}, timeout={seconds(check.timeout)})")
    url = shlex.quote(address)
    return (
        f"if command -v wget >/dev/null; then wget -q -O /dev/null {url}; "
        f"elif command -v curl >/dev/null; then curl -fsS -o /dev/null {url}; "
        f"else python3 -c {python}; fi"
    )

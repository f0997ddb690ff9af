"""What only one capability can have: a port of this machine, the logical name of a container. No pulumi here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from components.docker.config import Address, Config, read
from platform_pulumi.errors import InputError
from platform_pulumi.model.capabilities.application.container_runtime import ContainerRuntime
from platform_pulumi.model.capabilities.shared_primitives.ingress import Ingress
from platform_pulumi.model.capability import Capability
from platform_pulumi.sdk.provider import Claim, name_claim

_INSTEAD: Final = "Give one of them another port; on Docker, provider.config.publish says where each is published."
#: Bound to all interfaces.
_ANY = frozenset({"0.0.0.0", "::"})


def host_ports(capability: Capability, settings: Mapping[str, Any]) -> Iterable[Claim]:
    """List the port that a capability publishes, as components do (`DeploymentContext.published`, `exposed`)."""
    try:
        config = read(settings)
    except InputError:  # reported where the settings are used
        return ()
    return tuple(_claims(capability, config))


def ports_and_names(capability: Capability, settings: Mapping[str, Any]) -> Iterable[Claim]:
    """List the port or host by which a `container_runtime` is reached, and the names of its containers and images."""
    ports = tuple(host_ports(capability, settings))
    properties, name = capability.properties, capability.name
    if not isinstance(properties, ContainerRuntime):
        return ports
    published = bool(ports) and properties.ingress is None
    beside = starts_beside(properties, published=published)
    containers = [f"{name}-{number}" if beside or number > 1 else name for number in range(1, properties.replicas + 1)]
    images = [f"{name}-image"]
    if properties.ingress is not None and (shared := capability.bindings.get("ingress")) is not None:
        # DNS (RFC 4343) and HTTP do not tell capitals from small letters.
        host = f"host {properties.ingress.host.lower()} at the ingress `{shared.name}`"
        ports = (Claim(host, ("ingress", "host"), "It leads each host to one capability: give one of them another."),)
    if properties.ingress is not None:
        containers, images = [*containers, f"{name}-gateway"], [*images, f"{name}-gateway-image"]
    made = [*((one, "a container") for one in containers), *((one, "an image") for one in images)]
    return (*ports, *(name_claim(one, kind) for one, kind in made))


def starts_beside(properties: ContainerRuntime, *, published: bool) -> bool:
    """Whether a new version starts beside the old one: both must neither want one port nor write one volume."""
    return not published and all(mount.read_only for mount in properties.volumes)


def _claims(capability: Capability, config: Config) -> Iterator[Claim]:
    if not _publishes(capability):
        return
    chosen, (port, path) = config.publish.get(capability.name), _exposed(capability)
    if chosen is None and port is not None:
        chosen = Address(config.bind_address, port)
    if chosen is not None:
        place = "" if chosen.address in _ANY | {config.bind_address} else f" at {chosen.address}"
        yield Claim(f"port {chosen.port} of this machine{place}", path, _INSTEAD)


def _publishes(capability: Capability) -> bool:
    """Whether it has a port that could be published; behind a shared ingress a container has none."""
    properties = capability.properties
    if not isinstance(properties, ContainerRuntime):
        return True
    return "ingress" not in capability.bindings if properties.ingress is not None else bool(properties.ports)


def _exposed(capability: Capability) -> tuple[int | None, tuple[str, ...]]:
    """The port that is published in any case, and the property that says which."""
    properties = capability.properties
    if isinstance(properties, Ingress):
        return properties.port, ("port",)
    if isinstance(properties, ContainerRuntime) and properties.ingress is not None:
        return properties.ingress.port, ("ingress", "port")
    return None, ()

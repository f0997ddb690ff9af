"""Settings of the docker provider, `provider.config`."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from platform_pulumi.errors import InputError
from platform_pulumi.model.secrecy import holds_secret

if TYPE_CHECKING:
    from platform_pulumi.sdk.run import TierRun

PROVIDER: Final = "docker"
#: Published ports are this machine's own business unless the file says otherwise.
LOOPBACK = "127.0.0.1"

FIELDS: Mapping[str, str] = {
    "host": "The Docker daemon, for example unix:///var/run/docker.sock; DOCKER_HOST where left out.",
    "images": "Image by engine (`postgresql`, `gateway`) or engine and version (`postgresql:15`), with `{version}`.",
    "publish": "Host port by capability: `shared-postgres: 5432`, or with an address: `0.0.0.0:5432`.",
    "bind_address": f"Interface of published ports that name none; {LOOPBACK} where left out.",
    "plugin": "Which docker plugin works: official, embedded, or auto (the official one where it can be had).",
}


@dataclass(frozen=True, slots=True)
class Address:
    """Interface and port of this machine."""

    address: str
    port: int


@dataclass(frozen=True, slots=True)
class Config:
    """Settings with their defaults."""

    host: str | None = None
    images: Mapping[str, str] = field(default_factory=dict)
    publish: Mapping[str, Address] = field(default_factory=dict)
    bind_address: str = LOOPBACK


def settings(run: TierRun) -> Config:
    """Read the provider's settings in this run.

    Raises:
        InputError: one of them is none that Docker can have.
    """
    return read(run.providers[PROVIDER].config if PROVIDER in run.providers else {})


def read(config: Mapping[str, Any]) -> Config:
    """Parse the settings.

    Raises:
        InputError: one of them is none that Docker can have.
    """
    for name in ("host", "images"):
        if holds_secret(str(config.get(name))):
            what = "holds credentials, which state would show. To a registry, log in with `docker login`"
            raise _wrong(name, what, FIELDS[name])
    bind = _interface(config.get("bind_address") or LOOPBACK, "bind_address")
    host = config.get("host")
    return Config(
        host=str(host) if host else None,
        images={str(name): str(image) for name, image in _mapping(config, "images").items()},
        publish={str(name): _address(name, value, bind) for name, value in _mapping(config, "publish").items()},
        bind_address=bind,
    )


def _mapping(config: Mapping[str, Any], name: str) -> Mapping[Any, Any]:
    value = config.get(name) or {}
    if not isinstance(value, Mapping):
        raise _wrong(name, f"is {value!r}; it is a mapping", FIELDS[name])
    return value


def _address(capability: Any, value: Any, bind: str) -> Address:
    head, _, tail = str(value).rpartition(":")
    name = f"publish.{capability}"
    address = _interface(head.strip("[]"), name) if head else bind
    if isinstance(value, bool) or not (tail.isascii() and tail.isdigit()) or not 1 <= int(tail) <= 65535:
        raise _wrong(name, f"is {value!r}; it is a port from 1 to 65535", FIELDS["publish"])
    return Address(address, int(tail))


def _interface(value: Any, name: str) -> str:
    try:
        return str(ipaddress.ip_address(str(value)))
    except ValueError as error:
        raise _wrong(name, f"is {value!r}; it is an IP address of this machine", FIELDS["bind_address"]) from error


def _wrong(name: str, what: str, description: str) -> InputError:
    return InputError("A setting of the docker provider is wrong", f"provider.config.{name} {what}. {description}")

"""Settings of the docker provider, `provider.config`."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from platform_pulumi.errors import InputError
from platform_pulumi.model.characters import shown
from platform_pulumi.model.secrecy import holds_secret
from platform_pulumi.sdk.provider import Refusal

if TYPE_CHECKING:
    from platform_pulumi.sdk.run import TierRun

PROVIDER: Final = "docker"
#: Published ports are this machine's own business unless the file says otherwise.
LOOPBACK = "127.0.0.1"
PLUGINS: Final = ("official", "embedded", "auto")

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
            raise _wrong((name,), what, FIELDS[name])
    bind = _interface(config.get("bind_address") or LOOPBACK, ("bind_address",))
    host = config.get("host")
    return Config(
        host=str(host) if host else None,
        images={str(name): str(image) for name, image in _mapping(config, "images").items()},
        publish={str(name): _address(name, value, bind) for name, value in _mapping(config, "publish").items()},
        bind_address=bind,
    )


def refusals(config: Mapping[str, Any]) -> Iterator[Refusal]:
    """Report the first setting that Docker cannot have, and every image that is none."""
    from platform_pulumi.model.capabilities.texts import is_image  # noqa: PLC0415  # not for the plugin's process

    try:
        images = read(config).images
    except WrongSettingError as error:
        yield Refusal(error.path, error.detail)
        return
    for engine, image in images.items():
        if not is_image(image.replace("{version}", "1")):
            said = shown(image) or "empty"
            reason = f"`{engine}` should have an image such as postgres:15 or postgres:{{version}}. It is {said}."
            yield Refusal(("images", engine), reason)
    plugin = config.get("plugin")
    if "plugin" in config and plugin not in PLUGINS:
        yield Refusal(("plugin",), f"`plugin` should be {', '.join(PLUGINS[:-1])} or {PLUGINS[-1]}.")


class WrongSettingError(InputError):
    """Raised for a setting that Docker cannot have; `path` leads to it."""

    def __init__(self, path: tuple[str | int, ...], detail: str) -> None:
        super().__init__("A setting of the docker provider is wrong", detail)
        self.path = path


def _mapping(config: Mapping[str, Any], name: str) -> Mapping[Any, Any]:
    value = config.get(name) or {}
    if not isinstance(value, Mapping):
        raise _wrong((name,), f"is {value!r}; it is a mapping", FIELDS[name])
    return value


def _address(capability: Any, value: Any, bind: str) -> Address:
    head, _, tail = str(value).rpartition(":")
    path = ("publish", str(capability))
    address = _interface(head.strip("[]"), path) if head else bind
    if isinstance(value, bool) or not (tail.isascii() and tail.isdigit()) or not 1 <= int(tail) <= 65535:
        raise _wrong(path, f"is {value!r}; it is a port from 1 to 65535", FIELDS["publish"])
    return Address(address, int(tail))


def _interface(value: Any, path: tuple[str, ...]) -> str:
    try:
        return str(ipaddress.ip_address(str(value)))
    except ValueError as error:
        raise _wrong(path, f"is {value!r}; it is an IP address of this machine", FIELDS["bind_address"]) from error


def _wrong(path: tuple[str, ...], what: str, description: str) -> WrongSettingError:
    return WrongSettingError(path, f"provider.config.{'.'.join(path)} {what}. {description}")

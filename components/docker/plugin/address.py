"""Address of Docker's daemon: from the settings, DOCKER_HOST, the Docker CLI's context, or the usual socket."""

from __future__ import annotations

import hashlib
import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

USUAL = "unix:///var/run/docker.sock"
_PORT, _PORT_TLS = 2375, 2376


class AddressError(Exception):
    """Raised where no address can be made of the configuration; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Tls:
    """TLS files (PEM) to authenticate a daemon, and us to it."""

    authority: Path | None = None
    certificate: tuple[Path, Path] | None = None
    verify: bool = True

    def context(self) -> ssl.SSLContext:
        """Build the context for Python's own client. Raises OSError where a file is missing."""
        context = ssl.create_default_context(cafile=str(self.authority) if self.authority else None)
        if not self.verify:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        if self.certificate is not None:
            context.load_cert_chain(*self.certificate)
        return context


@dataclass(frozen=True, slots=True)
class Address:
    """Address of a daemon."""

    url: str
    tls: Tls | None = None

    @property
    def scheme(self) -> str:
        """Scheme: `unix`, `tcp`, or one that is not supported."""
        return self.url.partition("://")[0]

    @property
    def path(self) -> str:
        """Path of the socket."""
        return self.url.partition("://")[2]

    @property
    def hostname(self) -> str:
        """Host of a TCP address."""
        return urlsplit(self.url).hostname or "localhost"

    @property
    def port(self) -> int:
        """Port of a TCP address."""
        return urlsplit(self.url).port or (_PORT if self.tls is None else _PORT_TLS)


def find(host: str | None, environment: Mapping[str, str], context: str | None = None) -> Address:
    """Find the daemon's address.

    Args:
        host: the address that is configured, if one is.
        environment: the environment variables.
        context: the Docker context that is configured, if one is; it goes before all else.

    Raises:
        AddressError: the address or the context is wrong.
    """
    if context is None:
        url = host or environment.get("DOCKER_HOST")
        if url:
            return Address(_checked(url), _tls(url, environment))
    config = _config(environment)
    name = context or environment.get("DOCKER_CONTEXT") or _current(config) or "default"
    return Address(USUAL) if name == "default" else _of_context(name, config)


def _checked(url: str) -> str:
    """The address in the form all clients take: `http://` is TCP to Docker's CLI too, and a bare path a socket."""
    if url.startswith("/"):
        return f"unix://{url}"
    url = url.replace("http://", "tcp://", 1) if url.startswith("http://") else url
    url = url.replace("https://", "tcp://", 1) if url.startswith("https://") else url
    try:
        port = urlsplit(url).port if "://" in url and not url.startswith("unix") else None
    except ValueError:
        port = -1
    if "://" not in url or port == -1:
        message = f"{url!r} is no address of Docker's. It looks like {USUAL} or tcp://host:2375."
        raise AddressError(message)
    return url


def _tls(url: str, environment: Mapping[str, str]) -> Tls | None:
    verify = bool(environment.get("DOCKER_TLS_VERIFY"))
    folder = environment.get("DOCKER_CERT_PATH")
    if url.startswith(("unix", "/")) or not (verify or folder or url.startswith("https://")):
        return None
    return _files(Path(folder) if folder else _config(environment), verify=verify)


def _files(folder: Path, *, verify: bool) -> Tls:
    certificate, key, authority = folder / "cert.pem", folder / "key.pem", folder / "ca.pem"
    return Tls(
        authority if authority.exists() else None,
        (certificate, key) if certificate.exists() and key.exists() else None,
        verify,
    )


def _config(environment: Mapping[str, str]) -> Path:
    return Path(environment.get("DOCKER_CONFIG") or Path(environment.get("HOME", "/")) / ".docker")


def _current(config: Path) -> str | None:
    try:
        return str(_json(config / "config.json").get("currentContext") or "") or None
    except (OSError, ValueError):
        return None  # As the Docker CLI: without a config there is no context.


def _of_context(name: str, config: Path) -> Address:
    hashed = hashlib.sha256(name.encode()).hexdigest()
    try:
        found = _json(config / "contexts" / "meta" / hashed / "meta.json")["Endpoints"]["docker"]
        url = _checked(str(found["Host"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        message = f"There is no Docker context {name}. `docker context ls` lists them; DOCKER_HOST goes before it."
        raise AddressError(message) from error
    folder = config / "contexts" / "tls" / hashed / "docker"
    tls = _files(folder, verify=not found.get("SkipTLSVerify")) if folder.is_dir() else None
    return Address(url, tls)


def _json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))

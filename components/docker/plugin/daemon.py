"""Client of Docker's daemon: its address, its availability, and its errors in words.

`ping` needs neither Docker's SDK nor the provider protocol: it is asked at the start of every command, and takes a few
milliseconds. The daemon is looked for as the Docker CLI does: what is configured, DOCKER_HOST, the context, the usual
socket.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import TYPE_CHECKING

from components.docker.plugin.address import Address, AddressError, find
from components.docker.plugin.sockets import SocketConnection

if TYPE_CHECKING:
    from docker import DockerClient

#: Docker 20.10; older daemons do not know everything that the plugin asks for.
OLDEST_API = (1, 41)
#: How many calls may be under way at once: each waits in a thread of its own.
CALLS = 32
#: Seconds without a word from the daemon; a stop with a long grace period says nothing until it is over.
_PATIENCE = 300
_SUPPORTED = (
    "The embedded plugin speaks to unix:// and tcp:// addresses. For a daemon on another machine, forward its socket:"
    " `ssh -nNT -L /tmp/docker.sock:/var/run/docker.sock USER@HOST` and DOCKER_HOST=unix:///tmp/docker.sock."
)


class DaemonError(Exception):
    """Raised where the daemon cannot be reached or used; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Daemon:
    """Daemon that answered: its version (`20.10.24`), its API's (`1.41`), and its name."""

    version: str
    api: str
    name: str


def ping(host: str | None, environment: Mapping[str, str], timeout: float = 3.0, context: str | None = None) -> Daemon:
    """Ask the daemon for its version.

    Args:
        host: its address, where one is configured.
        environment: the environment variables that say where it is otherwise.
        timeout: how many seconds it may take.
        context: the Docker context, where one is configured; it goes before all else.

    Raises:
        DaemonError: it does not answer, or is too old.
    """
    address = _address(host, environment, context)
    try:
        connection = _connection(address, timeout)
        try:
            connection.request("GET", "/version")
            response = connection.getresponse()
            body = response.read()
        finally:
            connection.close()
        found = json.loads(body)
        daemon = Daemon(
            str(found["Version"]), str(found["ApiVersion"]), str(found.get("Platform", {}).get("Name") or "Docker")
        )
    except (OSError, HTTPException) as error:
        raise DaemonError(unreachable(error, address.url)) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        message = f"What answers at {address.url} is not Docker. Point DOCKER_HOST at Docker's address."
        raise DaemonError(message) from error
    _old_enough(daemon.version, daemon.api, address)
    return daemon


def connect(host: str | None, environment: Mapping[str, str], context: str | None = None) -> DockerClient:
    """Connect a client of Docker's SDK, for use by many threads.

    Raises:
        DaemonError: the daemon does not answer, or is too old.
    """
    ping(
        host, environment, context=context
    )  # Its words are better than the SDK's, and a daemon that is not there costs no import.
    import docker  # noqa: PLC0415  takes 0.2 s; a plan without changes does without
    from docker.tls import TLSConfig  # noqa: PLC0415

    address = _address(host, environment, context)
    tls: TLSConfig | bool = False
    if address.tls is not None:
        certificate = address.tls.certificate
        tls = TLSConfig(
            client_cert=tuple(map(str, certificate)) if certificate else None,
            ca_cert=str(address.tls.authority) if address.tls.authority else None,
            verify=address.tls.verify,
        )
    try:
        return docker.DockerClient(
            base_url=address.url, version="auto", timeout=_PATIENCE, tls=tls, max_pool_size=CALLS
        )
    except docker.errors.DockerException as error:
        raise DaemonError(explain_error(error, address.url)) from error


def explain_error(error: BaseException, address: str = "its address") -> str:
    """Explain a failure of Docker, its SDK or the connection, with a way out; any other in its own words."""
    explanation = getattr(error, "explanation", None)
    if explanation:
        return _refused(str(explanation))
    inner = _cause(error)
    if inner is not None:
        return unreachable(inner, address)
    text = str(error).strip() or type(error).__name__
    return text if text.endswith((".", "?", "!")) else f"{text}."


def unreachable(error: BaseException, address: str) -> str:
    """Explain why nobody answers at an address."""
    if isinstance(error, PermissionError):
        return (
            f"This user may not use Docker's socket at {address}. Join the group that owns it (`sudo usermod -aG docker"
            " $USER`, then log in again), or run as a user who may."
        )
    if isinstance(error, (FileNotFoundError, ConnectionRefusedError, ConnectionResetError)):
        return f"Docker does not answer at {address}. Is Docker running? Start it, or point DOCKER_HOST at it."
    if isinstance(error, TimeoutError):
        return (
            f"Docker at {address} did not answer in time. Is it overloaded, or the wrong address? Try `docker version`."
        )
    if type(error).__name__.startswith(("SSL", "CertificateError")):
        return (
            f"Docker at {address} and this machine do not agree on TLS: {error}. Check DOCKER_TLS_VERIFY and the"
            " certificates in DOCKER_CERT_PATH."
        )
    if isinstance(error, HTTPException):
        return f"What answers at {address} does not speak as Docker does. Does it want TLS? Set DOCKER_TLS_VERIFY=1."
    return f"Docker cannot be reached at {address}: {error}. Is Docker running? Point DOCKER_HOST at it."


def _address(host: str | None, environment: Mapping[str, str], context: str | None) -> Address:
    try:
        address = find(host, environment, context)
    except AddressError as error:
        raise DaemonError(str(error)) from error
    if address.scheme not in {"unix", "tcp"}:
        message = f"Docker's address is {address.url}. {_SUPPORTED}"
        raise DaemonError(message)
    return address


def _connection(address: Address, timeout: float) -> HTTPConnection:
    if address.scheme == "unix":
        return SocketConnection(address.path, timeout)
    if address.tls is None:
        return HTTPConnection(address.hostname, address.port, timeout=timeout)
    return HTTPSConnection(address.hostname, address.port, timeout=timeout, context=address.tls.context())


def _old_enough(version: str, api: str, address: Address) -> None:
    if tuple(int(part) for part in api.split(".")[:2]) < OLDEST_API:
        needed = ".".join(map(str, OLDEST_API))
        message = (
            f"Docker at {address.url} is too old: version {version} has API {api}, and {needed} (Docker 20.10) is the"
            " oldest that will do. Update Docker."
        )
        raise DaemonError(message)


def _refused(explanation: str) -> str:
    """Docker's own explanation, with a way out where there is a well-known one."""
    for part, advice in _ADVICE.items():
        if part in explanation.lower():
            return f"Docker says: {explanation.rstrip('.')}. {advice}"
    return f"Docker says: {explanation.rstrip('.')}."


_ADVICE: Mapping[str, str] = {
    "no space left on device": "The disk is full: `docker system df` shows with what, `docker system prune` frees it.",
    "pool overlaps": "Another network has these addresses; `docker network ls` lists them. Choose another subnet.",
    "could not find an available": "All address ranges are in use; `docker network prune` frees unused ones.",
    "non-overlapping": "All address ranges are in use; `docker network prune` frees unused ones.",
    "port is already allocated": "Another container publishes this port; `docker ps` shows which. Choose another port.",
    "address already in use": "Another program on this machine uses this port. Stop it, or choose another port.",
    "no such image": "Build or load the image, or name another.",
    "client version": "The daemon and the plugin share no API version. Update Docker.",
    "not a swarm manager": "This needs swarm mode. `docker swarm init` starts it.",
    "toomanyrequests": "The registry limits anonymous pulls. Log in with `docker login`, or wait.",
}


def _cause(error: BaseException) -> BaseException | None:
    """The error of the operating system at the bottom of what the SDK's layers made of it."""
    seen: set[int] = set()
    waiting: list[object] = [error]
    while waiting:
        item = waiting.pop(0)
        if id(item) in seen or not isinstance(item, BaseException):
            continue
        seen.add(id(item))
        # The SDK's own connection errors are OSErrors as well: what is wanted lies within them.
        if isinstance(item, OSError) and type(item).__module__ in {"builtins", "ssl", "socket"}:
            return item
        if "Timeout" in type(item).__name__:
            return TimeoutError()
        waiting += [*item.args, getattr(item, "reason", None), item.__cause__, item.__context__]
    return None

"""Errors of a container's create: what happened, its last log lines, what to do."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from components.docker.plugin.daemon import explain_error
from components.docker.plugin.masking import Mask
from platform_pulumi.plugins.provider import ProviderError

if TYPE_CHECKING:
    from docker import DockerClient

_LINES = 15
_BIND = re.compile(r"(?:Bind for|listen (?:tcp|udp)[46]?) (?:\[?([^\]\s]*?)\]?):(\d+)")
_IMAGE = re.compile(r"No such image: (\S+)", re.IGNORECASE)
_NETWORK = re.compile(r"network (\S+) not found", re.IGNORECASE)
_PROGRAM = re.compile(r'exec: \\?"(.+?)\\?": (.+?)(?:: unknown|\s*$)')
_MOUNT = re.compile(r"bind source path does not exist: (\S+)")


class ContainerFailure(Exception):  # noqa: N818  it is carried and shown, never the end of the story
    """Failure of a container, in one line without a full stop, and what to do."""

    def __init__(self, what: str, advice: str) -> None:
        super().__init__(what)
        self.what = what
        self.advice = advice


def report(name: str, trouble: ContainerFailure, log: list[str], mask: Mask) -> ProviderError:
    """Build the error a run shows. Foreign text is masked."""
    lines = [f"container {name}: {mask(trouble.what)}"]
    if log:
        lines += ["last log lines:", *(f"    {line}" for line in log)]
    return ProviderError("\n".join([*lines, mask(trouble.advice)]))


def last_lines(client: DockerClient, container: str, mask: Mask) -> list[str]:
    """Return the end of a container's log, masked; nothing where it has none that can be read."""
    from docker.errors import DockerException  # noqa: PLC0415  loaded by the client already

    try:
        raw: bytes = client.api.logs(container, stdout=True, stderr=True, tail=_LINES)
    except (DockerException, OSError):  # Some log drivers cannot be read; that must not hide the failure itself.
        return []
    # Masked before it is cut into lines: a secret may have more than one.
    return [line.rstrip() for line in mask(raw.decode(errors="replace")).splitlines() if line.strip()][-_LINES:]


def explain(client: DockerClient, error: Exception, inputs: Mapping[str, Any]) -> ContainerFailure:
    """Explain an error of Docker's API for a container with these (unwrapped) inputs."""
    text = str(getattr(error, "explanation", None) or error)
    image = str(inputs.get("image"))
    if "already allocated" in text or "address already in use" in text:
        return _port_taken(client, text)
    if _IMAGE.search(text):
        return ContainerFailure(
            f"the image {image} is not on this machine",
            f"Build it, or get it with `docker pull {image}`, then run again.",
        )
    if found := _NETWORK.search(text):
        return ContainerFailure(
            f"there is no network {found[1]}",
            "It is gone, or was never made: `docker network ls` shows what there is. A run with --refresh makes those"
            " of this project again.",
        )
    if "no space left on device" in text:
        return ContainerFailure(
            "no space is left on the device that Docker keeps its data on",
            "`docker system df` shows what takes the space; `docker system prune` frees what nothing uses.",
        )
    if found := _PROGRAM.search(text):
        return ContainerFailure(
            f"its command {found[1]!r} cannot be run in the image {image}: {found[2]}",
            "Correct the command or the entrypoint, or build the image with that program.",
        )
    if found := _MOUNT.search(text):
        return ContainerFailure(
            f"{found[1]} does not exist on Docker's machine", "Make it there, or correct the mount."
        )
    refused = getattr(error, "explanation", None) is not None
    return ContainerFailure("Docker refused it" if refused else "Docker could not be asked", explain_error(error))


def _port_taken(client: DockerClient, text: str) -> ContainerFailure:
    found = _BIND.search(text)
    if found is None:
        return ContainerFailure("a port that it publishes is taken", "`docker ps` and `ss -ltnp` show who has it.")
    address, port = found[1] or "0.0.0.0", int(found[2])
    what = f"port {port} on {address} is taken"
    holder = _holder(client, port)
    if holder:
        return ContainerFailure(f"{what} by container {holder}", f"Stop {holder}, or publish another port.")
    return ContainerFailure(
        f"{what} by another program",
        f"`ss -ltnp sport = :{port}` shows which. Stop it, or publish another port.",
    )


def _holder(client: DockerClient, port: int) -> str:
    from docker.errors import DockerException  # noqa: PLC0415  loaded by the client already

    try:
        running: list[dict[str, Any]] = client.api.containers()
    except (DockerException, OSError):
        return ""
    for item in running:
        if any(entry.get("PublicPort") == port for entry in item.get("Ports") or ()):
            return str(item["Names"][0]).lstrip("/")
    return ""

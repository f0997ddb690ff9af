"""Create of a container, or adoption of what a killed run left of the same create.

A run that dies between Docker's create and Pulumi's record leaves a container that no state knows. It carries the URN
in a label (`platform:urn`), so that the next create knows it for its own. Only such a one is ever touched.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from components.docker.plugin.container_config import archive, body, endpoints
from components.docker.plugin.container_errors import ContainerFailure, explain, last_lines, report
from components.docker.plugin.container_health import wait_until_ready
from components.docker.plugin.labels import is_ours
from components.docker.plugin.masking import Mask
from platform_pulumi.plugins.provider import ProviderError
from platform_pulumi.plugins.values import open_value
from platform_pulumi.sdk.tagging import URN_TAG

if TYPE_CHECKING:
    from docker import DockerClient

_COMPOSE_LABEL = "com.docker.compose.project"


def create(client: DockerClient, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Create, start and wait for a container; return Docker's description of it.

    Raises:
        ProviderError: it could not be; nothing is left of it.
    """
    from docker.errors import DockerException  # noqa: PLC0415  loaded by the client already

    given = open_value(dict(inputs))
    name, mask, container = given["name"], Mask(inputs), ""
    try:
        container = _adopt(client, given)
        if not container:
            container = str(client.api.create_container_from_config(body(given), name)["Id"])
            _complete(client, container, given)
        if given.get("start", True):
            client.api.start(container)  # One that runs already is no mistake.
            wait_until_ready(client, container, given)
        found: dict[str, Any] = client.api.inspect_container(container)
    except (DockerException, OSError, ContainerFailure) as error:
        trouble = error if isinstance(error, ContainerFailure) else explain(client, error, given)
        log = last_lines(client, container, mask) if container else []
        _take_away(client, container)
        raise report(name, trouble, log, mask) from None
    except BaseException:  # Also an interrupt: nothing half-made may stay.
        _take_away(client, container)
        raise
    return found


def start(client: DockerClient, container: str, inputs: Mapping[str, Any]) -> None:
    """Start one that has stopped, and wait for it; it stays as it is where that fails.

    Raises:
        ProviderError: it does not come up.
    """
    from docker.errors import DockerException  # noqa: PLC0415  loaded by the client already

    given, mask = open_value(dict(inputs)), Mask(inputs)
    try:
        client.api.start(container)
        wait_until_ready(client, container, given)
    except (DockerException, OSError, ContainerFailure) as error:
        trouble = error if isinstance(error, ContainerFailure) else explain(client, error, given)
        raise report(given["name"], trouble, last_lines(client, container, mask), mask) from None


def _complete(client: DockerClient, container: str, given: Mapping[str, Any]) -> None:
    joined = list(endpoints(given))
    if joined and given.get("networkMode") in {None, "", "bridge", "default"}:
        client.api.disconnect_container_from_network(container, "bridge")
    for network, options in joined:
        client.api.connect_container_to_network(container, network, **options)
    if files := archive(given):
        client.api.put_archive(container, "/", files)


def _adopt(client: DockerClient, given: Mapping[str, Any]) -> str:
    """The id of a running container of ours with this name and configuration; one of ours that is not so is removed.

    What runs is complete: files and networks come before the start.
    """
    from docker.errors import NotFound  # noqa: PLC0415  loaded by the client already

    name = given["name"]
    try:
        found: dict[str, Any] = client.api.inspect_container(name)
    except NotFound:
        return ""
    if found["Name"].lstrip("/") != name:  # The name is how another's id begins.
        return ""
    labels = found["Config"].get("Labels") or {}
    if not is_ours(given, labels):
        raise _taken(name, found, labels)
    state = found["State"]
    if state.get("Running") and not state.get("Restarting") and _is_like(client, found, given):
        return str(found["Id"])
    client.api.remove_container(found["Id"], v=True, force=True)
    return ""


def _taken(name: str, found: Mapping[str, Any], labels: Mapping[str, str]) -> ProviderError:
    marks = [f"id {found['Id'][:12]}", f"image {found['Config'].get('Image')}"]
    if project := labels.get(_COMPOSE_LABEL):
        marks.append(f"of the Compose project {project}")
    if other := labels.get(URN_TAG):
        marks.append(f"made for {other}")
    return ProviderError(
        f"the name {name} is taken by a container that is not ours ({', '.join(marks)}): remove it (`docker rm -f"
        f" {name}`) or rename it (`docker rename {name} NEW`), or give this one another name. It was left alone."
    )


def _is_like(client: DockerClient, found: Mapping[str, Any], given: Mapping[str, Any]) -> bool:
    """Whether a container was made of this configuration; false where that is uncertain."""
    wanted = body(given)
    host = wanted.pop("HostConfig")
    image = wanted.pop("Image")
    if found["Config"].get("Image") != image or found["Image"] != client.api.inspect_image(image)["Id"]:
        return False
    networks = set(found["NetworkSettings"].get("Networks") or {})
    ids = {data.get("NetworkID") for data in (found["NetworkSettings"].get("Networks") or {}).values()}
    if any(network not in networks | ids for network, _ in endpoints(given)):
        return False
    return _holds(found["Config"], wanted) and _holds(found["HostConfig"], host)


def _holds(found: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    """Whether all that is wanted is so. Docker adds the image's own to lists and mappings of Config."""
    for key, value in wanted.items():
        has = found.get(key)
        if (not value and not has) or value == "":  # An empty text leaves the matter to Docker.
            continue
        if key == "Env":
            same = set(value) <= set(has or ())
        elif key in {"Labels", "ExposedPorts", "Volumes"}:
            same = all((has or {}).get(name) == item for name, item in value.items())
        elif isinstance(value, dict) and isinstance(has, dict):
            same = _holds(has, value)
        else:
            same = value == has
        if not same:
            return False
    return True


def _take_away(client: DockerClient, container: str) -> None:
    from docker.errors import DockerException  # noqa: PLC0415  loaded by the client already

    if not container:
        return
    try:
        client.api.remove_container(container, v=True, force=True)
    except (DockerException, OSError):
        # The failure that led here is what has to be reported; a leftover is found by its label next time.
        return

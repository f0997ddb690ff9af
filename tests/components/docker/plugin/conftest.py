"""For the tests marked `docker`: an image to run, a static busybox and nothing else, and names of their own."""

from __future__ import annotations

import contextlib
import io
import secrets
import tarfile
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from tests.bed import packages, tools
from tests.shared import once

if TYPE_CHECKING:
    from docker import DockerClient

IMAGE = "local/platform-test:1"
_APPLETS = (
    "cat", "echo", "env", "false", "httpd", "ls", "nc", "printf", "sh", "sleep", "test", "touch", "true", "wget",
)  # fmt: skip


@pytest.fixture(scope="session")
def busybox(docker_client: DockerClient, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of a local image whose only file is `/bin/busybox`: a shell, a web server and what they need."""
    once(tmp_path_factory, "busybox", lambda _: _import(docker_client))
    return IMAGE


def _import(client: DockerClient) -> None:
    content = packages.busybox(tools.cache_dir() / "packages")
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        entry = tarfile.TarInfo("bin/busybox")
        entry.mode, entry.size = 0o755, len(content)
        tar.addfile(entry, io.BytesIO(content))
        for name in _APPLETS:
            link = tarfile.TarInfo(f"bin/{name}")
            link.type, link.linkname = tarfile.SYMTYPE, "busybox"
            tar.addfile(link)
    repository, _, tag = IMAGE.partition(":")
    client.api.import_image_from_data(packed.getvalue(), repository=repository, tag=tag)


@pytest.fixture
def prefix(docker_client: DockerClient) -> Iterator[str]:
    """What the names of a test begin with; whatever has such a name is gone afterwards."""
    from docker.errors import APIError

    made = f"t{secrets.token_hex(5)}"
    yield made
    api: Any = docker_client.api
    for container in api.containers(all=True, filters={"name": made}):
        with contextlib.suppress(APIError):
            api.remove_container(container["Id"], force=True, v=True)
    for network in api.networks(names=[made]):
        with contextlib.suppress(APIError):
            api.remove_network(network["Id"])
    for volume in api.volumes(filters={"name": made})["Volumes"] or ():
        with contextlib.suppress(APIError):
            api.remove_volume(volume["Name"], force=True)
    for image in api.images():
        for tag in image["RepoTags"] or ():
            if tag.startswith(made):
                with contextlib.suppress(APIError):
                    api.remove_image(tag, force=True)

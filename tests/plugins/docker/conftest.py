"""For the tests marked `docker`: an image to run, a static busybox put there by hand, and names of their own."""

from __future__ import annotations

import contextlib
import io
import secrets
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from docker import DockerClient

IMAGE = "local/busybox:test"


@pytest.fixture(scope="session")
def busybox(docker_client: DockerClient) -> str:
    """The name of a local image whose only file is `/bin/busybox`."""
    content = Path("/bin/busybox").read_bytes()
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        for name in ("bin/busybox", "bin/sh", "bin/httpd", "bin/sleep"):
            entry = tarfile.TarInfo(name)
            entry.mode = 0o755
            if name == "bin/busybox":
                entry.size = len(content)
                tar.addfile(entry, io.BytesIO(content))
            else:
                entry.type, entry.linkname = tarfile.SYMTYPE, "busybox"
                tar.addfile(entry)
    repository, _, tag = IMAGE.partition(":")
    docker_client.api.import_image_from_data(packed.getvalue(), repository=repository, tag=tag)
    return IMAGE


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

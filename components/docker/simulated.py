"""Simulated package `docker`: replaced for the same changes as by the embedded plugin."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from components.docker.plugin import container_schema, image, network, remote_image, volume
from platform_pulumi.plugins.relations import Relation
from platform_pulumi.plugins.table import Entry, FoundBy, SimulatedPackage

#: Networks that every daemon has: https://docs.docker.com/engine/network/drivers/.
_INITIAL = frozenset({"bridge", "host", "none"})
#: The daemon answers as its API says (https://docs.docker.com/reference/api/engine/): a container in a network that is
#: not there is not made (404), a network with containers stays (403), and so does a volume in use (409). A volume that
#: is not there is made with the container.
_RELATIONS = (
    Relation("networksAdvanced.name", network.SCHEMA.token, "404", "403", by="name", given=_INITIAL.__contains__),
    Relation("volumes.volumeName", volume.SCHEMA.token, "404", "409", given=lambda _name: True),
)

TABLE: Mapping[str, Entry] = {
    container_schema.SCHEMA.token: Entry(
        id="{hex64}",
        found_by=FoundBy.NAME,
        replace=container_schema.SCHEMA.replacing,
        name="name",
        outputs={"hostname": "{hex12}"},
        relations=_RELATIONS,
    ),
    image.TOKEN: Entry(
        id="{imageName}",
        found_by=FoundBy.NAME,
        outputs={"baseImageName": "{imageName}", "repoDigest": "sha256:{hex64}"},
        changes={"repoDigest": ("build",), "baseImageName": ("imageName",)},
    ),
    network.SCHEMA.token: Entry(
        id="{hex64}",
        found_by=FoundBy.NAME,
        replace=network.SCHEMA.replacing,
        name="name",
        outputs={"driver": "bridge", "scope": "local"},
    ),
    remote_image.SCHEMA.token: Entry(
        id="sha256:{hex64}{name}",
        found_by=FoundBy.NAME,
        replace=remote_image.SCHEMA.replacing,
        outputs={"imageId": "sha256:{hex64}", "repoDigest": "{name}@sha256:{hex64}"},
    ),
    volume.SCHEMA.token: Entry(
        id="{name}",
        found_by=FoundBy.NAME,
        replace=volume.SCHEMA.replacing,
        name="name",
        outputs={"driver": "local", "mountpoint": "/var/lib/docker/volumes/{name}/_data"},
    ),
}

PACKAGE: Final = SimulatedPackage("docker", TABLE.get)

"""`cache` on Docker: one container of Redis or Valkey without persistence."""

from __future__ import annotations

from typing import ClassVar, cast

from components.docker.component import DockerComponent
from components.docker.deployment import (
    Concatenated,
    Deployment,
    DeploymentContext,
    GeneratedPassword,
    Health,
    Service,
    UrlQuoted,
    Value,
)
from components.docker.images import image
from components.docker.units import mebibytes
from platform_pulumi.model.capabilities.shared_primitives.cache import Cache as Properties

_PORT = 6379
#: What the server needs beside what it caches, in MiB.
_OVERHEAD = 64


class Cache(DockerComponent):
    """Component of one Redis or Valkey container.

    https://hub.docker.com/_/redis, https://hub.docker.com/r/valkey/valkey.
    """

    TOKEN: ClassVar[str] = "platform:docker:Cache"

    @staticmethod
    def deploy(place: DeploymentContext) -> Deployment:
        """Build the deployment of the capability."""
        properties = cast("Properties", place.properties)
        password: Value = GeneratedPassword() if properties.password is None else properties.password
        published, memory = place.published(_PORT), mebibytes(properties.memory)
        # The password comes by a variable that the client reads too: it stands in no command line of Docker's.
        start = (
            f"exec {properties.engine}-server --save '' --appendonly no --maxmemory {memory}mb"
            f' --maxmemory-policy {properties.eviction} --requirepass "$REDISCLI_AUTH"'
        )
        service = Service(
            image=image(properties.engine, properties.version, place.config.images),
            networks=place.bound_needs("network"),
            aliases=(place.alias,),
            command=("sh", "-c", start),
            env={"REDISCLI_AUTH": password},
            published=published,
            health=Health(("CMD-SHELL", f"{properties.engine}-cli ping | grep -q PONG"), interval=2, limit=60),
            memory=memory + memory // 4 + _OVERHEAD,
        )
        endpoint = f"{place.alias}:{_PORT}"
        outside = str(published[0]) if published else ""
        return Deployment(
            (service,),
            (),
            {
                "endpoint": endpoint,
                "host": place.alias,
                "port": _PORT,
                "credential_ref": password,
                "connection_string": _url(password, endpoint),
                "published_endpoint": outside,
                "published_connection_string": _url(password, outside) if outside else "",
            },
        )


def _url(password: Value, endpoint: str) -> Value:
    return Concatenated(("redis://:", UrlQuoted(password), f"@{endpoint}/0"))

"""`object_storage` on Docker: an S3 server over a volume."""

from __future__ import annotations

from typing import ClassVar, cast

from components.docker.component import DockerComponent
from components.docker.deployment import (
    Deployment,
    DeploymentContext,
    GeneratedPassword,
    Health,
    Service,
    Value,
    Volume,
    VolumeMount,
)
from components.docker.images import image
from platform_pulumi.model.capabilities.shared_primitives.object_storage import ObjectStorage as Properties

_PORT = 7070


class ObjectStorage(DockerComponent):
    """Component of a VersityGW container with a volume (https://github.com/versity/versitygw)."""

    TOKEN: ClassVar[str] = "platform:docker:ObjectStorage"

    @staticmethod
    def deploy(place: DeploymentContext) -> Deployment:
        """Build the deployment of the capability."""
        properties = cast("Properties", place.properties)
        secret: Value = GeneratedPassword("secret-key") if properties.secret_key is None else properties.secret_key
        data, published = Volume("data"), place.published(_PORT)
        # A bucket is a folder of the server's, so it is there before anybody asks for it.
        start = f"mkdir -p /data/{properties.bucket} && exec versitygw --port :{_PORT} --health /health posix /data"
        service = Service(
            image=image("object_storage", None, place.config.images),
            networks=place.bound_needs("network"),
            aliases=(place.alias,),
            entrypoint=("sh", "-c"),
            command=(start,),
            env={"ROOT_ACCESS_KEY": properties.access_key, "ROOT_SECRET_KEY": secret},
            volumes=(VolumeMount(data, "/data"),),
            published=published,
            health=Health(("CMD-SHELL", f"wget -q -O /dev/null http://127.0.0.1:{_PORT}/health"), interval=2, limit=60),
        )
        return Deployment(
            (service,),
            (data,),
            {
                "endpoint": f"http://{place.alias}:{_PORT}",
                "bucket": properties.bucket,
                "access_key": properties.access_key,
                "credential_ref": secret,
                "published_endpoint": f"http://{published[0]}" if published else "",
            },
        )

"""`database` on Docker: one container of the engine's official image, its data on a volume."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, cast

from components.docker.component import DockerComponent
from components.docker.deployment import (
    Concatenated,
    Deployment,
    DeploymentContext,
    GeneratedPassword,
    Health,
    PublishedPort,
    Service,
    UrlQuoted,
    Value,
    Volume,
    VolumeMount,
)
from components.docker.images import image
from platform_pulumi.model.capabilities.shared_primitives.database import Database as Properties


@dataclass(frozen=True, slots=True)
class _Engine:
    """Facts of an engine's official image: its port, its data folder, its variables, its health check."""

    port: int
    data: str
    variables: Mapping[str, str]
    test: str


def _mysql(prefix: str) -> _Engine:
    names = {"user": "USER", "password": "PASSWORD", "database": "DATABASE"}
    # The image of MariaDB has lost MySQL's name of the command, the image of MySQL has no other.
    ask = '$(command -v mariadb-admin || echo mysqladmin) ping --silent -h 127.0.0.1 -u "$%s" -p"$%s"'
    variables = {key: f"{prefix}_{name}" for key, name in names.items()}
    return _Engine(3306, "/var/lib/mysql", variables, ask % (variables["user"], variables["password"]))


# Over TCP: while an image prepares its data folder, its server answers on a socket only.
_ENGINES: Mapping[str, _Engine] = {
    "postgresql": _Engine(
        5432,
        "/var/lib/postgresql/data",
        {"user": "POSTGRES_USER", "password": "POSTGRES_PASSWORD", "database": "POSTGRES_DB"},
        'pg_isready -q -h 127.0.0.1 -U "$POSTGRES_USER" -d "$POSTGRES_DB"',
    ),
    "mysql": _mysql("MYSQL"),
    "mariadb": _mysql("MARIADB"),
}


class Database(DockerComponent):
    """Component of a container, its volume and, where the file gives none, a password.

    https://hub.docker.com/_/postgres, https://hub.docker.com/_/mysql, https://hub.docker.com/_/mariadb
    """

    TOKEN: ClassVar[str] = "platform:docker:Database"

    @staticmethod
    def deploy(place: DeploymentContext) -> Deployment:
        """Build the deployment of the capability."""
        properties = cast("Properties", place.properties)
        engine = _ENGINES[properties.engine]
        password: Value = GeneratedPassword() if properties.password is None else properties.password
        data = Volume("data")
        env: dict[str, Value] = {
            engine.variables["user"]: properties.username,
            engine.variables["password"]: password,
            engine.variables["database"]: properties.database_name,
        }
        if properties.engine != "postgresql":
            # The owner of the database does all the work; nobody knows the root's password.
            env[engine.variables["user"].replace("USER", "RANDOM_ROOT_PASSWORD")] = "yes"
        published = place.published(engine.port)
        service = Service(
            image=image(properties.engine, properties.version, place.config.images),
            networks=place.bound_needs("network"),
            aliases=(place.alias,),
            env=env,
            secret_files=True,
            volumes=(VolumeMount(data, engine.data),),
            published=published,
            health=Health(("CMD-SHELL", engine.test), interval=2, timeout=5, retries=10, start_period=90, limit=180),
        )
        return Deployment((service,), (data,), _outputs(place, properties, engine, password, published))


def _outputs(
    place: DeploymentContext,
    properties: Properties,
    engine: _Engine,
    password: Value,
    published: tuple[PublishedPort, ...],
) -> Mapping[str, Value | int]:
    endpoint = f"{place.alias}:{engine.port}"
    outside = str(published[0]) if published else ""
    return {
        "endpoint": endpoint,
        "host": place.alias,
        "port": engine.port,
        "database_name": properties.database_name,
        "username": properties.username,
        "credential_ref": password,
        "connection_string": _url(properties, password, endpoint),
        "published_endpoint": outside,
        "published_connection_string": _url(properties, password, outside) if outside else "",
    }


def _url(properties: Properties, password: Value, endpoint: str) -> Value:
    head = f"{properties.engine}://{properties.username}:"
    return Concatenated((head, UrlQuoted(password), f"@{endpoint}/{properties.database_name}"))

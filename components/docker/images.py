"""Images of the engines; `provider.config.images` overrides each."""

from __future__ import annotations

from collections.abc import Mapping

#: By engine; `{version}` is the declared one. The official images, but for what has none.
IMAGES: Mapping[str, str] = {
    "postgresql": "postgres:{version}",
    "mysql": "mysql:{version}",
    "mariadb": "mariadb:{version}",
    "rabbitmq": "rabbitmq:{version}-management",
    "sqs": "softwaremill/elasticmq-native:1.6.11",
    "redis": "redis:{version}",
    "valkey": "valkey/valkey:{version}",
    "object_storage": "versity/versitygw:v1.8.0",
    "gateway": "caddy:2-alpine",
}


def is_engine(name: str, chosen: Mapping[str, str]) -> bool:
    """Whether an image, whatever its tag, is one that engines are started from on this machine."""
    return _repository(name) in {_repository(engine) for engine in (*IMAGES.values(), *chosen.values())}


def _repository(name: str) -> str:
    """A name without tag and digest, and without what Docker adds where it is left out."""
    path, _, last = name.partition("@")[0].rpartition("/")
    whole = f"{path}/{last.partition(':')[0]}".lstrip("/")
    return whole.removeprefix("index.").removeprefix("docker.io/").removeprefix("library/")


def image(engine: str, version: str | None, chosen: Mapping[str, str]) -> str:
    """Return the image of an engine in a version: the user's for both, the user's for the engine, else the table's."""
    found = chosen.get(f"{engine}:{version}") or chosen.get(engine) or IMAGES[engine]
    return found.replace("{version}", version or "latest")

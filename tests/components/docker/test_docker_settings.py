"""What `provider.config` says about Docker, which image serves what, and quantities in Docker's units."""

from __future__ import annotations

from typing import Any

import pytest

from components.docker import config, images
from components.docker.config import Address, Config
from components.docker.units import cpus, mebibytes
from platform_pulumi.errors import InputError

from ..harness import declare, run_of


def test_without_settings_all_is_this_machines_own_business() -> None:
    assert config.read({}) == Config(host=None, images={}, publish={}, bind_address="127.0.0.1")
    assert config.read({"images": None, "publish": None, "host": "", "bind_address": None}) == Config()


def test_a_run_has_the_settings_of_its_provider() -> None:
    docker = run_of(declare("namespace", {}, provider="docker"), config={"host": "unix:///run/docker.sock"})
    assert config.settings(docker).host == "unix:///run/docker.sock"
    assert config.settings(run_of(declare("namespace", {}))) == Config()


@pytest.mark.parametrize(
    ("written", "address"),
    [
        (5432, Address("10.0.0.5", 5432)),
        ("5432", Address("10.0.0.5", 5432)),
        ("0.0.0.0:5432", Address("0.0.0.0", 5432)),
        ("[::1]:5432", Address("::1", 5432)),
        ("::1:5432", Address("::1", 5432)),
        (1, Address("10.0.0.5", 1)),
        (65535, Address("10.0.0.5", 65535)),
    ],
)
def test_a_published_port_may_name_its_interface(written: Any, address: Address) -> None:
    read = config.read({"bind_address": "10.0.0.5", "publish": {"postgres": written}})
    assert read == Config(publish={"postgres": address}, bind_address="10.0.0.5")


MAPPED = "Image by engine (`postgresql`, `gateway`) or engine and version (`postgresql:15`), with `{version}`."
PUBLISHED = "Host port by capability: `shared-postgres: 5432`, or with an address: `0.0.0.0:5432`."
INTERFACE = "Interface of published ports that name none; 127.0.0.1 where left out."


@pytest.mark.parametrize(
    ("settings", "detail"),
    [
        *(
            (
                {name: value},
                f"provider.config.{name} holds credentials, which state would show. To a registry, log in with"
                f" `docker login`. {config.FIELDS[name]}",
            )
            for name, value in {"host": "tcp://me:hunter2@h:2376", "images": {"redis": "me:hunter2@r/redis"}}.items()
        ),
        ({"images": ["x"]}, f"provider.config.images is ['x']; it is a mapping. {MAPPED}"),
        ({"publish": 5432}, f"provider.config.publish is 5432; it is a mapping. {PUBLISHED}"),
        *(
            (
                {"publish": {"db": port}},
                f"provider.config.publish.db is {port!r}; it is a port from 1 to 65535. {PUBLISHED}",
            )
            for port in (0, 65536, -1, "", "http", True, 1.5, None, "127.0.0.1:", "127.0.0.1:x")
        ),
        (
            {"publish": {"db": "localhost:5432"}},
            f"provider.config.publish.db is 'localhost'; it is an IP address of this machine. {INTERFACE}",
        ),
        (
            {"bind_address": "eth0"},
            f"provider.config.bind_address is 'eth0'; it is an IP address of this machine. {INTERFACE}",
        ),
    ],
)
def test_what_docker_cannot_have_is_refused(settings: dict[str, Any], detail: str) -> None:
    with pytest.raises(InputError) as error:
        config.read(settings)
    assert (error.value.summary, error.value.detail) == ("A setting of the docker provider is wrong", detail)


@pytest.mark.parametrize(
    ("engine", "version", "chosen", "found"),
    [
        ("postgresql", "15", {}, "postgres:15"),
        ("rabbitmq", "3.13", {}, "rabbitmq:3.13-management"),
        ("sqs", None, {}, "softwaremill/elasticmq-native:1.6.11"),
        ("postgresql", "15", {"postgresql": "mirror/pg:{version}-alpine"}, "mirror/pg:15-alpine"),
        ("postgresql", "15", {"postgresql": "a:{version}", "postgresql:15": "b:1"}, "b:1"),
        ("postgresql", "16", {"postgresql": "a:{version}", "postgresql:15": "b:1"}, "a:16"),
        ("postgresql", "15", {"mysql": "a:1", "postgresql:16": "b:1", "postgresql": ""}, "postgres:15"),
        ("gateway", None, {"gateway": "mirror/caddy:{version}"}, "mirror/caddy:latest"),
    ],
)
def test_the_users_image_goes_before_the_tables(
    engine: str, version: str | None, chosen: dict[str, str], found: str
) -> None:
    assert images.image(engine, version, chosen) == found


@pytest.mark.parametrize(
    ("memory", "mib"),
    [("512Mi", 512), ("1Gi", 1024), ("1M", 6), ("1Ki", 6), ("7Mi", 7), ("100M", 96), ("1500Ki", 6), ("6145Ki", 7)],
)
def test_memory_is_whole_mebibytes_and_what_docker_gives_at_least(memory: str, mib: int) -> None:
    assert mebibytes(memory) == mib


@pytest.mark.parametrize(
    ("cpu", "text"), [("500m", "0.5"), ("1", "1"), ("1.50", "1.5"), ("10", "10"), ("100", "100"), ("1m", "0.001")]
)
def test_cpus_are_written_without_exponents_or_zeros(cpu: str, text: str) -> None:
    assert cpus(cpu) == text

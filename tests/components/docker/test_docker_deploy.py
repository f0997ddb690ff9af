"""What each capability type becomes on Docker, as data: whole services, whole outputs."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from components.docker.cache.component import Cache
from components.docker.component import DockerComponent
from components.docker.config import Address, Config
from components.docker.container_runtime.component import ContainerRuntime
from components.docker.database.component import Database
from components.docker.deployment import (
    OWN_NETWORK,
    Build,
    Concatenated,
    Deployment,
    DeploymentContext,
    File,
    GeneratedPassword,
    Health,
    NetworkName,
    PublishedPort,
    Service,
    UrlQuoted,
    Volume,
    VolumeMount,
)
from components.docker.ingress.component import Ingress
from components.docker.message_queue.component import MessageQueue
from components.docker.object_storage.component import ObjectStorage
from platform_pulumi.errors import InputError, Position
from platform_pulumi.model.capability import CapabilityRef
from platform_pulumi.model.tier import Tier
from platform_pulumi.model.value import Secret, TierOutput

from ..harness import declare

COMPONENTS: Mapping[str, type[DockerComponent]] = {
    "database": Database,
    "message_queue": MessageQueue,
    "cache": Cache,
    "object_storage": ObjectStorage,
    "ingress": Ingress,
    "container_runtime": ContainerRuntime,
}
SECRET = Secret("canary-given")
LOCAL = Address("127.0.0.1", 15432)


def place(
    kind: str, properties: Mapping[str, Any], *, application: str | None = None, **others: Any
) -> DeploymentContext:
    """A capability named `thing`, its ports published where `publish` says so."""
    publish = {"thing": others.pop("publish")} if "publish" in others else {}
    config = Config(publish=publish, images=others.pop("images", {}), bind_address=others.pop("bind", "127.0.0.1"))
    return DeploymentContext(declare(kind, properties, provider="docker", **others), config, application)


def deploy(kind: str, properties: Mapping[str, Any], **others: Any) -> Deployment:
    return COMPONENTS[kind].deploy(place(kind, properties, **others))


def test_a_postgresql_is_the_official_image_with_its_data_on_a_volume() -> None:
    data = Volume("data")
    url = ("postgresql://owner:", UrlQuoted(GeneratedPassword()))
    assert deploy("database", {"engine": "postgresql", "version": "15", "username": "owner"}) == Deployment(
        (
            Service(
                image="postgres:15",
                networks=("network",),
                aliases=("thing",),
                env={"POSTGRES_USER": "owner", "POSTGRES_PASSWORD": GeneratedPassword(), "POSTGRES_DB": "app"},
                secret_files=True,
                volumes=(VolumeMount(data, "/var/lib/postgresql/data"),),
                health=Health(
                    ("CMD-SHELL", 'pg_isready -q -h 127.0.0.1 -U "$POSTGRES_USER" -d "$POSTGRES_DB"'),
                    interval=2,
                    timeout=5,
                    retries=10,
                    start_period=90,
                    limit=180,
                ),
            ),
        ),
        (data,),
        {
            "endpoint": "thing:5432",
            "host": "thing",
            "port": 5432,
            "database_name": "app",
            "username": "owner",
            "credential_ref": GeneratedPassword(),
            "connection_string": Concatenated((*url, "@thing:5432/app")),
            "published_endpoint": "",
            "published_connection_string": "",
        },
    )


@pytest.mark.parametrize(("engine", "prefix"), [("mysql", "MYSQL"), ("mariadb", "MARIADB")])
def test_mysql_and_mariadb_take_variables_of_their_own_and_a_root_nobody_knows(engine: str, prefix: str) -> None:
    properties = {"engine": engine, "version": "8.4", "database_name": "orders", "password": SECRET}
    made = deploy("database", properties, publish=Address("0.0.0.0", 13306))
    (service,) = made.services
    assert service.image == f"{engine}:8.4"
    assert service.env == {
        f"{prefix}_USER": "platform",
        f"{prefix}_PASSWORD": SECRET,
        f"{prefix}_DATABASE": "orders",
        f"{prefix}_RANDOM_ROOT_PASSWORD": "yes",
    }
    assert service.volumes == (VolumeMount(Volume("data"), "/var/lib/mysql"),)
    assert service.published == (PublishedPort("0.0.0.0", 13306, 3306),)
    assert service.health is not None
    assert service.health.test == (
        "CMD-SHELL",
        "$(command -v mariadb-admin || echo mysqladmin) ping --silent -h 127.0.0.1 "
        f'-u "${prefix}_USER" -p"${prefix}_PASSWORD"',
    )
    assert made.outputs == {
        "endpoint": "thing:3306",
        "host": "thing",
        "port": 3306,
        "database_name": "orders",
        "username": "platform",
        "credential_ref": SECRET,
        "connection_string": Concatenated((f"{engine}://platform:", UrlQuoted(SECRET), "@thing:3306/orders")),
        "published_endpoint": "127.0.0.1:13306",
        "published_connection_string": Concatenated(
            (f"{engine}://platform:", UrlQuoted(SECRET), "@127.0.0.1:13306/orders")
        ),
    }


def test_a_broker_keeps_its_data_under_a_name_that_stays() -> None:
    data = Volume("data")
    url = ("amqp://platform:", UrlQuoted(GeneratedPassword()))
    made = deploy("message_queue", {"engine": "rabbitmq", "version": "3.13"}, publish=Address("::1", 15672))
    assert made == Deployment(
        (
            Service(
                image="rabbitmq:3.13-management",
                networks=("network",),
                aliases=("thing",),
                env={
                    "RABBITMQ_DEFAULT_USER": "platform",
                    "RABBITMQ_DEFAULT_PASS": GeneratedPassword(),
                    "RABBITMQ_NODENAME": "rabbit@localhost",
                },
                volumes=(VolumeMount(data, "/var/lib/rabbitmq"),),
                published=(PublishedPort("::1", 15672, 5672),),
                health=Health(
                    ("CMD", "rabbitmq-diagnostics", "-q", "check_port_connectivity"),
                    interval=15,
                    timeout=15,
                    retries=4,
                    start_period=120,
                    limit=240,
                ),
            ),
        ),
        (data,),
        {
            "endpoint": "amqp://thing:5672",
            "username": "platform",
            "credential_ref": GeneratedPassword(),
            "connection_string": Concatenated((*url, "@thing:5672")),
            "published_endpoint": "[::1]:15672",
            "published_connection_string": Concatenated((*url, "@[::1]:15672")),
        },
    )


QUEUE = """\
include classpath("application.conf")
node-address { protocol = http, host = "thing", port = 9324, context-path = "" }
rest-sqs { enabled = true, bind-port = 9324, bind-hostname = "0.0.0.0" }
queues { "NAME" { defaultVisibilityTimeout = 120 seconds, fifo = FIFO } }
"""


@pytest.mark.parametrize(("fifo", "name"), [(False, "thing"), (True, "thing.fifo")])
def test_elasticmq_stands_in_for_sqs_with_the_queue_there_from_the_start(fifo: bool, name: str) -> None:
    text = QUEUE.replace("NAME", name).replace("FIFO", str(fifo).lower())
    url = f"http://thing:9324/000000000000/{name}"
    properties = {"engine": "sqs", "fifo": fifo, "visibility_timeout": "2m"}
    assert deploy("message_queue", properties) == Deployment(
        (
            Service(
                image="softwaremill/elasticmq-native:1.6.11",
                networks=("network",),
                aliases=("thing",),
                files=(File("/opt/elasticmq.conf", text),),
            ),
        ),
        (),
        {
            "endpoint": url,
            "username": "",
            "credential_ref": "",
            "connection_string": url,
            "published_endpoint": "",
            "published_connection_string": "",
        },
    )
    outside = f"http://127.0.0.1:15432/000000000000/{name}"
    published = deploy("message_queue", properties, publish=LOCAL).outputs
    assert (published["published_endpoint"], published["published_connection_string"]) == (outside, outside)


@pytest.mark.parametrize("engine", ["redis", "valkey"])
def test_the_password_of_a_cache_stands_in_its_environment_alone(engine: str) -> None:
    properties = {"engine": engine, "version": "7", "memory": "200Mi", "eviction": "noeviction", "password": SECRET}
    made = deploy("cache", properties, publish=LOCAL)
    url = ("redis://:", UrlQuoted(SECRET))
    assert made == Deployment(
        (
            Service(
                image={"redis": "redis:7", "valkey": "valkey/valkey:7"}[engine],
                networks=("network",),
                aliases=("thing",),
                command=(
                    "sh",
                    "-c",
                    f"exec {engine}-server --save '' --appendonly no --maxmemory 200mb --maxmemory-policy noeviction "
                    '--requirepass "$REDISCLI_AUTH"',
                ),
                env={"REDISCLI_AUTH": SECRET},
                published=(PublishedPort("127.0.0.1", 15432, 6379),),
                health=Health(("CMD-SHELL", f"{engine}-cli ping | grep -q PONG"), interval=2, limit=60),
                memory=200 + 50 + 64,
            ),
        ),
        (),
        {
            "endpoint": "thing:6379",
            "host": "thing",
            "port": 6379,
            "credential_ref": SECRET,
            "connection_string": Concatenated((*url, "@thing:6379/0")),
            "published_endpoint": "127.0.0.1:15432",
            "published_connection_string": Concatenated((*url, "@127.0.0.1:15432/0")),
        },
    )
    assert "canary" not in repr(made)


def test_an_object_storage_has_its_bucket_before_anybody_asks() -> None:
    data = Volume("data")
    made = deploy("object_storage", {"bucket": "uploads", "access_key": "owner"}, publish=LOCAL)
    assert made == Deployment(
        (
            Service(
                image="versity/versitygw:v1.8.0",
                networks=("network",),
                aliases=("thing",),
                entrypoint=("sh", "-c"),
                command=("mkdir -p /data/uploads && exec versitygw --port :7070 --health /health posix /data",),
                env={"ROOT_ACCESS_KEY": "owner", "ROOT_SECRET_KEY": GeneratedPassword("secret-key")},
                volumes=(VolumeMount(data, "/data"),),
                published=(PublishedPort("127.0.0.1", 15432, 7070),),
                health=Health(("CMD-SHELL", "wget -q -O /dev/null http://127.0.0.1:7070/health"), interval=2, limit=60),
            ),
        ),
        (data,),
        {
            "endpoint": "http://thing:7070",
            "bucket": "uploads",
            "access_key": "owner",
            "credential_ref": GeneratedPassword("secret-key"),
            "published_endpoint": "http://127.0.0.1:15432",
        },
    )
    given = deploy("object_storage", {"secret_key": SECRET})
    assert given.services[0].env["ROOT_SECRET_KEY"] == given.outputs["credential_ref"] == SECRET
    assert given.outputs["published_endpoint"] == ""


def test_a_shared_ingress_has_a_network_of_its_own_for_others_to_join() -> None:
    made = deploy("ingress", {"port": 8443, "tls": True}, bind="0.0.0.0")
    (service,) = made.services
    text = service.files[0].content
    assert made == Deployment(
        (
            Service(
                image="caddy:2-alpine",
                networks=(OWN_NETWORK,),
                aliases=("thing",),
                files=(File("/etc/caddy/Caddyfile", text),),
                published=(PublishedPort("0.0.0.0", 8443, 8443),),
                health=Health(
                    ("CMD-SHELL", "wget -q -O /dev/null http://127.0.0.1:2020/"), interval=1, retries=30, limit=60
                ),
            ),
        ),
        (),
        {"name": NetworkName(OWN_NETWORK), "endpoint": "https://127.0.0.1:8443"},
        own_network=True,
    )
    chosen = deploy("ingress", {"port": 80, "tls": False}, publish=Address("10.0.0.5", 8080))
    assert chosen.services[0].published == (PublishedPort("10.0.0.5", 8080, 80),)
    assert chosen.outputs["endpoint"] == "http://10.0.0.5:8080"


@pytest.mark.parametrize(
    ("kind", "properties", "engine"),
    [
        ("database", {"engine": "postgresql", "version": "15"}, "postgresql"),
        ("message_queue", {"engine": "sqs"}, "sqs"),
        ("cache", {"engine": "valkey", "version": "8"}, "valkey"),
        ("object_storage", {}, "object_storage"),
        ("ingress", {}, "gateway"),
    ],
)
def test_every_image_of_the_tables_can_be_another_one(kind: str, properties: dict[str, Any], engine: str) -> None:
    made = deploy(kind, properties, images={engine: "mirror/one:1"})
    assert [service.image for service in made.services] == ["mirror/one:1"]


def runtime(properties: Mapping[str, Any] | None = None, **others: Any) -> Deployment:
    return deploy("container_runtime", {"image": "api:1", **(properties or {})}, **others)


PORTS = {"ports": [{"container_port": 53, "protocol": "UDP"}, {"container_port": 8080}]}
TCP = {"ports": [{"container_port": 8080}]}


def test_a_container_is_what_it_was_declared() -> None:
    mount = {"source": TierOutput(Tier.SHARED_PRIMITIVES, "volume"), "path": "/data", "read_only": True}
    declared = {
        "command": ["serve", "--fast"],
        "replicas": 3,
        "memory": "512Mi",
        "cpu": "500m",
        **TCP,
        "env": {"MODE": "fast", "TOKEN": SECRET},
        "volumes": [mount],
        "health_check": {"command": ["true"]},
        "database_connections": 7,
    }
    assert runtime(declared, application="default") == Deployment(
        (
            Service(
                image="api:1",
                replicas=3,
                networks=("namespace", "network"),
                aliases=("thing",),
                command=("serve", "--fast"),
                env={"MODE": "fast", "TOKEN": SECRET, "DATABASE_CONNECTIONS": "7"},
                volumes=(VolumeMount(TierOutput(Tier.SHARED_PRIMITIVES, "volume"), "/data", read_only=True),),
                health=Health(("CMD", "true"), interval=10, timeout=2, retries=3, limit=96),
                memory=512,
                cpus="0.5",
                beside=True,
            ),
        ),
        (),
        {"service": "thing:8080", "endpoint": "http://thing:8080"},
    )


def test_what_is_not_declared_is_not_there() -> None:
    (service,) = runtime().services
    assert service == Service(
        image="api:1",
        networks=("namespace", "network"),
        aliases=("thing",),
        env={"DATABASE_CONNECTIONS": "10"},
        beside=True,
    )
    assert runtime().outputs == {"service": "", "endpoint": ""}


REF = CapabilityRef(Tier.INFRASTRUCTURE, "vpc", "network")


@pytest.mark.parametrize(
    ("bound", "networks"),
    [
        (("namespace", "network"), ("namespace", "network")),
        (("network",), ("network",)),
        (("namespace", "kubernetes_cluster"), ("namespace",)),
        (("kubernetes_cluster",), (OWN_NETWORK,)),
        ((), (OWN_NETWORK,)),
    ],
)
def test_it_joins_what_it_is_bound_to_or_a_network_of_its_own(
    bound: tuple[str, ...], networks: tuple[str, ...]
) -> None:
    made = runtime(bindings=dict.fromkeys(bound, REF))
    assert made.services[0].networks == networks
    assert made.own_network is (networks == (OWN_NETWORK,))


@pytest.mark.parametrize(
    ("application", "alias"), [(None, "thing"), ("default", "thing"), ("shop", "thing.shop"), ("blog", "thing.blog")]
)
def test_applications_other_than_the_default_carry_theirs_in_their_names(application: str | None, alias: str) -> None:
    made = runtime(TCP, application=application)
    assert made.services[0].aliases == (alias,)
    assert made.outputs["service"] == f"{alias}:8080"


def test_a_published_container_is_reached_at_its_port_and_replaced_before_its_successor_starts() -> None:
    made = runtime(TCP, publish=LOCAL)
    assert made.services[0].published == (PublishedPort("127.0.0.1", 15432, 8080),)
    assert made.services[0].beside is False
    assert made.outputs == {"service": "thing:8080", "endpoint": "http://127.0.0.1:15432"}
    assert runtime({}, publish=LOCAL).services[0].published == (), "it has no port that could be"


def test_one_port_cannot_lead_to_several_containers() -> None:
    with pytest.raises(InputError) as error:
        runtime({**TCP, "replicas": 2}, publish=LOCAL)
    assert (error.value.summary, error.value.detail) == (
        "One port cannot lead to several containers",
        "platform.yaml:1:1: thing has 2 replicas, and provider.config.publish gives it one port. Declare an `ingress` "
        "for it, or one replica.",
    )
    assert runtime({"replicas": 2}, publish=LOCAL).services[0].replicas == 2, "nothing to publish"


@pytest.mark.parametrize(("read_only", "beside"), [((), True), ((True, True), True), ((True, False), False)])
def test_what_writes_a_volume_is_never_beside_its_successor(read_only: tuple[bool, ...], beside: bool) -> None:
    mounts = [{"source": "v", "path": f"/{n}", "read_only": only} for n, only in enumerate(read_only)]
    assert runtime({"volumes": mounts}).services[0].beside is beside


@pytest.mark.parametrize(
    ("context", "folder"), [(".", "team"), ("service", "team/service"), ("../shared", "shared"), ("/srv/x", "/srv/x")]
)
def test_what_is_built_lies_beside_the_file_that_declares_it(tmp_path: Path, context: str, folder: str) -> None:
    declared = place("container_runtime", {"image": "api:1", "build": {"context": context, "dockerfile": "Other"}})
    at = Position(str(tmp_path / "team" / "platform.yaml"), 1, 1)
    made = ContainerRuntime.deploy(replace(declared, capability=replace(declared.capability, declared_at=at)))
    assert made.services[0].build == Build(str((tmp_path / folder).resolve()), "Other")
    assert made.services[0].image == "api:1"


@pytest.mark.parametrize(
    ("check", "health"),
    [
        ({}, Health(("x",), interval=10, timeout=2, retries=3, limit=96)),
        (
            {"interval": "5s", "timeout": "3s", "retries": 4, "start_period": "1m"},
            Health(("x",), interval=5, timeout=3, retries=4, start_period=60, limit=60 + 32 + 60),
        ),
        ({"interval": "1s", "timeout": "1s"}, Health(("x",), interval=1, timeout=1, retries=3, limit=66)),
    ],
)
def test_a_start_may_take_what_its_check_says_and_a_minute_more(check: dict[str, Any], health: Health) -> None:
    service = runtime({"health_check": {"command": ["true"], **check}}).services[0]
    assert service.health == replace(health, test=("CMD", "true"))


QUESTION = (
    "if command -v wget >/dev/null; then wget -q -O /dev/null URL; "
    "elif command -v curl >/dev/null; then curl -fsS -o /dev/null URL; "
    "else python3 -c PYTHON; fi"
)


@pytest.mark.parametrize(
    ("check", "url", "python"),
    [
        (
            {"path": "/health"},
            "http://127.0.0.1:8080/health",
            "'import urllib.request as r; r.urlopen('\"'\"'http://127.0.0.1:8080/health'\"'\"', timeout=2)'",
        ),
        (
            {"path": "/ready", "port": 9000, "timeout": "4s"},
            "http://127.0.0.1:9000/ready",
            "'import urllib.request as r; r.urlopen('\"'\"'http://127.0.0.1:9000/ready'\"'\"', timeout=4)'",
        ),
    ],
)
def test_a_path_is_asked_by_whatever_the_image_has(check: dict[str, Any], url: str, python: str) -> None:
    service = runtime({**PORTS, "health_check": check}).services[0]
    assert service.health is not None
    assert service.health.test == ("CMD-SHELL", QUESTION.replace("URL", url).replace("PYTHON", python))


@pytest.mark.parametrize("path", ["/a?b=c&d=e", "/a*b", "/$(touch>pwned)", "/it's", '/"x"', "/;exit", "/`id`"])
def test_no_sign_of_a_path_means_anything_to_the_shell(path: str, tmp_path: Path) -> None:
    service = runtime({**TCP, "health_check": {"path": path}}).services[0]
    assert service.health is not None
    tools = tmp_path / "bin"
    tools.mkdir()
    (tools / "wget").write_text('#!/bin/sh\nprintf "%s" "$4"\n', encoding="utf-8")
    (tools / "wget").chmod(0o755)
    for remove in (None, tools / "wget"):
        if remove is not None:
            remove.unlink()
            (tools / "python3").write_text('#!/bin/sh\nprintf "%s" "$2"\n', encoding="utf-8")
            (tools / "python3").chmod(0o755)
        shell = ["/bin/sh", "-c", service.health.test[1]]
        done = subprocess.run(shell, env={"PATH": str(tools)}, cwd=tmp_path, capture_output=True, text=True, check=True)
        assert (done.stdout if remove is None else _asked(done.stdout)) == f"http://127.0.0.1:8080{path}"
    assert not (tmp_path / "pwned").exists()


def _asked(program: str) -> str:
    """The URL that a line of Python opens, read by Python itself."""
    import ast

    (call,) = [node for node in ast.walk(ast.parse(program)) if isinstance(node, ast.Call)]
    assert isinstance(call.args[0], ast.Constant)
    return str(call.args[0].value)


@pytest.mark.parametrize(
    "name", ["postgres:15", "docker.io/library/postgres:15", "rabbitmq", f"valkey/valkey@sha256:{64 * 'a'}", "own/pg:1"]
)
def test_no_build_takes_the_name_of_an_image_that_others_are_started_from(name: str) -> None:
    declared = {"image": name, "build": {"context": "."}}
    with pytest.raises(InputError) as error:
        runtime(declared, images={"postgresql:16": "own/pg:{version}"})
    assert error.value.summary == "A build would replace an image that others are started from"
    assert f"thing builds `{name}`" in error.value.detail
    assert runtime({"image": name}).services[0].image == name
    assert runtime({**declared, "image": f"registry.acme.com/{name}"}).services[0].build is not None

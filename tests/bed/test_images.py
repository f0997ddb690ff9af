"""Each image of the bed does what the official one of its name does, as far as the examples and the platform ask."""

from __future__ import annotations

import contextlib
import json
import time
import urllib.error
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from docker import DockerClient
from docker.errors import ContainerError
from docker.models.containers import Container
from docker.models.networks import Network

from tests.bed import s3

pytestmark = [
    pytest.mark.docker,
    pytest.mark.usefixtures("bed_images"),
    pytest.mark.slow("each image starts as an official one does"),
]

Run = Callable[..., Container]


@pytest.fixture
def network(docker_client: DockerClient) -> Iterator[Network]:
    made = docker_client.networks.create(f"bed-{uuid.uuid4().hex[:8]}")
    yield made
    made.remove()


@pytest.fixture
def run(docker_client: DockerClient, network: Network) -> Iterator[Run]:
    """Start a container; `alias` is its name there, `ready` the command that succeeds when it serves."""
    with contextlib.ExitStack() as stack:

        def start(image: str, alias: str, *, ready: list[str] | None = None, **settings: Any) -> Container:
            container = docker_client.containers.create(image, network=network.name, hostname=alias, **settings)
            stack.callback(container.remove, force=True, v=True)
            network.disconnect(container)
            network.connect(container, aliases=[alias])
            began = time.monotonic()
            container.start()
            if ready is not None:
                wait(container, ready)
                print(f"{image}: ready after {time.monotonic() - began:.1f} s")
            return container

        yield start


def wait(container: Container, command: list[str], seconds: float = 60) -> str:
    """Run a command in a container until it succeeds; what it printed."""
    end = time.monotonic() + seconds
    while True:
        container.reload()
        assert container.status == "running", container.logs().decode()
        code, output = container.exec_run(command)
        if code == 0:
            return output.decode()
        assert time.monotonic() < end, f"{output.decode()}\n{container.logs().decode()}"
        time.sleep(0.1)


def seconds_to_stop(container: Container) -> float:
    began = time.monotonic()
    container.stop(timeout=10)
    return time.monotonic() - began


POSTGRES = {"POSTGRES_USER": "platform", "POSTGRES_PASSWORD": "it's-secret", "POSTGRES_DB": "app"}
PSQL = ["psql", "-h", "db", "-U", "platform", "-d", "app", "-Atc"]


def test_postgres_keeps_what_was_written_and_asks_for_the_password(run: Run) -> None:
    database = run("postgres:15", "db", ready=["pg_isready", "-U", "platform", "-d", "app"], environment=POSTGRES)
    right = {"PGPASSWORD": "it's-secret"}
    created = database.exec_run([*PSQL, "CREATE TABLE t AS SELECT 7 AS n"], environment=right)
    assert created.exit_code == 0, created.output
    assert database.exec_run([*PSQL, "SELECT 1"], environment={"PGPASSWORD": "wrong"}).exit_code != 0
    assert seconds_to_stop(database) < 5
    database.start()
    wait(database, ["pg_isready", "-U", "platform", "-d", "app"])
    assert database.exec_run([*PSQL, "SELECT n FROM t"], environment=right).output == b"7\n"
    assert database.exec_run(["cat", "/proc/1/status"]).output.split(b"Uid:\t")[1].startswith(b"999\t")


def test_postgres_refuses_to_start_without_a_password(docker_client: DockerClient) -> None:
    with pytest.raises(ContainerError, match="superuser password is not specified"):
        docker_client.containers.run("postgres:15", remove=True)


@pytest.mark.parametrize(("image", "cli"), [("redis:7", "redis-cli"), ("valkey/valkey:8", "valkey-cli")])
def test_redis_takes_options_and_connections_of_others(run: Run, image: str, cli: str) -> None:
    cache = run(image, "cache", ready=[cli, "-a", "s3", "ping"], command=["--requirepass", "s3", "--maxmemory", "32mb"])
    said = cache.exec_run([cli, "-h", "cache", "-a", "s3", "--no-auth-warning", "config", "get", "maxmemory"])
    assert b"33554432" in said.output
    assert seconds_to_stop(cache) < 5


@pytest.mark.parametrize(("image", "prefix"), [("mysql:8.4", "MYSQL"), ("mariadb:11", "MARIADB")])
def test_mysql_makes_the_database_and_its_user(run: Run, image: str, prefix: str) -> None:
    values = {"ROOT_PASSWORD": "root's", "USER": "shop", "PASSWORD": "p'w\\x", "DATABASE": "shop-1"}
    environment = {f"{prefix}_{name}": value for name, value in values.items()}
    database = run(
        image, "db", ready=["mysqladmin", "ping", "-h", "127.0.0.1", "-u", "root", "-proot's"], environment=environment
    )
    ask = ["mysql", "-h", "db", "-u", "shop", "shop-1", "-Ne", "SELECT CURRENT_USER()"]
    assert database.exec_run([*ask, "-pp'w\\x"]).output == b"shop@%\n"
    assert database.exec_run([*ask, "-pwrong"]).exit_code != 0
    assert seconds_to_stop(database) < 8


def test_the_application_reaches_what_it_is_given(run: Run) -> None:
    run(
        "rabbitmq:3.13-management",
        "queue",
        ready=["rabbitmq-diagnostics", "-q", "check_port_connectivity"],
        environment={
            "RABBITMQ_DEFAULT_USER": "orders",
            "RABBITMQ_DEFAULT_PASS": "pa ss",
            "RABBITMQ_DEFAULT_VHOST": "o",
        },
    )
    run("redis:7", "cache", ready=["redis-cli", "ping"])
    database = run("postgres:15", "db", environment=POSTGRES)
    health = ["wget", "-qO-", "http://localhost:8080/health"]
    environment = {
        "DATABASE_URL": "db:5432",
        "DATABASE_PASSWORD": "it's-secret",
        "QUEUE_URL": "amqp://orders:pa%20ss@queue:5672/o",
        "CACHE_URL": "redis://cache:6379",
    }
    application = run("registry.acme.com/api:1.4.2", "api", ready=health, environment=environment)

    seen = json.loads(application.exec_run(["wget", "-qO-", "http://localhost:8080/"]).output)
    assert seen == {
        "version": "1.4.2",
        "hostname": "api",
        "database": {"reached": True, "user": "platform"},
        "queue": {"reached": True, "user": "orders"},
        "cache": {"reached": True},
    }
    database.restart()
    wait(application, health)
    assert seconds_to_stop(application) < 2


def test_the_application_says_what_it_cannot_reach_without_the_secret(run: Run) -> None:
    environment = {
        "DATABASE_URL": "postgresql://u:hidden-1@nowhere:5432/app",
        "QUEUE_URL": "amqp://u:hidden-2@nowhere:5672",
        "UNHEALTHY": "0",
    }
    application = run("api:dev", "api", environment=environment)
    said = wait(application, ["wget", "-qO-", "http://localhost:8080/"])
    assert "no such host: nowhere" in said
    assert "hidden" not in said + application.logs().decode()
    assert application.exec_run(["wget", "-qO-", "http://localhost:8080/health"]).exit_code != 0


def test_the_application_fails_as_told(docker_client: DockerClient) -> None:
    with pytest.raises(ContainerError) as caught:
        docker_client.containers.run("api:dev", environment={"EXIT_AT_START": "7"}, remove=True)
    assert caught.value.exit_status == 7
    assert len(caught.value.stderr.splitlines()) == 3


def test_rabbitmq_serves_its_management(run: Run) -> None:
    environment = {"RABBITMQ_DEFAULT_USER": "orders", "RABBITMQ_DEFAULT_PASS": "secret"}
    ready = ["wget", "-qO-", "http://orders:secret@localhost:15672/api/whoami"]
    broker = run("rabbitmq:3.12-management", "queue", ready=ready, environment=environment)
    assert b"orders" in broker.exec_run(ready).output
    for user in ("root", "rabbitmq"):
        began = time.monotonic()
        said = broker.exec_run(["rabbitmq-diagnostics", "-q", "ping"], user=user)
        assert said.exit_code == 0, said.output
        print(f"rabbitmq-diagnostics ping as {user}: {time.monotonic() - began:.1f} s")
    assert seconds_to_stop(broker) < 10


def test_caddy_serves_tls_of_its_own(run: Run) -> None:
    configuration = "localhost {\n\ttls internal\n\trespond over-tls\n}\nhttp://localhost:8081 {\n\trespond plain\n}\n"
    command = ["sh", "-c", 'printf %s "$C" >/etc/caddy/Caddyfile && exec caddy run --config /etc/caddy/Caddyfile']
    proxy = run("caddy:2-alpine", "edge", command=command, environment={"C": configuration})
    assert wait(proxy, ["wget", "-qO-", "http://localhost:8081"]) == "plain"
    assert wait(proxy, ["wget", "-qO-", "--no-check-certificate", "https://localhost"]) == "over-tls"
    assert wait(proxy, ["test", "-f", "/data/caddy/pki/authorities/local/root.crt"]) == ""
    assert seconds_to_stop(proxy) < 5


def test_s3_keeps_objects(run: Run) -> None:
    storage = run(
        "versity/versitygw:v1.8.0",
        "s3",
        command=["posix", "/data"],
        ready=["wget", "-qO-", "http://localhost:7070/health"],
        environment={"ROOT_ACCESS_KEY": "root", "ROOT_SECRET_KEY": "long-secret", "VGW_HEALTH": "/health"},
        ports={"7070/tcp": ("127.0.0.1", None)},
    )
    storage.reload()
    port = storage.ports["7070/tcp"][0]["HostPort"]
    bucket = f"http://127.0.0.1:{port}/files"
    credentials = ("root", "long-secret")
    s3.request("PUT", bucket, *credentials)
    s3.request("PUT", f"{bucket}/a/b", *credentials, b"content")
    assert s3.request("GET", f"{bucket}/a/b", *credentials) == b"content"
    with pytest.raises(urllib.error.HTTPError, match="403"):
        s3.request("GET", f"{bucket}/a/b", "root", "wrong")
    assert seconds_to_stop(storage) < 5


def test_the_web_server_serves_its_page(run: Run) -> None:
    server = run("local/web:1", "web", environment={"PORT": "8080"})
    assert "local/web:1 serves" in wait(server, ["wget", "-qO-", "http://localhost:8080/"])

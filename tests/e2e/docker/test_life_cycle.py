"""The local example on a real daemon: applied, asked, restarted, destroyed, applied again, gone."""

from __future__ import annotations

import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.e2e.docker.conftest import Maker, Platform
from tests.shared import until

pytestmark = [
    pytest.mark.engine,
    pytest.mark.docker,
    pytest.mark.slow("a database and a broker start, stop and start again"),
]

LOSS = ("--allow-data-loss", "shared-postgres", "--allow-data-loss", "event-queue")
PARTS = Counter(["shared-postgres", "event-queue", "api-service-1", "api-service-gateway"])


@pytest.fixture(scope="module")
def local(make: Maker) -> Platform:
    """The example under another name and port, applied."""
    platform = make.example("platform-local-dev.yaml")
    platform.replace("port: 8080\n              tls", f"port: {platform.port}\n              tls")
    platform.up()
    return platform


def reached(platform: Platform) -> dict[str, object]:
    """The application has logged in to the database with what it was given, and reaches the queue."""
    return platform.answers(database={"reached": True, "user": "platform"}, queue={"reached": True})


def psql(platform: Platform, statement: str) -> str:
    command = ["psql", "-h", "127.0.0.1", "-U", "platform", "-d", "app", "-tAc", statement]
    code, output = platform.one("shared-postgres").exec_run(command)
    assert code == 0, output
    return str(output.decode().strip())


def test_it_answers_and_reaches_what_it_was_given(local: Platform) -> None:
    assert reached(local)["version"] == "dev"
    assert local.parts() == PARTS


def test_it_answers_again_after_a_restart_of_everything(local: Platform) -> None:
    with ThreadPoolExecutor() as threads:
        list(threads.map(lambda container: container.restart(timeout=5), local.containers()))
    reached(local)
    local.healthy()


def test_the_next_plan_is_empty(local: Platform) -> None:
    done = local.run("preview", "--detailed-exitcode", "--format", "json")
    assert done.returncode == 0, done.stderr
    plan = json.loads(done.stdout)
    assert {action["action"] for tier in plan["tiers"] for action in tier["actions"]} == {"no-op"}


def test_the_state_is_what_the_published_plugin_reads(local: Platform) -> None:
    """A spot check: the types, ids and shapes by which the published plugin knows its own."""
    states = [json.loads(file.read_bytes())["checkpoint"]["latest"] for file in _stacks(local)]
    resources = [resource for state in states for resource in state["resources"]]
    docker = {r["urn"].rpartition("::")[2]: r for r in resources if r["type"].startswith("docker:")}
    assert {r["type"] for r in docker.values()} == {
        "docker:index/container:Container",
        "docker:index/network:Network",
        "docker:index/remoteImage:RemoteImage",
        "docker:index/volume:Volume",
    }
    gateway, there = docker["api-service-gateway"], local.gateway("api-service")
    assert gateway["id"] == there.id
    assert gateway["outputs"]["ports"] == [
        {"external": local.port, "internal": local.port, "ip": "127.0.0.1", "protocol": "tcp"}
    ]
    assert json.loads(gateway["outputs"]["__meta"])["schema_version"] == "2"
    image = docker["api-service-image"]
    assert image["id"] == f"{image['outputs']['imageId']}api:dev"
    assert docker["shared-postgres-data"]["id"] == docker["shared-postgres-data"]["outputs"]["name"]


def _stacks(platform: Platform) -> list[Path]:
    return sorted((platform.home / "state").glob(".pulumi/stacks/*/*.json"))


def test_destroy_keeps_data_and_up_finds_it_again(local: Platform) -> None:
    psql(local, "CREATE TABLE kept (word text); INSERT INTO kept VALUES ('still here')")
    done = local.run("destroy", "--yes")
    assert done.returncode == 0, done.stderr
    assert (local.containers(), local.networks()) == ([], [])
    kept = local.volumes()
    assert len(kept) == 2
    assert all(name in done.stdout for name in kept), done.stdout
    assert local.anonymous() == set()

    local.up()
    assert psql(local, "SELECT word FROM kept") == "still here"
    reached(local)
    assert sorted(local.volumes()) == sorted(kept)

    local.destroy(*LOSS)
    assert (local.containers(), local.networks(), local.volumes()) == ([], [], [])
    assert local.anonymous() == set()
    until(lambda: not _stacks(local), "end of the state")

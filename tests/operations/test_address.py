from __future__ import annotations

from dataclasses import replace

import pytest

from platform_pulumi.errors import InputError
from platform_pulumi.operations import address, up
from platform_pulumi.operations.address import Address
from platform_pulumi.operations.ports import StateOutput
from tests.operations.fakes import THREE, TWO, Answer, FakeEngine, Files, Watcher, services

INGRESS = (
    "memory: 1Gi",
    "ports: [{container_port: 80}]\n            ingress: {host: api.localhost, port: 8080}\n            memory: 1Gi",
)


@pytest.fixture
def applied(files: Files, engine: FakeEngine) -> FakeEngine:
    files.write(INGRESS)
    up.up(services(engine), files.task(), Watcher(), Answer())
    give(engine, "http://api.localhost:8080/")
    return engine


def give(engine: FakeEngine, value: str, name: str = "api:endpoint") -> None:
    stack = THREE if name.startswith("api") else TWO
    snapshot = engine.stacks_[stack]
    engine.stacks_[stack] = replace(snapshot, outputs={**snapshot.outputs, name: StateOutput(value)})


def find(engine: FakeEngine, files: Files, name: str = "api", *, simulate: bool = False) -> Address:
    return address.address(services(engine), files.task(simulate=simulate), name)


def test_a_web_address_can_be_opened(files: Files, applied: FakeEngine) -> None:
    assert find(applied, files) == Address("api", "container_runtime", "http://api.localhost:8080/", web=True)


def test_what_a_browser_cannot_open_says_why(files: Files, applied: FakeEngine) -> None:
    give(applied, "127.0.0.1:5432", "db:published_endpoint")
    found = find(applied, files, "db")
    assert (found.endpoint, found.web) == ("127.0.0.1:5432", False)
    assert found.why_not == "db speaks postgresql, not HTTP: 127.0.0.1:5432 is for its clients, not for a browser."
    give(applied, "amqp://127.0.0.1:5672", "db:published_endpoint")
    assert find(applied, files, "db").why_not.startswith("db speaks amqp, not HTTP")


def test_an_inner_address_is_no_way_in(files: Files, applied: FakeEngine) -> None:
    files.write()
    found = find(applied, files)
    assert not found.web
    assert found.why_not.endswith("declare an `ingress` to reach it from here.")


def test_simulated_nothing_answers(files: Files, applied: FakeEngine) -> None:
    assert find(applied, files, simulate=True).why_not == "api is simulated: nothing answers there."


def test_what_cannot_be_opened(files: Files, applied: FakeEngine) -> None:
    with pytest.raises(InputError) as caught:
        find(applied, files, "vpc")
    assert caught.value.detail.startswith("`vpc` is a network: it has no address of its own.")
    with pytest.raises(InputError) as caught:
        find(applied, files, "d")
    assert caught.value.summary == "Unknown capability"
    give(applied, "")
    with pytest.raises(InputError) as caught:
        find(applied, files)
    assert caught.value.detail == "`api` was applied, and acme gave it no address."


def test_nothing_applied(files: Files, engine: FakeEngine) -> None:
    with pytest.raises(InputError, match="Nothing was applied yet"):
        find(engine, files)


def test_a_secret_address_is_none(files: Files, applied: FakeEngine, canary: str) -> None:
    snapshot = applied.stacks_[THREE]
    outputs = {**snapshot.outputs, "api:endpoint": StateOutput(canary, secret=True)}
    applied.stacks_[THREE] = replace(snapshot, outputs=outputs)
    with pytest.raises(InputError) as caught:
        find(applied, files)
    assert canary not in caught.value.detail

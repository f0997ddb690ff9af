"""Changes of a running platform: what is changed in place, what is replaced beside, and who notices."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.e2e.docker.asking import Poll
from tests.e2e.docker.conftest import Maker, Platform
from tests.e2e.docker.light import LIGHT, parts
from tests.shared import free_port, until

pytestmark = [
    pytest.mark.engine,
    pytest.mark.docker,
    pytest.mark.slow("each change is applied while requests go on, and is then looked at"),
]


@pytest.fixture(scope="module")
def once(make: Maker) -> Platform:
    """The light platform, applied."""
    platform = make(LIGHT)
    platform.up()
    return platform


@pytest.fixture
def light(once: Platform) -> Platform:
    """The same, whatever the test before has made of it; each test ends with a plan that has nothing to do."""
    assert once.answers(cache={"reached": True})
    return once


@pytest.fixture
def polled(light: Platform) -> Iterator[Poll]:
    """Asks all along; not one request may fail."""
    with Poll(light.ask) as poll:
        until(lambda: len(poll.answers) > 3, "answers before the change")
        yield poll
    print(f"{len(poll.answers)} requests, {len(poll.failed)} failed, the slowest took {poll.slowest:.2f} s")
    assert poll.failed == []


def environment(platform: Platform) -> dict[str, str]:
    """Of the application's only container."""
    return dict(item.partition("=")[::2] for item in platform.one("api").attrs["Config"]["Env"])


def test_memory_changes_in_place(light: Platform, polled: Poll) -> None:
    before = light.one("api").id
    light.replace('memory: "64Mi"', 'memory: "96Mi"')
    light.up()
    after = light.one("api")
    assert after.id == before
    assert after.attrs["HostConfig"]["Memory"] == 96 << 20
    assert after.attrs["HostConfig"]["MemorySwap"] == 96 << 20
    light.no_op()


@pytest.mark.parametrize(
    ("old", "new"), [('MARK: "first"', 'MARK: "second"'), ('cpu: "250m"', 'cpu: "500m"')], ids=["env", "cpu"]
)
def test_what_cannot_change_in_place_is_replaced_beside(light: Platform, polled: Poll, old: str, new: str) -> None:
    before = light.one("api")
    gateway = light.gateway("api").id
    light.replace(old, new)
    light.up()
    after = light.one("api")
    assert after.id != before.id
    # The new one was started before the old one ended: both served for a while.
    assert after.attrs["State"]["StartedAt"] > before.attrs["State"]["StartedAt"]
    hosts = {str(answer.json().get("hostname")) for answer in polled.answers}
    assert before.id[:12] in hosts
    assert light.answers(hostname=after.id[:12])
    assert light.gateway("api").id == gateway
    assert light.parts() == parts()
    light.no_op()


def test_replicas_come_and_go(light: Platform, polled: Poll) -> None:
    first = light.one("api").id
    light.replace("replicas: 1", "replicas: 3")
    light.up()
    assert light.parts() == parts(3)
    hosts = {container.id[:12] for container in light.replicas("api")}
    until(lambda: hosts <= {str(a.json().get("hostname")) for a in polled.answers}, "answers of all three")
    light.no_op()
    light.replace("replicas: 3", "replicas: 1")
    light.up()
    assert light.parts() == parts()
    assert light.one("api").id == first
    light.no_op()


def test_a_secret_variable(light: Platform, polled: Poll, canary: str) -> None:
    light.replace('MARK: "second"', 'MARK: "${env:CANARY}"')
    said = light.up(env={"CANARY": canary})
    assert environment(light)["MARK"] == canary
    light.no_op(env={"CANARY": canary})
    before = light.one("api").id
    said += light.up(env={"CANARY": f"{canary}-2"})
    assert light.one("api").id != before
    assert environment(light)["MARK"] == f"{canary}-2"
    assert canary not in said
    files = [path for path in light.folder.rglob("*") if path.is_file()]
    assert [path for path in files if canary.encode() in path.read_bytes()] == []


def test_an_image_tag_by_the_command_line(light: Platform, polled: Poll) -> None:
    tag = ("--set", "image=registry.acme.com/api:1.5.0")
    light.replace('MARK: "${env:CANARY}"', 'MARK: "second"')
    light.up(*tag)
    light.answers(version="1.5.0")
    until(lambda: "1.5.0" in polled.versions, "the new version among the answers")
    assert polled.versions == {"dev", "1.5.0"}
    light.no_op(*tag)


def test_another_port_moves_the_gateway(light: Platform) -> None:
    before, light.port = light.port, free_port()
    light.replace(f"port: {before}", f"port: {light.port}")
    light.up()
    assert light.answers(version="dev")
    assert light.parts() == parts()


def test_nothing_nameless_is_left(light: Platform) -> None:
    assert light.watch.anonymous(light.org)  # the image of Redis declares a volume
    assert light.anonymous() != set()
    light.destroy()
    assert (light.containers(), light.networks(), light.volumes(), light.anonymous()) == ([], [], [], set())

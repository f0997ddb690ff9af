"""The live side against a real daemon: states, gone resources, logs read and followed."""

from __future__ import annotations

import gc
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from components.docker.plugin.runtime import CONTAINER, IMAGE, MOST_WAITING, NETWORK, VOLUME, DockerRuntime
from platform_pulumi.errors import EngineError
from platform_pulumi.model.status import Health, ResourceState
from platform_pulumi.sdk.runtime import LogLine, PendingCreate, RecordedResource

if TYPE_CHECKING:
    from docker import DockerClient

pytestmark = pytest.mark.docker
#: Whatever is waited for happens long before.
PATIENCE = 30


class Made:
    """Makes containers whose names begin as a test's do."""

    def __init__(self, client: DockerClient, image: str, prefix: str) -> None:
        self.client, self.image, self.prefix = client, image, prefix

    def __call__(self, name: str, script: str, *, start: bool = True, **options: Any) -> RecordedResource:
        options = {"network_mode": "none", **options}
        container = self.client.containers.create(
            self.image, ["/bin/busybox", "sh", "-c", script], name=f"{self.prefix}-{name}", **options
        )
        if start:
            container.start()
        return RecordedResource(f"urn:{name}", CONTAINER, name, str(container.id))


@pytest.fixture
def made(docker_client: DockerClient, busybox: str, prefix: str) -> Made:
    return Made(docker_client, busybox, prefix)


@pytest.fixture
def runtime(docker_daemon: str) -> DockerRuntime:
    return DockerRuntime({"host": docker_daemon}, {})


def wait(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)


def read(runtime: DockerRuntime, *resources: RecordedResource, **options: Any) -> list[LogLine]:
    wanted = {"follow": False, "tail": None, "since": None, **options}
    return list(runtime.logs(resources, **wanted))


def test_healthy_says_who_answers(runtime: DockerRuntime, docker_daemon: str) -> None:
    said = runtime.healthy()
    assert said.startswith("Docker ")
    assert said.endswith(f" at {docker_daemon}")


def test_the_daemon_is_found_through_the_environment(docker_daemon: str) -> None:
    assert DockerRuntime({}, {"DOCKER_HOST": docker_daemon}).healthy().startswith("Docker ")


def test_states_of_containers(made: Made, runtime: DockerRuntime, docker_client: DockerClient) -> None:
    resources = [
        made("runs", "sleep 600"),
        made("paused", "sleep 600"),
        made("exits", "exit 3"),
        made("waits", "sleep 600", start=False),
        made("crashes", "exit 4", restart_policy={"Name": "always"}),
    ]
    docker_client.api.pause(resources[1].id)
    wait(lambda: runtime.inspect(resources)["urn:exits"].state is ResourceState.FAILED)
    wait(lambda: runtime.inspect(resources)["urn:crashes"].restarts >= 3)
    wait(lambda: "again and again" in runtime.inspect(resources)["urn:crashes"].detail)
    found = runtime.inspect(resources)
    assert found["urn:runs"].state is ResourceState.ACTIVE
    assert found["urn:runs"].health is Health.NONE
    assert (found["urn:paused"].state, found["urn:paused"].detail) == (ResourceState.DEGRADED, "paused")
    assert found["urn:exits"].detail == "exited with code 3"
    assert found["urn:waits"].state is ResourceState.CREATING
    docker_client.api.unpause(resources[1].id)


def test_health_is_followed(made: Made, runtime: DockerRuntime, canary: str) -> None:
    check = {"interval": 200_000_000, "timeout": 1_000_000_000, "retries": 2}
    quiet = {"test": ["CMD", "/bin/busybox", "test", "-f", "/up"], **check}
    loud = {"test": ["CMD-SHELL", f"echo {canary}; exit 1"], **check}
    good = made("good", "busybox touch /up; sleep 600", healthcheck=quiet, environment={"SECRET_TOKEN": canary})
    bad = made("bad", "sleep 600", healthcheck=loud)
    wait(lambda: runtime.inspect([good])["urn:good"].health is Health.HEALTHY)
    wait(lambda: runtime.inspect([bad])["urn:bad"].health is Health.UNHEALTHY)
    found = runtime.inspect([good, bad])
    assert found["urn:good"].state is ResourceState.ACTIVE
    assert found["urn:bad"].state is ResourceState.DEGRADED
    assert canary not in repr(found)


def test_what_somebody_removed_has_drifted(
    made: Made, runtime: DockerRuntime, docker_client: DockerClient, prefix: str, busybox: str
) -> None:
    network = docker_client.networks.create(prefix)
    volume = docker_client.volumes.create(prefix)
    digest = docker_client.images.get(busybox).id
    resources = [
        made("runs", "sleep 600"),
        RecordedResource("urn:net", NETWORK, "net", str(network.id)),
        RecordedResource("urn:volume", VOLUME, "volume", str(volume.name)),
        # The id that the published plugin gives an image.
        RecordedResource("urn:image", IMAGE, "image", f"{digest}{busybox}"),
        RecordedResource("urn:password", "platform:index:Password", "password", "1"),
    ]
    found = runtime.inspect(resources)
    assert {live.state for live in found.values()} == {ResourceState.ACTIVE}
    assert set(found) == {"urn:runs", "urn:net", "urn:volume", "urn:image"}
    docker_client.api.remove_container(resources[0].id, force=True)
    network.remove()
    volume.remove()
    resources[3] = RecordedResource("urn:image", IMAGE, "image", f"sha256:{'0' * 64}{busybox}")
    found = runtime.inspect(resources)
    assert {live.state for live in found.values()} == {ResourceState.DRIFTED}
    assert {live.detail for live in found.values()} == {"removed by somebody"}


def test_what_a_killed_run_left_is_found_by_its_tag_and_taken_away_but_for_data(
    made: Made, runtime: DockerRuntime, docker_client: DockerClient
) -> None:
    tag = f"acme/{made.prefix}::api::api"
    labels = {"platform:urn": tag}
    one, two = (made(name, "sleep 300", labels=labels).id for name in ("one", "two"))
    made("three", "sleep 300", labels={"platform:urn": f"{tag}-2"})
    made("four", "", start=False, labels=labels)
    network = docker_client.networks.create(f"{made.prefix}-net", labels=labels)
    volume = docker_client.volumes.create(f"{made.prefix}-data", labels=labels)
    try:
        pending = [PendingCreate(kind, kind, tag) for kind in (CONTAINER, NETWORK, VOLUME)]
        there = {CONTAINER: {one, two}, NETWORK: {network.id}, VOLUME: {volume.name}}
        assert {urn: set(ids) for urn, ids in runtime.find(pending, frozenset()).items()} == there
        assert runtime.find(pending[:1], frozenset({one}))[CONTAINER] == [two]
        assert runtime.find([PendingCreate("x", CONTAINER, f"{tag}-3")], frozenset()) == {"x": []}

        assert set(runtime.clear([tag], frozenset({two}))) == {
            f"container {made.prefix}-one",
            f"container {made.prefix}-four",
            f"network {made.prefix}-net",
        }
        left = {urn: set(ids) for urn, ids in runtime.find(pending, frozenset()).items()}
        assert left == {CONTAINER: {two}, NETWORK: set(), VOLUME: {volume.name}}
    finally:
        volume.remove(force=True)


def test_logs_of_several_are_merged_by_time(made: Made, runtime: DockerRuntime) -> None:
    one, two = made("one", "sleep 600"), made("two", "sleep 600")
    for number, resource in enumerate([one, two, two, one, two, one], 1):
        stream = number % 2 + 1
        script = f"echo {resource.name} {number} >/proc/1/fd/{stream}"
        code, said = made.client.containers.get(resource.id).exec_run(["/bin/busybox", "sh", "-c", script])
        assert code == 0, said
    lines = read(runtime, one, two)
    assert sorted(lines, key=lambda line: line.text[-1]) == lines
    assert [line.source for line in lines] == ["one", "two", "two", "one", "two", "one"]
    assert read(runtime, one, two, tail=1) == [LogLine("two", "two 5"), LogLine("one", "one 6")]
    assert read(runtime, one, two, since=time.time() + 60) == []
    assert len(read(runtime, one, since=time.time() - 60)) == 3


def test_bytes_that_are_no_text_are_replaced(made: Made, runtime: DockerRuntime) -> None:
    loud = made("loud", r"printf 'a\377b\033[31mred\nlast'")
    made.client.api.wait(loud.id)
    assert [line.text for line in read(runtime, loud)] == ["a\ufffdb\x1b[31mred", "last"]


def test_following_ends_when_all_have_stopped(made: Made, runtime: DockerRuntime) -> None:
    before = threading.active_count()
    short = made("short", "echo short; exit 1")
    long = made("long", "for n in 1 2 3; do echo $n; sleep 0.2; done")
    lines = read(runtime, short, long, follow=True)
    assert [line.text for line in lines if line.source == "long"] == ["1", "2", "3"]
    assert LogLine("short", "short") in lines
    wait(lambda: threading.active_count() <= before)


def test_following_goes_on_while_one_runs_and_stops_with_its_reader(made: Made, runtime: DockerRuntime) -> None:
    before = threading.active_count()
    beats = made("beats", "while true; do echo beat; sleep 0.1; done")
    silent = made("silent", "sleep 600")
    terminal = made("terminal", "echo tty; sleep 600", tty=True)
    lines = runtime.logs([beats, silent, terminal], follow=True, tail=None, since=None)
    assert isinstance(lines, Iterator)
    seen = [next(lines) for _ in range(5)]
    assert {line.source for line in seen} <= {"beats", "terminal"}
    lines.close()
    wait(lambda: threading.active_count() <= before)


def test_nothing_stays_open_of_what_nobody_follows_any_more(made: Made, runtime: DockerRuntime) -> None:
    """Also where more lines wait than are kept."""
    before = threading.active_count()
    chatty = made("chatty", "while :; do echo line; done")
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always", ResourceWarning)
        following = runtime.logs([chatty], follow=True, tail=None, since=None)
        assert next(iter(following)).text == "line"
        wait(lambda: len(made.client.api.logs(chatty.id, tail=3 * MOST_WAITING).splitlines()) > 2 * MOST_WAITING)
        following.close()  # type: ignore[attr-defined]  # a generator
        del following
        wait(lambda: threading.active_count() <= before)
        gc.collect()
    assert [str(warning.message) for warning in said] == []


def test_a_container_that_is_removed_while_it_is_followed_ends_its_log(made: Made, runtime: DockerRuntime) -> None:
    doomed = made("doomed", "echo hello; sleep 600")
    lines = runtime.logs([doomed], follow=True, tail=None, since=None)
    assert next(lines) == LogLine("doomed", "hello")
    made.client.api.remove_container(doomed.id, force=True)
    assert list(lines) == []


def test_a_log_that_docker_cannot_read_back_says_so(made: Made, runtime: DockerRuntime) -> None:
    from docker.types import LogConfig

    mute = made("mute", "echo lost", log_config=LogConfig(type="none"))
    for follow in (False, True):
        with pytest.raises(EngineError) as caught:
            read(runtime, mute, follow=follow)
        assert "logging driver" in caught.value.detail

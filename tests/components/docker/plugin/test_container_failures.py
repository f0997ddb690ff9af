"""What cannot be made on a real daemon: the words at night, and that nothing is left; what a killed run left."""

from __future__ import annotations

import re
import socket
from typing import Any

import pytest

from platform_pulumi.plugins.provider import ProviderError
from platform_pulumi.plugins.values import Sealed
from platform_pulumi.sdk.tagging import URN_TAG
from tests.components.docker.plugin.containers import URN, Bed, bed

__all__ = ["bed"]
pytestmark = pytest.mark.docker
OURS = [{"label": URN_TAG, "value": URN.text}]


def refused(bed: Bed, **change: Any) -> str:
    """The error of a create that fails; nothing is left of it."""
    with pytest.raises(ProviderError) as caught:
        bed.create(**change)
    assert not bed.there(f"^/{bed.name}$")
    return str(caught.value)


def listening() -> socket.socket:
    taken = socket.socket()
    taken.bind(("127.0.0.1", 0))
    taken.listen()
    return taken


def test_a_port_that_another_program_has(bed: Bed) -> None:
    with listening() as taken:
        port = taken.getsockname()[1]
        text = refused(bed, ports=[{"internal": 80, "external": port, "ip": "127.0.0.1"}])
    assert text.splitlines() == [
        f"container {bed.name}: port {port} on 127.0.0.1 is taken by another program",
        f"`ss -ltnp sport = :{port}` shows which. Stop it, or publish another port.",
    ]


def test_a_port_that_another_container_has(bed: Bed) -> None:
    with listening() as free:
        port = free.getsockname()[1]
    ports = [{"internal": 80, "external": port, "ip": "127.0.0.1"}]
    bed.create(name=f"{bed.name}-first", ports=ports)
    text = refused(bed, ports=ports)
    assert text.splitlines() == [
        f"container {bed.name}: port {port} on 127.0.0.1 is taken by container {bed.name}-first",
        f"Stop {bed.name}-first, or publish another port.",
    ]


def test_an_image_that_is_not_there(bed: Bed) -> None:
    text = refused(bed, image="local/nowhere:9")
    assert text.startswith(f"container {bed.name}: the image local/nowhere:9 is not on this machine\n")
    assert "docker pull local/nowhere:9" in text


def test_a_network_that_is_not_there(bed: Bed) -> None:
    assert "there is no network nowhere-9" in refused(bed, networksAdvanced=[{"name": "nowhere-9"}])


def test_a_program_that_is_not_there(bed: Bed) -> None:
    text = refused(bed, command=["/bin/nothing", "x"])
    assert "its command '/bin/nothing' cannot be run in the image local/platform-test:1" in text
    assert "no such file" in text


def test_it_exits_at_once(bed: Bed, canary: str) -> None:
    counting = "for n in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17; do echo line $n; done"
    script = f"{counting}; printf '\\033[31mno db\\033[0m at '; echo $URL; exit 3"
    text = refused(bed, command=["/bin/sh", "-c", script], envs=["A=1", Sealed(f"URL=postgres://app:{canary}@db/app")])
    lines = text.splitlines()
    assert lines[0] == f"container {bed.name}: it exited with code 3 right after start"
    assert lines[1] == "last log lines:"
    assert lines[-2] == "    no db at [secret]"
    assert lines[2:-2] == [f"    line {number}" for number in range(4, 18)]
    assert lines[-1] == "Correct what the log says, then run again."
    assert canary not in text


def test_it_keeps_exiting(bed: Bed) -> None:
    text = refused(bed, command=["/bin/sh", "-c", "echo bad; exit 2"], restart="always")
    assert "it exited with code 2 right after start" in text
    assert "    bad" in text.splitlines()


def test_it_may_end_where_it_need_not_run(bed: Bed) -> None:
    made = bed.create(command=["/bin/sh", "-c", "exit 2"], mustRun=False)
    bed.client.api.wait(made.id)
    assert bed.read(made).outputs["exitCode"] == 2


def test_it_does_not_become_healthy(bed: Bed, canary: str) -> None:
    check = {"tests": ["CMD-SHELL", "echo refused $KEY; exit 1"], "interval": "200ms", "retries": 90}
    text = refused(bed, healthcheck=check, wait=True, waitTimeout=1, envs=Sealed([f"KEY={canary}"]))
    assert text.splitlines() == [
        f"container {bed.name}: it did not become healthy within 1 s; last health check: exit code 1, refused [secret]",
        "Correct the application or its health check, or wait longer (`waitTimeout`), then run again.",
    ]


def test_its_health_check_fails_as_often_as_it_may(bed: Bed) -> None:
    check = {"tests": ["CMD-SHELL", "exit 1"], "interval": "200ms", "retries": 2}
    text = refused(bed, healthcheck=check, wait=True, waitTimeout=60)
    assert "it did not become healthy: its health check failed" in text
    assert "times in a row; last health check: exit code 1, no output" in text


def test_one_that_is_started_again_and_again_is_not_waited_for(bed: Bed) -> None:
    check = {"tests": ["CMD", "/bin/true"], "interval": "60s"}
    command = ["/bin/sh", "-c", "echo no; exit 4"]
    text = refused(bed, command=command, healthcheck=check, restart="always", wait=True, waitTimeout=60)
    found = re.search(r"it exited with code 4 again and again, (\d+) times by now", text)
    assert found is not None, text
    assert int(found[1]) >= 3, "whoever looks later sees more"
    assert "last log lines:" in text


def test_a_check_that_passes_is_not_waited_for_a_whole_interval(bed: Bed) -> None:
    check = {"tests": ["CMD", "/bin/true"], "interval": "600s"}
    bed.create(healthcheck=check, wait=True, waitTimeout=30)


def test_it_exits_while_it_is_waited_for(bed: Bed) -> None:
    check = {"tests": ["CMD", "/bin/false"], "interval": "200ms", "retries": 90}
    command = ["/bin/sh", "-c", "sleep 0.5; echo no; exit 4"]
    text = refused(bed, command=command, healthcheck=check, wait=True, waitTimeout=60)
    assert "it exited with code 4 before it was healthy" in text


def test_it_has_nothing_to_wait_for(bed: Bed) -> None:
    assert "it has no health check, so it cannot be waited for" in refused(bed, wait=True)


def test_a_running_leftover_of_the_same_create_is_taken_over(bed: Bed) -> None:
    bed.network()
    change = {
        "labels": OURS,
        "envs": ["A=1"],
        "networksAdvanced": [{"name": bed.name}],
        "volumes": [{"volumeName": bed.name, "containerPath": "/data"}],
        "logOpts": {"max-size": "1m"},
        "healthcheck": {"tests": ["CMD", "/bin/true"], "interval": "100ms"},
        "memory": 64,
        "wait": True,
    }
    made = bed.create(**change)
    again = bed.create(**change)
    assert again == made


@pytest.mark.parametrize(
    "change", [{"envs": ["A=2"]}, {"command": ["/bin/sleep", "601"]}, {"memory": 32}, {"tmpfs": {"/x": ""}}]
)
def test_a_leftover_of_another_configuration_is_made_anew(bed: Bed, change: dict[str, Any]) -> None:
    made = bed.create(labels=OURS, envs=["A=1"])
    again = bed.create(**{"labels": OURS, "envs": ["A=1"], **change})
    assert again.id != made.id
    assert len(bed.there()) == 1


def test_a_leftover_that_was_not_started_is_made_anew(bed: Bed) -> None:
    made = bed.create(labels=OURS, start=False)
    again = bed.create(labels=OURS)
    assert again.id != made.id
    assert bed.client.api.inspect_container(again.id)["State"]["Running"]


@pytest.mark.parametrize(
    ("labels", "mark"),
    [
        ({}, "image local/platform-test:1"),
        ({"com.docker.compose.project": "shop"}, "of the Compose project shop"),
        ({URN_TAG: "urn:pulumi:other"}, "made for urn:pulumi:other"),
    ],
)
def test_anothers_container_is_left_alone(bed: Bed, labels: dict[str, str], mark: str) -> None:
    config = {"Image": bed.image, "Cmd": ["/bin/sleep", "600"], "Labels": labels}
    other = bed.client.api.create_container_from_config(config, bed.name)["Id"]
    with pytest.raises(ProviderError) as caught:
        bed.create(labels=OURS)
    text = str(caught.value)
    assert text.startswith(f"the name {bed.name} is taken by a container that is not ours (id {other[:12]}, ")
    assert mark in text
    assert [item["Id"] for item in bed.there()] == [other]


def test_an_update_that_docker_refuses(bed: Bed) -> None:
    made = bed.create(memory=64)
    with pytest.raises(ProviderError, match=f"container {bed.name}: Docker refused it"):
        bed.update(made, bed.inputs(memory=1))
    assert bed.client.api.inspect_container(made.id)["State"]["Running"]

"""What Docker says of a container in our words, and its bytes as lines: without a daemon."""

from __future__ import annotations

from typing import Any

import pytest

from components.docker.plugin import runtime
from components.docker.plugin.runtime import CONTAINER, IMAGE, NETWORK, DockerRuntime, container_state
from platform_pulumi.errors import EngineError
from platform_pulumi.model.status import Health, LiveState, ResourceState
from platform_pulumi.sdk.runtime import PendingCreate, RecordedResource

A, F, G, C = ResourceState.ACTIVE, ResourceState.FAILED, ResourceState.DEGRADED, ResourceState.CREATING
NOBODY = "unix:///nowhere/docker.sock"


def health(status: str, streak: int = 0, output: str = "") -> dict[str, Any]:
    return {"Health": {"Status": status, "FailingStreak": streak, "Log": [{"ExitCode": 1, "Output": output}]}}


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ({"Status": "running"}, LiveState(A)),
        ({"Status": "running", **health("healthy")}, LiveState(A, Health.HEALTHY)),
        (
            {"Status": "running", **health("starting")},
            LiveState(A, Health.STARTING),
        ),
        (
            {"Status": "running", **health("unhealthy", 3)},
            LiveState(G, Health.UNHEALTHY, detail="its health check failed 3 times in a row"),
        ),
        ({"Status": "exited", "ExitCode": 1}, LiveState(F, detail="exited with code 1")),
        (
            {"Status": "exited", "ExitCode": 137, "OOMKilled": True, **health("healthy")},
            LiveState(F, Health.UNHEALTHY, detail="exited with code 137 (out of memory)"),
        ),
        ({"Status": "dead", "ExitCode": 0}, LiveState(F, detail="exited with code 0")),
        (
            {"Status": "restarting", "ExitCode": 2},
            LiveState(G, detail="starts again and again: exited with code 2"),
        ),
        ({"Status": "paused"}, LiveState(G, detail="paused")),
        ({"Status": "created"}, LiveState(C, detail="made, and not started yet")),
        (
            {"Status": "created", "ExitCode": 128, "Error": "port is already allocated"},
            LiveState(F, detail="never started: port is already allocated"),
        ),
        ({"Status": "removing"}, LiveState(ResourceState.DELETING, detail="Docker is removing it")),
        ({}, LiveState(G, detail="in a state that Docker does not tell")),
    ],
)
def test_a_container_in_our_words(state: dict[str, Any], expected: LiveState) -> None:
    assert container_state({"State": state}) == expected


def test_restarts_are_counted() -> None:
    assert container_state({"State": {"Status": "running"}, "RestartCount": 7}).restarts == 7


def test_what_a_health_check_prints_is_not_repeated(canary: str) -> None:
    found = container_state(
        {"State": {"Status": "running", **health("unhealthy", 1, canary)}, "Config": {"Env": [f"PASSWORD={canary}"]}}
    )
    assert canary not in repr(found)


@pytest.mark.parametrize(
    ("pieces", "lines"),
    [
        ([b"one\ntwo\n"], ["one", "two"]),
        ([b"o", b"ne\r\ntw", b"o"], ["one", "two"]),
        ([b"\n\n"], ["", ""]),
        ([], []),
        ([b"caf\xc3", b"\xa9\n"], ["café"]),
        ([b"bad \xff\n"], ["bad \ufffd"]),
    ],
)
def test_bytes_become_lines(pieces: list[bytes], lines: list[str]) -> None:
    assert list(runtime._lines(pieces)) == lines


def test_a_line_without_an_end_is_given_in_pieces() -> None:
    pieces = [b"x" * 700_000] * 4
    lines = list(runtime._lines(pieces))
    assert "".join(lines) == "x" * 2_800_000
    assert max(map(len, lines)) == runtime.LONGEST


def test_a_line_keeps_its_place_where_it_has_no_time() -> None:
    stamped = ["2026-11-22T10:00:00.000000001Z one", "a rest without time", "2026-11-22T10:00:00.000000003Z two"]
    assert [(moment[-4:], line.text) for moment, line in runtime._timed("x", stamped)] == [
        ("001Z", "one"), ("001Z", "a rest without time"), ("003Z", "two"),
    ]  # fmt: skip


def test_a_daemon_that_is_not_there_is_told_with_what_to_do() -> None:
    lost = DockerRuntime({"host": NOBODY}, {})
    container = RecordedResource("urn", CONTAINER, "api-1", "f" * 64)
    for ask in (
        lost.healthy,
        lambda: lost.inspect([container]),
        lambda: list(lost.logs([container], follow=False, tail=None, since=None)),
        lambda: list(lost.logs([container], follow=True, tail=None, since=None)),
    ):
        with pytest.raises(EngineError) as caught:
            ask()
        assert caught.value.exit_code == 6
        assert "Is Docker running?" in caught.value.detail
        assert NOBODY in caught.value.detail


def test_where_nothing_can_be_asked_nobody_is() -> None:
    lost = DockerRuntime({"host": NOBODY}, {})
    assert lost.inspect([RecordedResource("u", "platform:index:Password", "db", "1")]) == {}
    network, container = RecordedResource("u", NETWORK, "vpc", "1"), RecordedResource("c", CONTAINER, "db", "2")
    assert lost.writers([network, container]) == [container]


def test_of_what_is_the_same_again_nothing_is_looked_for_and_of_what_is_unknown_nothing_is_said() -> None:
    kinds = (IMAGE, "docker:index/image:Image", "docker:index/secret:Secret")
    pending = [PendingCreate(f"urn:{kind}", kind, "acme/prod::api::api") for kind in kinds]
    found = DockerRuntime({"host": NOBODY}, {}).find(pending, frozenset())
    assert found == {f"urn:{kind}": () for kind in kinds[:2]}


def test_healthy_needs_no_sdk() -> None:
    import subprocess
    import sys

    code = (
        "import sys\nfrom components.docker.plugin.runtime import DockerRuntime\n"
        f"try:\n    DockerRuntime({{'host': {NOBODY!r}}}, {{}}).healthy()\nexcept Exception:\n    pass\n"
        "print([n for n in ('docker', 'requests', 'pulumi', 'grpc') if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"

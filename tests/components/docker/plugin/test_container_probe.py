"""A container's own check asked at once, of a daemon in memory."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest
from docker.errors import APIError

from components.docker.plugin.container_probe import Probe

SECOND = 1_000_000_000
#: How long an answer may take before a test gives up.
PATIENCE = 10.0


@dataclass
class Daemon:
    """Runs commands in a container: `codes` are the exit codes of each in turn, None for one that hangs.

    `times` are those of the questions, `called` when the calls began in which they were put.
    """

    codes: list[int | None] = field(default_factory=list)
    refusing: list[str] = field(default_factory=list)
    asked: list[tuple[str, list[str]]] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    called: list[float] = field(default_factory=list)
    now: float = 0.0
    started: list[tuple[str, bool]] = field(default_factory=list)

    @property
    def api(self) -> Daemon:
        return self

    def exec_create(self, container: str, command: list[str]) -> Mapping[str, str]:
        self.asked.append((container, command))
        self.times.append(time.monotonic())
        self.called.append(self.now)
        self._refuse("create")
        return {"Id": str(len(self.asked) - 1)}

    def exec_start(self, exec_id: str, *, detach: bool) -> None:
        self._refuse("start")
        self.started.append((exec_id, detach))

    def exec_inspect(self, exec_id: str) -> Mapping[str, Any]:
        code = self.codes[int(exec_id)]
        return {"Running": code is None, "ExitCode": code}

    def pauses(self) -> list[float]:
        """What lay between the questions at most: never less than the pause, however slow this machine is."""
        return [after - before for before, after in zip(self.called, self.times[1:], strict=False)]

    def _refuse(self, step: str) -> None:
        if self.refusing and self.refusing[0] == step:
            del self.refusing[0]
            message = "409 Client Error: container is not running"
            raise APIError(message)


def probe(daemon: Daemon, test: Sequence[str] | None, **config: Any) -> Probe:
    check = {"Test": test, **config.pop("check", {})}
    client: Any = SimpleNamespace(api=daemon)
    return Probe(client, "c1", {"Healthcheck": check, **config})


def answered(made: Probe, daemon: Daemon, asks: int) -> bool:
    """Ask until it passes, or until so many questions were put."""
    end = time.monotonic() + PATIENCE
    while (now := time.monotonic()) < end:
        daemon.now = now
        if made.passes():
            return True
        if len(daemon.asked) >= asks and not daemon.refusing:
            return made.passes()
    message = f"{len(daemon.asked)} of {asks} questions within {PATIENCE} s"
    raise AssertionError(message)


@pytest.mark.parametrize(
    ("test", "shell", "command"),
    [
        (["CMD", "pg_isready", "-q"], None, ["pg_isready", "-q"]),
        (["CMD-SHELL", "redis-cli ping | grep -q PONG"], None, ["/bin/sh", "-c", "redis-cli ping | grep -q PONG"]),
        (["CMD-SHELL", "x"], ["/bin/bash", "-eo", "pipefail", "-c"], ["/bin/bash", "-eo", "pipefail", "-c", "x"]),
    ],
)
def test_the_check_is_run_as_docker_would_run_it(test: list[str], shell: list[str] | None, command: list[str]) -> None:
    daemon = Daemon([0])
    made = probe(daemon, test, **({"Shell": shell} if shell else {}))
    assert not made.passes(), "it has only been asked"
    assert made.passes()
    assert daemon.asked == [("c1", command)]
    assert daemon.started == [("0", True)], "nobody waits for it"


@pytest.mark.parametrize("test", [None, [], ["NONE"], ["CMD"], ["CMD-SHELL"], ["OTHER", "x"]])
def test_where_there_is_no_check_nothing_is_asked_and_nothing_passes(test: list[str] | None) -> None:
    daemon = Daemon()
    made = probe(daemon, test)
    assert not any(made.passes() for _ in range(3))
    assert daemon.asked == []


def test_a_configuration_without_a_check_has_none() -> None:
    client: Any = SimpleNamespace(api=Daemon())
    assert not Probe(client, "c1", {}).passes()
    assert not Probe(client, "c1", {"Healthcheck": None}).passes()


def test_it_is_asked_again_until_it_succeeds_and_no_sooner_each_time() -> None:
    daemon = Daemon([1, 1, 137, 0])
    assert answered(probe(daemon, ["CMD", "true"]), daemon, 5)
    assert len(daemon.asked) == 4
    for pause, least in zip(daemon.pauses(), (0.1, 0.15, 0.225), strict=True):
        assert pause >= least


def test_one_question_is_put_at_a_time() -> None:
    daemon = Daemon([None])
    made = probe(daemon, ["CMD", "sleep", "1"])
    assert not any(made.passes() for _ in range(100))
    assert len(daemon.asked) == 1
    daemon.codes = [0]
    assert made.passes()


def test_a_check_that_hangs_is_given_up_after_its_own_time() -> None:
    daemon = Daemon([None, 0])
    made = probe(daemon, ["CMD", "sleep", "9"], check={"Timeout": SECOND // 20})
    assert answered(made, daemon, 3)
    assert len(daemon.asked) == 2
    assert daemon.pauses()[0] >= 0.05 + 0.1, "its time, and the pause after it"


@pytest.mark.parametrize("step", ["create", "start"])
def test_a_container_that_does_not_run_just_now_is_asked_again(step: str) -> None:
    daemon = Daemon([0, 0, 0], refusing=[step, step])
    made = probe(daemon, ["CMD", "true"])
    assert answered(made, daemon, 4)
    assert len(daemon.asked) == 3
    for pause, least in zip(daemon.pauses(), (0.1, 0.15), strict=True):
        assert pause >= least


def test_other_failures_of_the_daemon_are_not_hidden() -> None:
    class Gone(Daemon):
        def exec_create(self, container: str, command: list[str]) -> Mapping[str, str]:
            message = "the daemon is gone"
            raise ConnectionError(message)

    with pytest.raises(ConnectionError):
        probe(Gone(), ["CMD", "true"]).passes()

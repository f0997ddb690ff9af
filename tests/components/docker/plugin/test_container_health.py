"""Whether a container stays, told from what a daemon in memory says of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any

import pytest
from docker.errors import APIError

from components.docker.plugin.container_errors import ContainerFailure
from components.docker.plugin.container_health import wait_until_ready

RUNS = {"Running": True, "Restarting": False, "ExitCode": 0, "Health": {"Status": "starting"}}
ENDED = {"Running": True, "Restarting": True, "ExitCode": 7, "Health": {"Status": "unhealthy"}}


class Daemon:
    """Says of its container what it was given, the last of it for ever; its check cannot be run."""

    def __init__(self, *seen: tuple[Mapping[str, Any], int]) -> None:
        self._seen: Sequence[tuple[Mapping[str, Any], int]] = seen
        self._asked = 0

    @property
    def api(self) -> Daemon:
        return self

    def inspect_container(self, _container: str) -> Mapping[str, Any]:
        state, restarts = self._seen[min(self._asked, len(self._seen) - 1)]
        self._asked += 1
        config = {"Healthcheck": {"Test": ["CMD", "true"], "Retries": 3}}
        return {"State": state, "RestartCount": restarts, "Config": config}

    def exec_create(self, _container: str, _command: list[str]) -> Mapping[str, str]:
        message = "409 Client Error: container is restarting"
        raise APIError(message)


def ended(*seen: tuple[Mapping[str, Any], int]) -> str:
    """What is said of one that need not become healthy, but has to run."""
    with pytest.raises(ContainerFailure) as raised:
        wait_until_ready(client(*seen), "c1", {"mustRun": True})
    return raised.value.what


def client(*seen: tuple[Mapping[str, Any], int]) -> Any:
    return SimpleNamespace(api=Daemon(*seen))


def troubled(*seen: tuple[Mapping[str, Any], int], seconds: float = 5) -> str:
    with pytest.raises(ContainerFailure) as raised:
        wait_until_ready(client(*seen), "c1", {"wait": True, "waitTimeout": seconds})
    return raised.value.what


def test_the_code_of_one_that_is_started_again_and_again_is_its_last_one() -> None:
    """Whoever looks while it runs for a moment is told no exit code, or rather 0."""
    assert troubled((RUNS, 0), (RUNS, 3), (ENDED, 3)) == "it exited with code 7 again and again, 3 times by now"
    assert troubled((ENDED, 2), (RUNS, 3), (RUNS, 3), (ENDED, 4)).endswith("code 7 again and again, 4 times by now")


def test_one_that_only_ever_is_seen_running_is_late() -> None:
    assert troubled((RUNS, 4), seconds=0.2).startswith("it did not become healthy within 0.2 s")


def test_one_that_runs_whenever_somebody_looks_is_not_up_where_it_was_started_again() -> None:
    """It exits at once, and its restart policy is quicker than whoever looks."""
    running = [(RUNS, 1)] * 10
    assert ended(*running, (ENDED, 2)) == "it exited with code 7 right after start"


def test_one_that_was_started_again_and_stays_is_up() -> None:
    wait_until_ready(client((RUNS, 0), (RUNS, 1)), "c1", {"mustRun": True})

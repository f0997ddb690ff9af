"""Wait for a started container: running shortly after its start, and healthy in time where that is asked for."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from components.docker.plugin.container_errors import ContainerFailure
from components.docker.plugin.container_probe import Probe

if TYPE_CHECKING:
    from docker import DockerClient

#: How long a container is watched that need not become healthy: what is wrong with a command shows at once.
_SETTLING = 0.3
#: How long one is watched that its restart policy has already started again: it may run each time somebody looks.
_SETTLING_AGAIN = 3.0
_FIRST_PAUSE, _LONGEST_PAUSE = 0.05, 0.5
_OUTPUT = 300
#: Docker's own default.
_USUAL_RETRIES = 3
#: A container that its restart policy had to start this often will not stay.
_MOST_RESTARTS = 3


def wait_until_ready(client: DockerClient, container: str, inputs: Mapping[str, Any]) -> None:
    """Wait as the (unwrapped) inputs ask for.

    Raises:
        ContainerFailure: it exited, or did not become healthy in time.
    """
    if inputs.get("wait"):
        _until_healthy(client, container, float(inputs.get("waitTimeout") or 60))
    elif inputs.get("mustRun", True):
        _stays(client, container)


def _stays(client: DockerClient, container: str) -> None:
    start = time.monotonic()
    while True:
        found = client.api.inspect_container(container)
        if not _runs(found["State"]):
            raise _exited(found["State"], "right after start")
        if time.monotonic() - start >= (_SETTLING_AGAIN if found.get("RestartCount") else _SETTLING):
            return
        time.sleep(_FIRST_PAUSE)


def _until_healthy(client: DockerClient, container: str, timeout: float) -> None:
    end = time.monotonic() + timeout
    pause = _FIRST_PAUSE
    probe: Probe | None = None
    while True:
        found = client.api.inspect_container(container)
        state = found["State"]
        health = state.get("Health") or {}
        status = health.get("Status")
        probe = probe or Probe(client, container, found["Config"])
        if status == "healthy" or (_runs(state) and probe.passes()):
            return
        # While it runs for a moment between two ends, it has no exit code and has not said its last words yet.
        if found.get("RestartCount", 0) >= _MOST_RESTARTS and not _runs(state):
            raise _exited(state, f"again and again, {found['RestartCount']} times by now")
        streak = int(health.get("FailingStreak") or 0)
        # Docker calls a container that has just ended unhealthy as well; that is reported below.
        if status == "unhealthy" and streak >= _retries(found["Config"]):
            raise _late(state, health, f": its health check failed {streak} times in a row")
        # One that its restart policy starts again may still become healthy.
        if not state.get("Running") and not state.get("Restarting"):
            raise _exited(state, "before it was healthy")
        if status in {None, "", "none"} and not state.get("Restarting"):
            raise ContainerFailure(
                "it has no health check, so it cannot be waited for",
                "Give it one (`healthcheck`), build one into the image, or do without `wait`.",
            )
        left = end - time.monotonic()
        if left <= 0:
            raise _late(state, health, f" within {timeout:g} s")
        time.sleep(min(pause, left))
        pause = min(pause * 1.5, _LONGEST_PAUSE)


def _retries(config: Mapping[str, Any]) -> int:
    return int((config.get("Healthcheck") or {}).get("Retries") or _USUAL_RETRIES)


def _exited(state: Mapping[str, Any], when: str) -> ContainerFailure:
    code = state.get("ExitCode", 0)
    what = f"it exited with code {code} {when}"
    if state.get("OOMKilled"):
        return ContainerFailure(f"{what}: it was killed for want of memory", "Raise its memory limit.")
    if state.get("Error"):
        what = f"{what}: {state['Error']}"
    if code == 0:
        return ContainerFailure(what, "Its command ended by itself. A container that must run needs one that does not.")
    return ContainerFailure(what, "Correct what the log says, then run again.")


def _late(state: Mapping[str, Any], health: Mapping[str, Any], how: str) -> ContainerFailure:
    what = f"it did not become healthy{how}"
    if state.get("Restarting"):
        return ContainerFailure(
            f"{what}: it keeps exiting, last with code {state.get('ExitCode', 0)}",
            "Correct what the log says, then run again.",
        )
    checks = health.get("Log") or []
    if not checks:
        return ContainerFailure(
            f"{what}: its health check has not run once",
            "Check more often (`interval`), or wait longer (`waitTimeout`).",
        )
    last = checks[-1]
    output = " ".join(str(last.get("Output") or "").split())[-_OUTPUT:]
    said = f"last health check: exit code {last.get('ExitCode')}" + (f", {output}" if output else ", no output")
    return ContainerFailure(
        f"{what}; {said}",
        "Correct the application or its health check, or wait longer (`waitTimeout`), then run again.",
    )


def _runs(state: Mapping[str, Any]) -> bool:
    """Whether it runs now: Docker says so also of one that it is about to start again."""
    return bool(state.get("Running")) and not state.get("Restarting")

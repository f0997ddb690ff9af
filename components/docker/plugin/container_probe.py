"""Probe of a container: its own health check, run at once instead of after Docker's interval.

Docker asks for the first time a whole interval after the start (only its newest versions have a shorter one for
starts), and whoever waits for a container waits for that. The same command, run in the same container, answers as soon
as there is an answer; Docker's own verdict follows in its own time.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from docker import DockerClient

_NANOSECONDS = 1_000_000_000
#: Docker's own default.
_TIMEOUT = 30.0
_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 2.0


class Probe:
    """Repeated run of a container's health check, with growing pauses, one at a time and without blocking.

    Args:
        client: the daemon.
        container: whose check it is.
        config: its configuration as Docker tells it (`Config` of an inspection).
    """

    def __init__(self, client: DockerClient, container: str, config: Mapping[str, Any]) -> None:
        self._client = client
        self._container = container
        check = config.get("Healthcheck") or {}
        self._command = _command(check.get("Test") or (), config.get("Shell") or ("/bin/sh", "-c"))
        self._timeout = (check.get("Timeout") or 0) / _NANOSECONDS or _TIMEOUT
        self._asked: str | None = None
        self._since = self._next = 0.0
        self._pause = _FIRST_PAUSE

    def passes(self) -> bool:
        """Whether the check has succeeded by now; runs it where it is time to."""
        if not self._command:
            return False
        now = time.monotonic()
        if self._asked is None:
            if now >= self._next:
                self._ask(now)
            return False
        found = self._client.api.exec_inspect(self._asked)
        if found["Running"] and now - self._since < self._timeout:
            return False
        self._asked, self._next = None, now + self._pause
        # A check that takes long is not asked all the time.
        self._pause = min(max(self._pause * 1.5, now - self._since), _LONGEST_PAUSE)
        return not found["Running"] and found["ExitCode"] == 0

    def _ask(self, now: float) -> None:
        from docker.errors import APIError  # noqa: PLC0415  loaded with the first call to the daemon

        try:
            self._asked = self._client.api.exec_create(self._container, self._command)["Id"]
            self._client.api.exec_start(self._asked, detach=True)
            self._since = now
        except APIError:
            # It is not running just now, or has no such command: Docker's own check tells that better.
            self._asked, self._next = None, now + self._pause
            self._pause = min(self._pause * 1.5, _LONGEST_PAUSE)


def _command(test: Sequence[str], shell: Sequence[str]) -> list[str]:
    """`["CMD", "pg_isready"]` or `["CMD-SHELL", "..."]` as a command; empty where there is no check."""
    kind, *rest = test or ("NONE",)
    if kind == "CMD":
        return rest
    return [*shell, *rest] if kind == "CMD-SHELL" and rest else []

"""The parent's end of the engine's children: starts the zygote, asks it for runs, and ends what it started."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from platform_pulumi.errors import EngineError


class Zygote:
    """Starts at once, imports in the background; each `fork` is a run's process.

    Args:
        environment: what the zygote may see; a run's own environment comes with its launch.
        log: where its own words and those of its runs go; read only to explain a death.
    """

    def __init__(self, environment: dict[str, str], log: Path) -> None:
        self._log = log
        ours, theirs = socket.socketpair()
        self._control = ours
        self._runs: list[int] = []
        with theirs, log.open("wb") as words:
            # -P: a folder named `components` in the user's working directory must not shadow ours.
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "platform_pulumi.engine.child", str(theirs.fileno())],
                pass_fds=(theirs.fileno(),),
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=words,
                start_new_session=True,
            )

    def fork(self) -> Connection[Any, Any]:
        """A new run's connection. It answers as soon as the zygote has finished importing."""
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                socket.send_fds(self._control, [b"r"], [theirs.fileno()])
            except OSError as error:
                ours.close()
                raise self.dead() from error
        return Connection(ours.detach())

    def dead(self) -> EngineError:
        """What to say when the zygote is gone."""
        words = self._log.read_bytes()[-2000:].decode(errors="replace").strip()
        detail = f"The process that runs programs ended unexpectedly. {words}".strip()
        return EngineError("The engine's process ended", detail)

    def remember(self, pid: int) -> None:
        """A run's process id, to be ended with us."""
        self._runs.append(pid)

    def close(self) -> None:
        """End the zygote and every run of it that still lives."""
        self._control.close()
        for pid in self._runs:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(pid, signal.SIGKILL)
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        self._process.wait()

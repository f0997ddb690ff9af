"""Handle of the child process that runs programs: starts it, asks it for runs, ends it with all that it started.

Import it lightly: it is loaded before anything else of a command that runs the engine.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from multiprocessing.connection import Connection
from types import TracebackType
from typing import IO, Any

from platform_pulumi import temporary
from platform_pulumi.engine.ipc import IMPORT, RUN
from platform_pulumi.errors import EngineError
from platform_pulumi.plugins.environment import visible

_WORDS = 2_000


class LanguageHost:
    """Child process that runs the programs of a command; each `connect` is a run.

    Args:
        environment: the user's. The process sees none of Pulumi's, a cloud's or a daemon's variables; a run's own
            environment comes with its launch.
    """

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = visible(environment)
        self._started: _Started | None = None
        self._preloaded: set[str] = set()

    def __enter__(self) -> LanguageHost:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def started(self) -> bool:
        """Whether the process was started: programs run, or are expected to."""
        return self._started is not None

    def prepare(self) -> None:
        """Start the process ahead of the first program, and begin to import what all programs need; returns at once."""
        self._start()
        self.preload(["platform_pulumi.engine.language_server"])

    def _start(self) -> None:
        if self._started is not None:
            return
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        # A file, not a pipe: nobody reads while all goes well, and a full pipe would stop a run.
        with temporary.writing():
            words = tempfile.TemporaryFile()  # noqa: SIM115  closed by `close`
        with theirs:
            # -P: a folder named `components` in the user's working directory must not shadow ours.
            process = subprocess.Popen(
                [sys.executable, "-P", "-m", "platform_pulumi.engine.child", str(theirs.fileno())],
                pass_fds=(theirs.fileno(),),
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=words,
                start_new_session=True,
            )
        self._started = _Started(process, ours, words)

    def preload(self, modules: Iterable[str]) -> None:
        """Import these modules before the next program runs; nothing where there is no process yet."""
        missing = sorted(set(modules) - self._preloaded)
        if self._started is not None and missing:
            self._preloaded.update(missing)
            with contextlib.suppress(OSError):  # a dead process is noticed when a run is asked of it
                self._started.control.send(IMPORT + json.dumps(missing).encode())

    def connect(self) -> Connection[Any, Any]:
        """Open the connection of a new run.

        Raises:
            EngineError: the process is gone.
        """
        self._start()
        assert self._started is not None
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                socket.send_fds(self._started.control, [RUN], [theirs.fileno()])
            except OSError as error:
                ours.close()
                raise self.dead() from error
        return Connection(ours.detach())

    def dead(self) -> EngineError:
        """Build the error of a dead process, with its last output."""
        words = ""
        if self._started is not None:
            self._started.words.seek(0)
            words = self._started.words.read()[-_WORDS:].decode(errors="replace").strip()
        detail = f"The process that runs programs ended unexpectedly. {words}".strip()
        return EngineError("The engine's process ended", detail)

    def close(self) -> None:
        """End the process and every CLI of its that still runs."""
        started, self._started = self._started, None
        self._preloaded.clear()
        if started is None:
            return
        started.control.close()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(started.process.pid, signal.SIGKILL)
        started.process.wait()
        started.words.close()


@dataclass(frozen=True, slots=True)
class _Started:
    process: subprocess.Popen[bytes]
    control: socket.socket
    words: IO[bytes]

"""Client of our provider servers: starts the host process, reads its ports, ends it."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO

from platform_pulumi import temporary
from platform_pulumi.errors import EngineError
from platform_pulumi.plugins.environment import visible
from platform_pulumi.plugins.faults import Faults
from platform_pulumi.plugins.serving import ServedPackage

#: How long the host may take to serve, in seconds; it takes a quarter of one.
READY_TIMEOUT = 60.0
_STOP_TIMEOUT = 5.0


@dataclass
class PluginHost:
    """Host process of our provider servers, which runs as long as the context lasts.

    Args:
        packages: what is served, by Pulumi package.
        world: the simulated world's file.
        faults: what the simulated packages do wrong.
        simulated: whether simulated packages may be served, and no embedded one sees its environment.
        cache: a folder to keep the SDKs' types in between runs; reading them anew takes one or two seconds.
    """

    packages: Mapping[str, ServedPackage]
    world: Path
    faults: Faults | None = None
    simulated: bool = False
    cache: Path | None = None
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False, repr=False)
    _words: IO[bytes] | None = field(default=None, init=False, repr=False)
    _ports: str | None = field(default=None, init=False, repr=False)

    def __enter__(self) -> PluginHost:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Start the process; returns at once. `debug_providers` waits until it serves."""
        if self._process is not None:
            return
        request = {
            "packages": {name: dataclasses.asdict(served) for name, served in self.packages.items()},
            "world": str(self.world),
            "faults": (self.faults or Faults()).to_json(),
            "simulated": self.simulated,
            "cache": str(self.cache) if self.cache else None,
        }
        # A file, not a pipe: nobody reads while all goes well, and a full pipe would stop the host.
        with temporary.writing():
            self._words = tempfile.TemporaryFile()  # noqa: SIM115  closed by `stop`
        # -P: a folder named `components` in the user's working directory must not shadow ours.
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "platform_pulumi.plugins.host"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._words,
            env=visible(os.environ, *self._environment),
            start_new_session=True,
        )
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.write(json.dumps(request).encode() + b"\n")
            self._process.stdin.flush()

    @property
    def _environment(self) -> tuple[str, ...]:
        """Build the host's environment: the neutral part, and the variables of its embedded packages."""
        return () if self.simulated else tuple(name for each in self.packages.values() for name in each.environment)

    @property
    def debug_providers(self) -> str:
        """Return the value of PULUMI_DEBUG_PROVIDERS: `aws:PORT,eks:PORT`.

        Raises:
            EngineError: the host ended or did not answer in time.
        """
        if self._ports is None:
            self.start()
            self._ports = self._answer()
        return self._ports

    @property
    def pid(self) -> int | None:
        """Process id of the host, once it was started."""
        return self._process.pid if self._process is not None else None

    def stop(self) -> None:
        """End the process: close its input, and kill it where that is not enough."""
        process, self._process, self._ports = self._process, None, None
        if process is None:
            return
        for stream in (process.stdin, process.stdout, self._words):
            if stream is not None:
                with contextlib.suppress(BrokenPipeError):
                    stream.close()
        try:
            process.wait(_STOP_TIMEOUT)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def _answer(self) -> str:
        assert self._process is not None
        assert self._process.stdout is not None
        line, deadline = b"", time.monotonic() + READY_TIMEOUT
        descriptor = self._process.stdout.fileno()
        while not line.endswith(b"\n"):
            if not select.select([descriptor], [], [], max(0.0, deadline - time.monotonic()))[0]:
                message = f"The provider servers did not answer within {READY_TIMEOUT:.0f} s."
                raise self._failed(message)
            part = os.read(descriptor, 65536)
            if not part:
                raise self._failed("The provider servers ended while they started.")
            line += part
        answer = json.loads(line)
        if "error" in answer:
            summary, detail = answer["error"]
            self.stop()
            raise EngineError(summary, detail)
        return str(answer["debug_providers"])

    def _failed(self, what: str) -> EngineError:
        assert self._process is not None
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        tail = ""
        if self._words is not None:
            self._words.seek(0)
            tail = self._words.read().decode(errors="replace").strip()[-2000:]
        self.stop()
        return EngineError("The provider servers did not start", f"{what} {tail}".strip())

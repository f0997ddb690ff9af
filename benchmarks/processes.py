"""Measurement of a command and its process tree: wall time, CPU time and peak memory."""

from __future__ import annotations

import contextlib
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

_TICK = 0.02
#: The name of a Pulumi CLI's process.
_CLI = "pulumi"


@dataclass(frozen=True, slots=True)
class Cost:
    """Cost of a process tree: seconds of wall and CPU time, and peak memory in MiB.

    `memory` is what all processes take together; `resident` adds up what each maps, so that what several share (a
    binary, libraries) counts as often as it is mapped.

    `own` is the CPU time of all processes but the Pulumi CLIs: what is spent on the platform's side of the engine.
    `calls` is what bare Pulumi spent in the calls alone: without its start, the plugins' and the making of stacks.
    """

    wall: float
    cpu: float = 0.0
    memory: float = 0.0
    resident: float = 0.0
    own: float = 0.0
    calls: float = 0.0


def measure_wall(command: Sequence[str], *, directory: Path, environment: Mapping[str, str]) -> Cost:
    """Run a short command to its end and measure the wall time alone."""
    started = time.perf_counter()
    subprocess.run(command, cwd=directory, env=dict(environment), stdout=subprocess.DEVNULL, check=True)
    return Cost(time.perf_counter() - started)


def measure(command: Sequence[str], *, directory: Path, environment: Mapping[str, str]) -> Cost:
    """Run a command to its end and measure its process tree.

    Raises:
        RuntimeError: it failed; the message has its last words.
    """
    started = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=directory, env=dict(environment), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    watch = _Watch(process.pid)
    _, words = process.communicate()
    wall = time.perf_counter() - started
    cost = watch.stop(wall)
    if process.returncode != 0:
        message = f"{' '.join(command)} exited with {process.returncode}: {words.decode(errors='replace')[-2000:]}"
        raise RuntimeError(message)
    return cost


class _Watch:
    """Looks at a process tree every 20 ms. What a process used after the last look at it is missed: about a percent."""

    def __init__(self, pid: int) -> None:
        self._root = psutil.Process(pid)
        self._cpu: dict[tuple[int, float, str], float] = {}
        self._memory = self._resident = 0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def stop(self, wall: float) -> Cost:
        self._ended.set()
        self._thread.join()
        own = sum(seconds for (_, _, name), seconds in self._cpu.items() if name != _CLI)
        return Cost(wall, sum(self._cpu.values()), self._memory / 1024, self._resident / 1024, own)

    def _look(self) -> None:
        while not self._ended.wait(_TICK):
            memory = resident = 0
            with contextlib.suppress(psutil.Error):
                for process in (self._root, *self._root.children(recursive=True)):
                    with contextlib.suppress(psutil.Error, OSError):
                        times = process.cpu_times()
                        key = (process.pid, process.create_time(), process.name())
                        self._cpu[key] = times.user + times.system
                        proportional, mapped = _memory(process.pid)
                        memory, resident = memory + proportional, resident + mapped
            self._memory = max(self._memory, memory)
            self._resident = max(self._resident, resident)


def _memory(pid: int) -> tuple[int, int]:
    """Proportional and resident set size of a process, in KiB (proc(5), `smaps_rollup`)."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    sizes = {line.partition(":")[0]: int(line.split()[1]) for line in lines if line.startswith(("Pss:", "Rss:"))}
    return sizes.get("Pss", 0), sizes.get("Rss", 0)

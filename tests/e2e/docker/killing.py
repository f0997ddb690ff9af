"""Ends a running command with all its processes at once, as the machine's own end would."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import psutil

from tests.e2e.conftest import PLATFORM
from tests.e2e.docker.conftest import Platform


def started(platform: Platform, *arguments: str) -> subprocess.Popen[bytes]:
    """The command, running; what it says goes into `killed.log` beside the declaration."""
    with log(platform).open("wb") as stream:
        return subprocess.Popen(
            [str(PLATFORM), *arguments],
            cwd=platform.folder,
            env=platform.environment(),
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=subprocess.STDOUT,
        )


def log(platform: Platform) -> Path:
    """What the command said."""
    return platform.folder / "killed.log"


def kill(process: subprocess.Popen[bytes]) -> None:
    """Stop, then kill: so that none of them sees another die."""
    stopped: set[psutil.Process] = set()
    while process.poll() is None:
        root = psutil.Process(process.pid)
        fresh = {root, *root.children(recursive=True)} - stopped
        if not fresh:
            break
        for victim in fresh:
            _send(victim, signal.SIGSTOP)
        stopped |= fresh
    for victim in stopped:
        _send(victim, signal.SIGKILL)
    process.wait()
    psutil.wait_procs(list(stopped), timeout=10)


def kill_after(platform: Platform, seconds: float, *arguments: str, word: str = "") -> bool:
    """Whether there was something left to kill that long after the command had said the word."""
    process = started(platform, *arguments)
    deadline = time.monotonic() + 60
    while word not in log(platform).read_text(encoding="utf-8") and process.poll() is None:
        assert time.monotonic() < deadline, f"{word!r} was never said"
        time.sleep(0.02)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        kill(process)
        return True
    return False


def kill_when(platform: Platform, moment: Callable[[], object], *arguments: str) -> None:
    """Kill the command as soon as something is so."""
    process = started(platform, *arguments)
    deadline = time.monotonic() + 60
    while not moment():
        assert process.poll() is None, log(platform).read_text(encoding="utf-8")
        if time.monotonic() > deadline:
            kill(process)
            raise AssertionError(log(platform).read_text(encoding="utf-8"))
        time.sleep(0.01)
    kill(process)


def _send(victim: psutil.Process, number: int) -> None:
    try:
        victim.send_signal(number)
    except psutil.NoSuchProcess:
        return

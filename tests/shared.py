"""What is made once for all workers of a run, ports that no two of them are given, what a machine may lack, waiting."""

from __future__ import annotations

import fcntl
import itertools
import os
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn, TypeVar

import pytest

#: Below the ports that the system gives to whoever connects, so that none is taken by chance before it is used.
_FIRST_PORT, _PORTS = 20_000, 1_000
_ports = itertools.count()
_T = TypeVar("_T")


def once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """A folder of the run that `make` fills; whoever comes first makes it, the others wait and find it."""
    base = factory.getbasetemp()
    # With workers each has a folder of its own there, within that of the run.
    root = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder = root / f"once-{name}"
    with (root / f"once-{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            made = root / f"making-{name}"
            made.mkdir()
            make(made)
            made.rename(folder)
    return folder


def free_port() -> int:
    """A port of this machine that nobody has, and that no other worker is given."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    first = _FIRST_PORT + worker % 10 * _PORTS
    for _ in range(_PORTS):
        port = first + next(_ports) % _PORTS
        with socket.socket() as found:
            found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                found.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port
    message = f"no port from {first} on is free"
    raise RuntimeError(message)


def missing(what: str, error: Exception) -> NoReturn:
    """In CI a failure; elsewhere a skip that says why, in one line."""
    if os.environ.get("CI"):
        pytest.fail(str(error), pytrace=False)
    pytest.skip(f"NO {what} HERE: {error}")


def until(question: Callable[[], _T | None], what: str, seconds: float = 30) -> _T:
    """The first answer that is one; a failure after the deadline."""
    deadline = time.monotonic() + seconds
    while True:
        found = question()
        if found:
            return found
        assert time.monotonic() < deadline, f"after {seconds:g} s still no {what}"
        time.sleep(0.05)

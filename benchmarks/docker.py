"""Benchmark of the local example on a real Docker daemon, beside `docker compose` with the export of the same file."""

from __future__ import annotations

import os
import socket
import statistics
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.commands import PLATFORM
from benchmarks.processes import measure
from tests.bed import compose, daemon, images

_FILE = "platform.yaml"
_DATA = ("shared-postgres", "event-queue")


def measure_docker(example: Path, folder: Path, rounds: int) -> list[Mapping[str, Any]]:
    """Measure `up` from nothing beside `docker compose up -d --wait`, and a no-op plan beside its dry run.

    Everything is taken away after each, data too, so that each starts from nothing.
    """
    host = os.environ.get("DOCKER_HOST") or daemon.DEFAULT
    daemon.ensure(host)
    with daemon.client(host) as client:
        images.ensure(client)
    _declare(example, folder)
    keep = ("PATH", "HOME", "LANG", "XDG_CACHE_HOME", "TMPDIR")
    environment = {name: os.environ[name] for name in keep if name in os.environ}
    environment |= {"DOCKER_HOST": host, "PLATFORM_HOME": str(folder / "home")}
    bench = _Bench(folder, environment, compose.ensure())
    try:
        return bench.rows(rounds)
    finally:
        bench.clean()


class _Bench:
    def __init__(self, folder: Path, environment: Mapping[str, str], docker_compose: Sequence[str]) -> None:
        self._folder = folder
        self._environment = environment
        self._compose = (*docker_compose, "-f", str(folder / "compose.yaml"))

    def rows(self, rounds: int) -> list[Mapping[str, Any]]:
        self._platform("export", "compose", "-f", _FILE, "--out", "compose.yaml")
        ups, plans, looks = [], [], []
        for number in range(-1, rounds):  # the first round warms up
            ours = self._platform("up", "-f", _FILE, "--yes")
            noop = self._platform("preview", "-f", _FILE)
            looked = self._platform("preview", "-f", _FILE, "--refresh")
            self._platform("destroy", "-f", _FILE, "--yes", *self._losing())
            theirs = self._docker("up", "-d", "--wait")
            dry = self._docker("up", "-d", "--dry-run")
            self._docker("down", "-v")
            if number >= 0:
                ups.append((ours, theirs))
                plans.append((noop, dry))
                looks.append((looked, dry))
        return [
            _row("`up` from nothing", "`docker compose up -d --wait`", ups),
            _row("`preview`, nothing changed", "`docker compose up -d --dry-run`", plans),
            _row("`preview --refresh`, nothing changed", "`docker compose up -d --dry-run`", looks),
        ]

    def clean(self) -> None:
        """Leave nothing on the daemon, whatever went wrong."""
        for step in (
            lambda: self._platform("destroy", "-f", _FILE, "--yes", *self._losing()),
            lambda: self._docker("down", "-v"),
        ):
            _quietly(step)

    def _losing(self) -> list[str]:
        return [word for name in _DATA for word in ("--allow-data-loss", name)]

    def _platform(self, *arguments: str) -> float:
        return measure([PLATFORM, *arguments], directory=self._folder, environment=self._environment).wall

    def _docker(self, *arguments: str) -> float:
        return measure([*self._compose, *arguments], directory=self._folder, environment=self._environment).wall


def _quietly(step: Callable[[], object]) -> None:
    try:
        step()
    except RuntimeError:
        return  # there was nothing to take away


def _declare(example: Path, folder: Path) -> None:
    """The example in a context of its own, on a port that is free."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    text = example.read_text(encoding="utf-8")
    for old, new in (
        ('environment: "local"', 'environment: "bench"'),
        ("              port: 8080", f"              port: {port}"),
    ):
        if text.count(old) != 1:
            message = f"{example} holds {old!r} {text.count(old)} times"
            raise RuntimeError(message)
        text = text.replace(old, new)
    (folder / _FILE).write_text(text, encoding="utf-8")


def _row(command: str, beside: str, pairs: Sequence[tuple[float, float]]) -> Mapping[str, Any]:
    return {
        "command": command,
        "beside": beside,
        "platform": statistics.median(ours for ours, _ in pairs),
        "docker": statistics.median(theirs for _, theirs in pairs),
        "ratio": statistics.median(ours / theirs for ours, theirs in pairs),
    }

"""Benchmark of validating and compiling N capabilities, beside PyYAML's C `compose` of the same files."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import yaml

from benchmarks.declared import HEAD, service
from platform_pulumi import declarations
from platform_pulumi.catalog import provider_definitions
from platform_pulumi.declarations.documents import read_documents
from platform_pulumi.declarations.secrets import LocalSecrets
from platform_pulumi.sdk.provider import ProviderDefinition

SIZES = (10, 100, 1_000, 10_000)
PER_FILE = 40
_APPLICATION = """    application:
      applications:
        app-%05d:
          capabilities:
"""
_MORE = """                ports:
                  - container_port: 8080
                    protocol: "TCP"
                health_check:
                  path: "/health"
                  interval: "10s"
                ingress:
                  host: "api.acme.com"
                  port: 443
                  tls: true
                env:
                  DATABASE_URL: "${tier2.database_endpoint}"
                  DATABASE_PASSWORD: "${tier2.database_credential}"
                  QUEUE_URL: "${tier2.queue_url}"
"""


def write_files(count: int, folder: Path) -> list[Path]:
    """Write `count` copies of the production example's `api-service`, 40 a file, each file an application."""
    files = []
    for start in range(0, count, PER_FILE):
        path = folder / f"app-{start:05d}.yaml"
        numbers = range(start, min(start + PER_FILE, count))
        bodies = "".join(service(f"api-service-{number:05d}", _MORE) for number in numbers)
        path.write_text(HEAD + _APPLICATION % start + bodies, encoding="utf-8")
        files.append(path)
    return files


def measure(folder: Path, rounds: int) -> list[Mapping[str, Any]]:
    """Measure for each size the medians of both, in seconds, and their ratio."""
    definitions = provider_definitions()
    rows = []
    for count in SIZES:
        target = folder / str(count)
        target.mkdir()
        files = write_files(count, target)
        ours, theirs = _paired(
            lambda files=files: _compile(files, definitions),
            lambda files=files: _compose(files),
            rounds,
        )
        ratio = statistics.median(a / b for a, b in zip(ours, theirs, strict=True))
        rows.append(
            {
                "capabilities": count,
                "files": len(files),
                "compile": statistics.median(ours),
                "compose": statistics.median(theirs),
                "ratio": ratio,
                "microseconds_each": statistics.median(ours) / count * 1e6,
            }
        )
    return rows


def _compile(files: list[Path], definitions: Mapping[str, ProviderDefinition]) -> None:
    gc.disable()  # as the command line does
    try:
        declarations.load(read_documents(files), secrets=LocalSecrets({}), definitions=definitions)
    finally:
        gc.enable()


def _compose(files: list[Path]) -> None:
    for path in files:
        yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


def _paired(first: Callable[[], Any], second: Callable[[], Any], rounds: int) -> tuple[list[float], list[float]]:
    """Run both in turn, after one warm-up of each."""
    first(), second()
    pairs = [(_timed(first), _timed(second)) for _ in range(rounds)]
    return [a for a, _ in pairs], [b for _, b in pairs]


def _timed(call: Callable[[], Any]) -> float:
    started = time.perf_counter()
    call()
    return time.perf_counter() - started

"""What the bed's parts share: the error, running commands, Go, where the cache is."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

from platform_pulumi import settings
from tests.bed.recipes import FILES


class BedError(Exception):
    """Something of the bed cannot be had here: what, and why."""

    def __init__(self, summary: str, detail: str) -> None:
        super().__init__(f"{summary}: {detail}")


def cache_dir() -> Path:
    """Where built things lie, shared by all checkouts of the user."""
    return settings.read(os.environ, Path.cwd()).cache_dir / "docker-bed"


def run(command: list[str], *, cwd: Path | None = None, env: Mapping[str, str] | None = None) -> str:
    """What a command prints.

    Raises:
        BedError: it fails, with its last words.
    """
    try:
        done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, check=False)
    except OSError as error:
        raise BedError("A command cannot be run", f"{command[0]}: {error.strerror}") from error
    if done.returncode:
        said = "\n".join((done.stderr or done.stdout).strip().splitlines()[-10:])
        raise BedError("A command failed", f"{' '.join(command[:4])} ... (exit {done.returncode}):\n{said}")
    return done.stdout


def go_build(module: str, package: str, target: Path, *, stamp: str = "") -> None:
    """Build a static binary from a Go module in `tools/docker-bed`."""
    if shutil.which("go") is None:
        raise BedError("There is no Go here", f"tools/docker-bed/{module} is built with it")
    command = ["go", "build", "-mod=readonly", "-buildvcs=false", "-trimpath", "-ldflags", f"-s -w {stamp}".strip()]
    run([*command, "-o", str(target), package], cwd=FILES / module, env={**os.environ, "CGO_ENABLED": "0"})


def is_root() -> bool:
    """Whether packages may be installed and a daemon may be started."""
    return os.geteuid() == 0


@contextlib.contextmanager
def alone(name: str) -> Iterator[None]:
    """Let one process of the user in at a time."""
    cache_dir().mkdir(parents=True, exist_ok=True)
    with (cache_dir() / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield

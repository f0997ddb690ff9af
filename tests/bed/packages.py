"""Debian's packages, by the machine's own apt: its sources, its settings, its checks of what it gets."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import IO

from tests.bed.tools import BedError, is_root, run

Entries = Iterator[tuple[tarfile.TarInfo, IO[bytes] | None]]

#: `'address' name_version_arch.deb size hash`
_LINE = re.compile(r"^'[^']*' (\S+?)_\S+\.deb \d+", re.MULTILINE)


def fetch(names: Collection[str], unused: Collection[str], folder: Path) -> list[Path]:
    """Packages and what they depend on, less the unused, as files in `folder`."""
    if not names:
        return []
    with tempfile.TemporaryDirectory(prefix="bed-apt-") as scratch:
        # As if nothing were installed: then the list is all that the packages need.
        status = Path(scratch) / "status"
        status.touch()
        (Path(scratch) / "partial").mkdir()
        command = ["apt-get", "install", "--print-uris", "-qq", "-y", "--no-install-recommends"]
        command += ["-o", f"Dir::State::status={status}", "-o", f"Dir::Cache::archives={scratch}"]
        listed = _apt([*command, "-o", "Debug::NoLocking=true", *names])
    return download([name for name in _LINE.findall(listed) if name not in unused], folder)


def download(names: Collection[str], folder: Path) -> list[Path]:
    """Packages as files in `folder`, those that are there already as they are."""
    folder.mkdir(parents=True, exist_ok=True)
    missing = [name for name in names if not list(folder.glob(f"{name}_*.deb"))]
    if missing:
        with tempfile.TemporaryDirectory(prefix=".new-", dir=folder) as scratch:
            _apt(["apt-get", "download", "-qq", "-o", "APT::Sandbox::User=root", *missing], cwd=Path(scratch))
            for file in Path(scratch).glob("*.deb"):
                file.replace(folder / file.name)
    return [next(folder.glob(f"{name}_*.deb")) for name in names]


def install(*names: str) -> None:
    """Install packages on this machine."""
    if not is_root() or shutil.which("apt-get") is None:
        raise BedError("Only root on a Debian-like machine can install", ", ".join(names))
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    _apt(["apt-get", "install", "-qq", "-y", "--no-install-recommends", *names], env=environment)


@contextlib.contextmanager
def contents(package: Path) -> Iterator[Entries]:
    """What a package would put on a machine: entries with their contents, once, in order."""
    with subprocess.Popen(["dpkg-deb", "--fsys-tarfile", str(package)], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        with tarfile.open(fileobj=process.stdout, mode="r|") as tar:
            yield ((entry, tar.extractfile(entry) if entry.isfile() else None) for entry in tar)
            process.stdout.read()
    if process.returncode:
        raise BedError("A package cannot be read", str(package))


def busybox(folder: Path) -> bytes:
    """A static busybox, of Debian's package, which is kept in `folder`."""
    (package,) = download(["busybox-static"], folder)
    with contents(package) as entries:
        found = [content.read() for entry, content in entries if entry.name == "./bin/busybox" and content is not None]
    return found[0]


def _apt(command: list[str], *, cwd: Path | None = None, env: dict[str, str] | None = None) -> str:
    """Run apt-get; a failure may be for lists that are old or not there, which root fixes."""
    try:
        return run(command, cwd=cwd, env=env)
    except BedError:
        if not is_root():
            raise
        run(["apt-get", "update", "-qq"])
        return run(command, cwd=cwd, env=env)

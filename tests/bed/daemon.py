"""A Docker daemon: the one that answers, else Debian's, started here.

It is only ever stopped by the process id that was written when it was started: `BED_DOCKERD_PID` names that file, and
whoever names it (`.ci/run`) is who stops the daemon.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import docker

from components.docker.plugin.daemon import DaemonError, ping
from tests.bed import packages, tools
from tests.bed.tools import BedError

DEFAULT = "unix:///var/run/docker.sock"
_START_SECONDS = 60


def ensure(host: str) -> None:
    """See to it that a daemon answers at `host`; one is started where it is a socket of this machine.

    Raises:
        BedError: none can be had.
    """
    if answers(host):
        return
    with tools.alone("daemon"):
        if answers(host):
            return
        if not host.startswith("unix://"):
            raise BedError("No Docker daemon answers", host)
        if not tools.is_root():
            raise BedError("No Docker daemon answers, and starting one takes root", host)
        if shutil.which("dockerd") is None:
            print("docker-bed: installing docker.io ...", flush=True)
            packages.install("docker.io", "iptables")
        # The package may have started it.
        if not _comes_up(host, seconds=2):
            _start(host)


def answers(host: str) -> bool:
    """Whether a daemon answers there."""
    # Not asked through the client: its library leaves a socket open where nobody listens.
    try:
        ping(host, {}, timeout=5)
    except DaemonError:
        return False
    return True


@contextlib.contextmanager
def client(host: str) -> Iterator[docker.DockerClient]:
    """A client of the daemon at `host`."""
    found = docker.DockerClient(base_url=host, version="auto", timeout=300)
    try:
        yield found
    finally:
        found.close()


def _start(host: str) -> None:
    log = tools.cache_dir() / "dockerd.log"
    began = time.monotonic()
    Path(host.removeprefix("unix://")).parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as stream:
        process = subprocess.Popen(
            ["dockerd", "--host", host],
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    if not _comes_up(host, seconds=_START_SECONDS, process=process):
        process.terminate()
        said = "\n".join(log.read_text(errors="replace").splitlines()[-10:])
        raise BedError("dockerd did not come up", f"{host}, {log}:\n{said}")
    # It outlives this process, and Python would warn of one that is forgotten while it runs.
    process.returncode = 0
    if os.environ.get("BED_DOCKERD_PID"):
        Path(os.environ["BED_DOCKERD_PID"]).write_text(f"{process.pid}\n", encoding="utf-8")
    print(f"docker-bed: started dockerd at {host} ({time.monotonic() - began:.1f} s, log: {log})", flush=True)


def _comes_up(host: str, *, seconds: float, process: subprocess.Popen[bytes] | None = None) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if process is not None and process.poll() is not None:
            return False
        if answers(host):
            return True
        time.sleep(0.1)
    return False

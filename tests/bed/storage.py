"""An S3 server on this machine, of the program that the bed's image of one has: a state backend that is no folder."""

from __future__ import annotations

import contextlib
import hashlib
import os
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from tests.bed import s3, tools
from tests.shared import free_port

MODULE, PACKAGE = "s3", "github.com/versity/versitygw/cmd/versitygw"
ACCESS_KEY, SECRET_KEY, BUCKET = "state", "state-secret", "state"
#: What a client of the server has to have in its environment.
CREDENTIALS = {"AWS_ACCESS_KEY_ID": ACCESS_KEY, "AWS_SECRET_ACCESS_KEY": SECRET_KEY, "AWS_REGION": "us-east-1"}
_PATIENCE = 30.0


def ensure() -> Path:
    """The server's program, built where it is not in the user's cache yet."""
    sums = (tools.FILES / MODULE / "go.sum").read_bytes()
    binary = tools.cache_dir() / f"versitygw-{hashlib.sha256(sums).hexdigest()[:16]}"
    with tools.alone("storage"):
        if not binary.exists():
            fresh = binary.with_suffix(".new")
            tools.go_build(MODULE, PACKAGE, fresh)
            fresh.replace(binary)
    return binary


@contextlib.contextmanager
def serve(folder: Path) -> Iterator[str]:
    """Serve an empty bucket from a folder, on this machine alone; gives its URL as the Pulumi CLI takes it."""
    port = free_port()
    place = f"127.0.0.1:{port}"
    command = [str(ensure()), "--port", place, "--health", "/health", "posix", str(folder)]
    secrets = {"ROOT_ACCESS_KEY": ACCESS_KEY, "ROOT_SECRET_KEY": SECRET_KEY}
    with subprocess.Popen(
        command, env={**os.environ, **secrets}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        try:
            _wait(f"http://{place}/health", server)
            s3.request("PUT", f"http://{place}/{BUCKET}", ACCESS_KEY, SECRET_KEY)
            yield f"s3://{BUCKET}?endpoint={place}&disableSSL=true&s3ForcePathStyle=true&region=us-east-1"
        finally:
            server.terminate()


def _wait(health: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            with urllib.request.urlopen(health, timeout=5):
                return
        except (urllib.error.URLError, ConnectionError) as error:
            if server.poll() is not None or time.monotonic() > deadline:
                raise tools.BedError("The S3 server does not answer", f"{health}: {error}") from error
        time.sleep(0.05)

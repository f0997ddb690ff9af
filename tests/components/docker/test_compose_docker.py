"""The exports with the real Docker Compose: it accepts them, reads secrets as they are, and they serve."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from components.docker.compose.secrets import SecretFiles
from components.docker.compose.text import Block, Document
from platform_pulumi.model.value import Secret
from tests.components.docker.conftest import Exporter
from tests.components.docker.test_compose import LOCAL, PRODUCTION, WIDE
from tests.shared import free_port

pytestmark = pytest.mark.docker
#: All that shells, YAML and Compose have a meaning for.
NASTY = [
    "",
    " ",
    "a b",
    "$x",
    "${HOME}",
    "$$",
    "\\",
    "\\n",
    "'",
    '"',
    "\"'\\$`#",
    "a #b",
    "#",
    "a=b",
    "é🎉",
    "l1\nl2\r\n",
    "\\$",
]


class Compose:
    """Docker Compose in a folder."""

    def __init__(self, command: list[str], folder: Path, env: dict[str, str]) -> None:
        self._command = command
        self._folder = folder
        self._env = {**os.environ, **env}

    def __call__(self, *arguments: str) -> str:
        command = [*self._command, "-f", "compose.yaml", *arguments]
        done = subprocess.run(
            command, cwd=self._folder, env=self._env, capture_output=True, text=True, timeout=280, check=False
        )
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout


@pytest.fixture
def compose(docker_compose: list[str], docker_env: dict[str, str], tmp_path: Path) -> Compose:
    return Compose(docker_compose, tmp_path, docker_env)


@pytest.mark.parametrize("source", [LOCAL, PRODUCTION, WIDE], ids=["local", "production", "wide"])
def test_compose_accepts_it(source: Path | str, export: Exporter, compose: Compose) -> None:
    export.environment["PGPW"] = "x"
    export(source)
    assert not compose("config", "-q")


def test_compose_reads_back_every_text(compose: Compose, tmp_path: Path) -> None:
    values = {f"V{number}": text for number, text in enumerate(NASTY)}
    files = SecretFiles("p", lambda _: None)
    path = files.variables("s", {name: Secret(text) for name, text in values.items()})
    for file in files.files():
        (tmp_path / file.path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file.path).write_bytes(file.data)
    body = {"image": "x", "environment": {f"P{n}": t for n, t in values.items()}, "command": NASTY, "env_file": [path]}
    text = Document(("# x",), "p", {"services": {"s": Block(body)}}).text()
    (tmp_path / "compose.yaml").write_text(text, encoding="utf-8", newline="")
    read: dict[str, Any] = json.loads(compose("config", "--format", "json"))["services"]["s"]
    assert [word.replace("$$", "$") for word in read["command"]] == NASTY
    given = {name: text.replace("$$", "$") for name, text in read["environment"].items()}
    assert given == values | {f"P{name}": text for name, text in values.items()}


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def running(export: Exporter, compose: Compose, port: int, bed_images: None) -> Iterator[Compose]:
    text = LOCAL.read_text(encoding="utf-8")
    text = text.replace('environment: "local"', f'environment: "t{secrets.token_hex(4)}"')
    text = text.replace("replicas: 1", "replicas: 2").replace(" port: 8080", f" port: {port}")
    export(text)
    try:
        yield compose
    finally:
        compose("down", "--volumes", "--timeout", "2")


@pytest.mark.slow("Docker Compose waits for a whole interval of each health check")
def test_it_serves(running: Compose, export: Exporter, port: int) -> None:
    running("up", "--detach", "--wait")
    answers = [_answer(f"http://127.0.0.1:{port}/") for _ in range(8)]
    assert {(a["database"]["reached"], a["queue"]["reached"]) for a in answers} == {(True, True)}
    assert len({answer["hostname"] for answer in answers}) == 2
    states = [json.loads(line) for line in running("ps", "--format", "json").splitlines()]
    assert [state["Health"] for state in states] == ["healthy"] * 5
    # A new Caddyfile reaches a gateway that runs, and passwords stay what the database was made with.
    declared = (export.folder / "platform.yaml").read_text(encoding="utf-8")
    export(declared.replace("tls: false", "tls: false\n              path: /health"))
    running("up", "--detach", "--wait")
    assert _status(f"http://127.0.0.1:{port}/health") == 200
    assert _status(f"http://127.0.0.1:{port}/") == 404


def _answer(url: str) -> dict[str, Any]:
    end = time.monotonic() + 10
    while True:
        with urllib.request.urlopen(url, timeout=10) as response:
            found: dict[str, Any] = json.load(response)
        if time.monotonic() > end or all(found[name]["reached"] for name in ("database", "queue")):
            return found


def _status(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=10) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code

"""A platform that was applied once, on simulated plugins, and a copy of it for each test."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import psutil
import pytest

from tests.shared import once

ROOT = Path(__file__).parent.parent.parent
PRODUCTION = ROOT / "examples" / "platform-production.yaml"
PLATFORM = Path(sys.executable).parent / "platform"
#: The canary stands in an environment variable that a container's env refers to, and in a password.
CANARY = "canary-7c1d09f2e4b85a36"

#: Measuring what commands cover takes them half as long again; for those that run what others run as well.
UNMEASURED = {"COVERAGE_PROCESS_CONFIG": ""}


@dataclass
class Project:
    """A folder with a declaration and a `.platform` of its own; `env` is in the environment of its commands."""

    folder: Path
    env: Mapping[str, str] = field(default_factory=dict, kw_only=True)

    @property
    def file(self) -> Path:
        """The declaration; edit it with `replace`."""
        return self.folder / "platform.yaml"

    @property
    def home(self) -> Path:
        """Where its state lies."""
        return self.folder / ".platform"

    def replace(self, old: str, new: str) -> None:
        """Change the declaration; the old text must be there once."""
        text = self.file.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in the declaration"
        self.file.write_text(text.replace(old, new), encoding="utf-8")

    def environment(self, env: Mapping[str, str] | None = None) -> dict[str, str]:
        """The whole environment of its commands."""
        secrets = {"CANARY": CANARY, "DATABASE_CANARY": f"{CANARY}-database"}
        return {**os.environ, "NO_COLOR": "1", "COLUMNS": "100", **secrets, **self.env, **(env or {})}

    def run(self, *arguments: str, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        """Run the installed command in the folder."""
        return self.execute(str(PLATFORM), *arguments, env=env)

    def execute(self, *command: str, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        """Run any command in the folder."""
        return subprocess.run(
            command,
            cwd=self.folder,
            env=self.environment(env),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )

    def start_up(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Start a simulated `up` that asks nothing; what it tells stands on its stderr."""
        return self.start("up", *arguments)

    def start(self, verb: str, *arguments: str, output: BinaryIO | None = None) -> subprocess.Popen[bytes]:
        """Start a simulated `up` or `destroy` that asks nothing; what it tells stands on its stderr, or in a file."""
        return subprocess.Popen(
            [str(PLATFORM), verb, "--simulate", "--yes", *arguments],
            cwd=self.folder,
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            stdout=output or subprocess.DEVNULL,
            stderr=output or subprocess.PIPE,
        )

    def json(self, *arguments: str, code: int = 0, env: Mapping[str, str] | None = None) -> Any:
        """Run with `--format json` and read what it printed."""
        done = self.run(*arguments, "--format", "json", env=env)
        assert done.returncode == code, f"exit {done.returncode}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
        return json.loads(done.stdout)

    def preview(self, *arguments: str) -> Any:
        """The plan of a simulated preview."""
        return self.json("preview", "--simulate", *arguments)


def kill(process: subprocess.Popen[bytes]) -> None:
    """Kill a command and all that it started.

    Stopped first, so that none sees another die: the CLI would record the create of a dead provider as failed.
    """
    victims = (*psutil.Process(process.pid).children(recursive=True), psutil.Process(process.pid))
    for number in (signal.SIGSTOP, signal.SIGKILL):
        for victim in victims:
            victim.send_signal(number)
    process.communicate()


def changes(plan: Any) -> list[tuple[str, str, str, str]]:
    """(tier, action, capability, resource type) of every action that does something."""
    return [
        (tier["tier"], action["action"], action["capability"], action["resourceType"])
        for tier in plan["tiers"]
        for action in tier["actions"]
        if action["action"] != "no-op"
    ]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """The production example, nothing applied."""
    shutil.copy(PRODUCTION, tmp_path / "platform.yaml")
    return Project(tmp_path)


@pytest.fixture(scope="session")
def applied_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The production example with a canary in a container's env and in a password, applied."""
    return once(tmp_path_factory, "applied", _apply)


def _apply(folder: Path) -> None:
    shutil.copy(PRODUCTION, folder / "platform.yaml")
    found = Project(folder)
    found.replace("            env:\n", '            env:\n              CANARY_VALUE: "${env:CANARY}"\n')
    multi_az = "            multi_az: true\n"
    found.replace(multi_az, multi_az + '            password: "${env:DATABASE_CANARY}"\n')
    done = found.run("up", "--simulate", "--yes")
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]


@pytest.fixture
def applied(applied_once: Path, tmp_path: Path) -> Project:
    """A copy of the applied platform of this test's own."""
    shutil.copytree(applied_once, tmp_path / "applied")
    return Project(tmp_path / "applied", env=UNMEASURED)

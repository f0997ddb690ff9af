"""What every test may ask for. Nothing here reaches the internet; a missing Pulumi CLI is a failure, never a skip."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from platform_pulumi import settings as settings_module
from platform_pulumi.engine import toolchain

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "examples"
PLATFORM = Path(sys.executable).parent / "platform"

#: What would make a test depend on the machine it runs on: another backend, another project, a cloud. Where the CLI is
#: (PULUMI_HOME) stays.
FOREIGN = ("PLATFORM_", "PULUMI_", "AWS_", "KUBE", "DOCKER_")

RunPlatform = Callable[..., "subprocess.CompletedProcess[str]"]


def pytest_configure() -> None:
    """Take the machine's own settings away before anything is imported that reads them."""
    for name in [name for name in os.environ if name.startswith(FOREIGN) and name != "PULUMI_HOME"]:
        del os.environ[name]


@pytest.fixture(scope="session")
def examples() -> Path:
    """The folder of example declarations."""
    return EXAMPLES


@pytest.fixture(scope="session")
def pulumi_cli() -> toolchain.Toolchain:
    """The Pulumi CLI that runs would use. Where there is none the test fails: `make cli` gets it."""
    return toolchain.find(settings_module.read(os.environ, Path.cwd()))


@pytest.fixture
def backend(tmp_path: Path) -> Path:
    """The folder of a local state backend of this test's own."""
    folder = tmp_path / "state"
    folder.mkdir()
    return folder


@pytest.fixture
def environment(tmp_path: Path) -> Mapping[str, str]:
    """A process environment whose platform keeps all it makes under the test's folder; the user's cache is shared."""
    return {**os.environ, "PLATFORM_HOME": str(tmp_path / "platform-home"), "NO_COLOR": "1", "COLUMNS": "100"}


@pytest.fixture
def run_platform(tmp_path: Path, environment: Mapping[str, str], pulumi_cli: toolchain.Toolchain) -> RunPlatform:
    """Runs the installed `platform` command: `run_platform("preview", "-f", file, "--simulate")`.

    Keywords: `cwd` (default the test's folder), `env` (added to the environment), `timeout` in seconds. A command that
    takes longer is interrupted with everything it started.
    """

    def run(
        *arguments: str | Path, cwd: Path | None = None, env: Mapping[str, str] | None = None, timeout: float = 120
    ) -> subprocess.CompletedProcess[str]:
        command = [str(PLATFORM), *map(str, arguments)]
        with subprocess.Popen(
            command,
            cwd=cwd or tmp_path,
            env={**environment, **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            try:
                stdout, stderr = process.communicate(timeout=timeout)
            except BaseException:
                process.terminate()
                process.wait(timeout=30)
                raise
        return subprocess.CompletedProcess(command, process.returncode, stdout, stderr)

    return run


@pytest.fixture
def canary() -> str:
    """A secret no other test knows: whatever shows it has leaked it."""
    return f"canary-{secrets.token_hex(12)}"


@pytest.fixture
def leaks(canary: str) -> Callable[..., Sequence[str]]:
    """Names every place that holds the canary in clear: texts by their start, files of folders by their path."""

    def find(*places: str | Path) -> Sequence[str]:
        found = []
        for place in places:
            if isinstance(place, str):
                found += [place[:80]] if canary in place else []
                continue
            files = [place] if place.is_file() else [path for path in place.rglob("*") if path.is_file()]
            found += [str(path) for path in files if canary.encode() in path.read_bytes()]
        return found

    return find


@pytest.fixture
def processes() -> Iterator[list[subprocess.Popen[bytes]]]:
    """Servers and other children a test starts: whatever is still there afterwards is ended, by its own id."""
    started: list[subprocess.Popen[bytes]] = []
    yield started
    for process in started:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

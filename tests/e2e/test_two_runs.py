"""Two runs at once on the stacks of one context, through the installed command."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

import pytest

from tests.e2e.conftest import PLATFORM, Project
from tests.e2e.test_streams import SMALL, active

SLOW = ("--simulate", "--simulate-config", "slow.yaml")


@pytest.fixture
def slow(tmp_path: Path) -> Project:
    """A small platform whose network takes six seconds, nothing applied."""
    (tmp_path / "platform.yaml").write_text(SMALL, encoding="utf-8")
    (tmp_path / "slow.yaml").write_text("latency: {net: 6s}\n", encoding="utf-8")
    return Project(tmp_path)


def start(project: Project, *arguments: str) -> subprocess.Popen[bytes]:
    """Start a command; what it tells stands on its stderr."""
    return subprocess.Popen(
        [str(PLATFORM), *arguments],
        cwd=project.folder,
        env=project.environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


def wait_for_lock(project: Project, process: subprocess.Popen[bytes]) -> None:
    """Wait until a run holds the lock of tier 1, which it applies for the first time."""
    locks = project.home / "simulated" / ".pulumi" / "locks" / "organization" / "acme-infrastructure"
    deadline = time.monotonic() + 60
    while not list(locks.rglob("*.json")):
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_first_apply_is_busy_and_not_broken_to_all_who_come_meanwhile(slow: Project) -> None:
    first = start(slow, "up", "--yes", *SLOW)
    wait_for_lock(slow, first)
    others = [start(slow, *words, "--simulate") for words in (["preview", "--tier", "2"], ["up", "--yes"], ["destroy"])]
    shown = [start(slow, *words, "--simulate") for words in (["preview"], ["status"])]
    for other in others:
        said = other.communicate()[1].decode()
        assert other.returncode == 5, said
        assert "acme-infrastructure/dev is locked by" in said
    for other in shown:
        said = other.communicate()[1].decode()
        assert other.returncode == 0, said
    first.communicate()
    assert first.returncode == 0
    assert active(slow, "--simulate") == {"net", "jobs"}


def test_who_comes_second_waits_as_long_as_the_file_says(slow: Project) -> None:
    slow.replace("  environment: dev\n", "  environment: dev\n  execution: {lock_timeout: 2m}\n")
    first = start(slow, "up", "--yes", *SLOW)
    wait_for_lock(slow, first)
    second = slow.run("up", "--yes", *SLOW)
    assert second.returncode == 0, second.stderr
    assert "waiting for at most 120 s (lock_timeout)" in second.stderr
    first.communicate()
    assert first.returncode == 0
    assert active(slow, "--simulate") == {"net", "jobs"}


def test_of_two_that_planned_at_once_one_is_told_that_it_is_locked(slow: Project) -> None:
    runs = [start(slow, "up", "--yes", *SLOW) for _ in range(2)]
    said = [run.communicate()[1].decode() for run in runs]
    assert sorted(run.returncode for run in runs) == [0, 5], said
    assert "is locked by" in said[[run.returncode for run in runs].index(5)]
    assert active(slow, "--simulate") == {"net", "jobs"}

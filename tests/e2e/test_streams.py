"""Full, closed and broken streams, and result files that cannot be written, through the installed command."""

from __future__ import annotations

import json
import stat
import subprocess
from pathlib import Path

import pytest

from tests.e2e.conftest import PLATFORM, Project

#: Ends at once on simulated plugins; each tier has something to do.
SMALL = """
platform:
  org: acme
  environment: dev
  provider: {name: mock}
  tiers:
    infrastructure:
      capabilities:
        - {name: net, type: network, properties: {cidr: 10.0.0.0/16}}
    shared_primitives:
      capabilities:
        - {name: jobs, type: message_queue, properties: {engine: rabbitmq, version: "3.13"}}
    application:
      capabilities: []
"""


@pytest.fixture
def small(tmp_path: Path) -> Project:
    """A small platform, nothing applied."""
    (tmp_path / "platform.yaml").write_text(SMALL, encoding="utf-8")
    return Project(tmp_path)


def shell(project: Project, arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command by a shell, for its redirections."""
    return project.execute("bash", "-c", f'"{PLATFORM}" {arguments}')


def active(project: Project, *arguments: str) -> set[str]:
    """The names of what status says is active."""
    tiers = project.json("status", *arguments)["tiers"]
    return {one["name"] for tier in tiers for one in tier["capabilities"] if one["state"] == "active"}


@pytest.mark.parametrize("verb", ["up --yes", "up --yes --format json", "destroy --yes", "scale jobs --replicas 2"])
def test_a_file_that_cannot_be_written_is_said_before_anything_is_done(small: Project, verb: str) -> None:
    (small.folder / "taken").mkdir()
    (small.folder / "file").touch()
    for out in ("no/such/x", "taken", "file/x"):
        done = shell(small, f"{verb} --out {out}")
        assert done.returncode == 2, done.stderr
        assert out in done.stdout + done.stderr
        assert "Traceback" not in done.stderr
    assert sorted(path.name for path in small.folder.iterdir()) == ["file", "platform.yaml", "taken"]


@pytest.mark.parametrize("where", ["--out /dev/full", "--format json >/dev/full", "--format json --out /dev/full"])
def test_a_result_that_cannot_be_written_at_the_end_undoes_nothing_and_says_so(small: Project, where: str) -> None:
    done = shell(small, f"up --yes {where}")
    said = done.stderr + done.stdout
    assert done.returncode == 6, said
    assert "No space left on device" in said
    assert "What was done until then stands and is recorded; `platform status` shows it." in said
    assert "Nothing was touched" not in said
    assert "Traceback" not in said
    if "json --out" in where:
        assert json.loads(done.stdout)["error"]["code"] == "P6030"
    assert active(small) == {"net", "jobs"}


def test_a_plan_that_nobody_can_see_is_not_applied(small: Project) -> None:
    done = shell(small, "up --yes >/dev/full")
    assert done.returncode == 6
    assert "Nothing was touched." in done.stderr
    assert not list((small.home / "simulated" / ".pulumi").rglob("*.json"))


@pytest.mark.parametrize("streams", ["2>/dev/full", ">&- 2>&- <&-", "| true"])
def test_an_apply_comes_to_its_end_whatever_became_of_its_streams(small: Project, streams: str) -> None:
    if streams == "| true":  # the result alone meets the pipe that nobody reads
        streams = f"--format json {streams}; exit ${{PIPESTATUS[0]}}"
    done = shell(small, f"up --yes {streams}")
    assert done.returncode == (141 if "PIPE" in streams else 0), done.stderr
    assert "Traceback" not in done.stderr
    assert "error" not in done.stderr
    assert active(small) == {"net", "jobs"}


@pytest.mark.parametrize("command", ["--help", "--version", "up --help", "schema", "validate", "status", "preview"])
def test_a_full_stdout_is_no_bug(small: Project, command: str) -> None:
    done = shell(small, f"{command} >/dev/full")
    assert done.returncode == 6
    assert "No space left on device" in done.stderr
    assert "bug" not in done.stderr


def test_a_device_or_a_link_is_written_to_and_not_replaced(small: Project) -> None:
    (small.folder / "link.json").symlink_to("behind.json")
    assert shell(small, "schema --out link.json").returncode == 0
    assert (small.folder / "link.json").is_symlink()
    assert json.loads((small.folder / "behind.json").read_text(encoding="utf-8"))["$schema"]
    assert shell(small, "schema --out /dev/null").returncode == 0
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)
    assert json.loads(shell(small, "schema --out /dev/stdout | cat").stdout)["$schema"]

"""Faults, kills and locks."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from contextlib import closing
from pathlib import Path

import pytest

from platform_pulumi.plugins.world import World
from tests.e2e.conftest import Project, changes, kill
from tests.shared import until

pytestmark = pytest.mark.engine


@pytest.mark.slow("two applies of all tiers and a plan")
def test_a_failed_create_stops_there_and_the_next_up_finishes(project: Project) -> None:
    (project.folder / "faults.yaml").write_text("fail_on_create: [shared-postgres]\n", encoding="utf-8")
    done = project.run("up", "--simulate", "--yes", "--simulate-config", "faults.yaml")
    assert done.returncode == 6
    line = project.file.read_text(encoding="utf-8").splitlines().index('        - name: "shared-postgres"') + 1
    assert "shared-postgres" in done.stderr
    assert f"platform.yaml:{line}" in done.stderr
    assert "Traceback" not in done.stderr
    stacks = project.home / "simulated/.pulumi/stacks"
    assert (stacks / "acme-corp-infrastructure/production.json").exists()
    assert not (stacks / "acme-corp-application").exists()
    again = project.run("up", "--simulate", "--yes")
    assert again.returncode == 0, again.stderr
    assert changes(project.preview()) == []


@pytest.mark.slow("creates that take a second each are waited for")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_up_that_is_interrupted_finishes_its_step_and_leaves_nothing_behind(
    project: Project, number: signal.Signals
) -> None:
    (project.folder / "slow.yaml").write_text("latency: 1s\n", encoding="utf-8")
    with project.start_up("--simulate-config", "slow.yaml") as process:
        _wait_for_pending(project.home, process)
        process.send_signal(number)
        _, told = process.communicate(timeout=60)
    assert process.returncode == 130
    assert b"stopping: Pulumi finishes the step it is in" in told
    assert b"\nerror: Interrupted\n" in told
    assert told.endswith(b"goes on from there.\n")
    state = project.home / "simulated/.pulumi"
    recorded = json.loads((state / "stacks/acme-corp-infrastructure/production.json").read_bytes())
    assert not recorded["checkpoint"]["latest"].get("pending_operations")
    assert any(resource.get("custom") for resource in recorded["checkpoint"]["latest"]["resources"])
    assert list((state / "locks").rglob("*.json")) == []


@pytest.mark.slow("creates that take two seconds each are waited for, killed and made again")
def test_a_killed_up_is_found_and_told_of(project: Project) -> None:
    (project.folder / "slow.yaml").write_text("latency: 2s\n", encoding="utf-8")
    process = project.start_up("--simulate-config", "slow.yaml")
    _wait_for_pending(project.home, process)
    kill(process)
    found = project.run("up", "--simulate", "--yes")
    assert found.returncode == 5, found.stderr
    assert "was killed" in found.stderr
    assert "--forget-pending" in found.stderr
    flags = [word for word in found.stderr.split() if word.startswith("primary-")]
    names = {name.strip(".,:") for name in flags}
    forget = [
        part for name in ("primary-vpc", "primary-cluster") if name in names for part in ("--forget-pending", name)
    ]
    done = project.run("up", "--simulate", "--yes", *forget)
    assert done.returncode == 0, done.stderr
    assert changes(project.preview()) == []


QUEUE = """\
apiVersion: platform/v1
platform:
  org: acme
  environment: prod
  provider: {name: aws, config: {region: eu-west-1}}
  tiers:
    infrastructure: {}
    shared_primitives:
      capabilities: [{name: jobs, type: message_queue, properties: {engine: sqs}}]
"""


@pytest.mark.slow("a destroy is killed, and what it was about is made again")
def test_a_delete_whose_run_was_killed_is_looked_up(tmp_path: Path) -> None:
    """The queue is gone, and the state says that it is there."""
    project = Project(tmp_path)
    project.file.write_text(QUEUE, encoding="utf-8")
    assert project.run("up", "--simulate", "--yes").returncode == 0
    (project.folder / "slow.yaml").write_text("latency: 6s\n", encoding="utf-8")
    process = project.start("destroy", "--allow-data-loss", "jobs", "--simulate-config", "slow.yaml")
    until(lambda: not _live(project), "deleted queue", 60)
    kill(process)
    assert _states(project) == {"jobs": "deleting"}
    done = project.run("up", "--simulate", "--yes")
    assert done.returncode == 0, done.stderr
    assert "jobs was left deleting" in done.stderr
    assert len(_live(project)) == 1
    assert _states(project) == {"jobs": "active"}


def _live(project: Project) -> list[str]:
    with closing(World(project.home / "simulated/world.sqlite")) as world:
        return [thing.id for thing in world.live()]


def _states(project: Project) -> dict[str, str]:
    found = project.json("status", "--simulate")
    return {one["name"]: one["state"] for tier in found["tiers"] for one in tier["capabilities"]}


def test_somebody_elses_lock_is_named(applied: Project) -> None:
    folder = applied.home / "simulated/.pulumi/locks/organization/acme-corp-infrastructure/production"
    folder.mkdir(parents=True, exist_ok=True)
    lock = '{"pid": 1, "username": "jo", "hostname": "elsewhere", "timestamp": "2026-11-23T00:00:00Z"}'
    (folder / "11111111-1111-1111-1111-111111111111.json").write_text(lock, encoding="utf-8")
    applied.replace('    lock_timeout: "10m"', '    lock_timeout: "1s"')
    done = applied.run("up", "--simulate", "--yes")
    assert done.returncode == 5
    assert "jo@elsewhere" in done.stderr
    assert "waiting for at most 1 s" in done.stderr


def _wait_for_pending(home: Path, process: subprocess.Popen[bytes]) -> None:
    """Until the state names a create that is under way; those of components and providers exist in state alone."""
    deadline = time.monotonic() + 60
    state = home / "simulated/.pulumi/stacks/acme-corp-infrastructure/production.json"
    while time.monotonic() < deadline:
        assert process.poll() is None, "up ended before it could be killed"
        if _pending_creates(state):
            return
        time.sleep(0.05)
    pytest.fail("no create was under way within a minute")


def _pending_creates(state: Path) -> list[str]:
    try:
        deployment = json.loads(state.read_bytes())["checkpoint"].get("latest") or {}
    except (OSError, ValueError):  # not there yet, or half written
        return []
    creates = [o["resource"] for o in deployment.get("pending_operations") or [] if o["type"] == "creating"]
    return [r["urn"] for r in creates if r.get("custom") and not r["type"].startswith("pulumi:")]

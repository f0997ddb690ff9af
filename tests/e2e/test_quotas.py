"""Quotas hold whoever applies, at once or after a failure: real processes on one state."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.e2e.conftest import Project

pytestmark = [pytest.mark.engine, pytest.mark.slow("several whole commands in a row")]

HEAD = "platform:\n  org: acme\n  environment: prod\n  provider: {name: mock}\n"
UPPER = """\
  tiers:
    infrastructure: {capabilities: [{name: vpc, type: network, properties: {cidr: 10.0.0.0/16}}]}
    shared_primitives: {capabilities: [{name: ns, type: namespace, properties: {resource_quotas: {pods: 8}}}]}
"""
TEAM = """\
  application: NAME
  tiers:
    application: {capabilities: [{name: api, type: container_runtime, properties: {image: a, replicas: COUNT}}]}
"""


@pytest.fixture
def teams(tmp_path: Path) -> Project:
    """Upper tiers that are applied, and a team's file for each of two applications."""
    found = Project(tmp_path)
    found.file.write_text(HEAD + UPPER, encoding="utf-8")
    assert found.run("up", "--yes").returncode == 0
    declare(found, one=5, two=5)
    return found


def declare(teams: Project, **counts: int) -> None:
    for name, count in counts.items():
        text = HEAD + TEAM.replace("NAME", name).replace("COUNT", str(count))
        (teams.folder / f"{name}.yaml").write_text(text, encoding="utf-8")


def pods(teams: Project, name: str) -> tuple[int, int]:
    """How many pods an application has, and how many it has recorded to take."""
    file = teams.home / "simulated" / ".pulumi" / "stacks" / "acme-application" / f"prod.{name}.json"
    resources = json.loads(file.read_text(encoding="utf-8"))["checkpoint"]["latest"]["resources"]
    there = sum(int(one["inputs"]["replicas"]) for one in resources if one["type"].startswith("mock:"))
    contract = resources[0].get("outputs", {}).get("platform:contract")
    return there, json.loads(contract)["usage"]["ns"]["pods"] if contract else 0


def test_of_two_at_once_no_more_are_applied_than_there_is_room_for(teams: Project) -> None:
    both = [teams.start_up("--file", f"{name}.yaml") for name in ("one", "two")]
    for process in both:
        process.communicate(timeout=120)
    codes = [process.returncode for process in both]
    assert 3 in codes
    assert set(codes) <= {0, 3}
    there = [pods(teams, name) for name in ("one", "two")]
    assert there == [(5, 5) if code == 0 else (0, 0) for code in codes]
    again = [teams.run("up", "--yes", "--file", f"{name}.yaml").returncode for name in ("one", "two")]
    assert sorted(again) == [0, 3], (
        "one after the other there is room for one, and none is locked out by what it refused"
    )


def test_what_a_failed_scale_down_has_left_counts_until_it_is_applied(teams: Project) -> None:
    assert teams.run("up", "--yes", "--file", "one.yaml").returncode == 0
    faults = teams.folder / "faults.yaml"
    faults.write_text("fail_on_update: [api]\n", encoding="utf-8")
    declare(teams, one=2)
    done = teams.run("up", "--yes", "--file", "one.yaml", "--simulate-config", str(faults))
    assert done.returncode == 6, done.stderr
    assert pods(teams, "one") == (5, 5)
    assert teams.run("up", "--yes", "--file", "two.yaml").returncode == 3
    assert teams.run("up", "--yes", "--file", "one.yaml").returncode == 0
    assert pods(teams, "one") == (2, 2)
    assert teams.run("up", "--yes", "--file", "two.yaml").returncode == 0
    assert "Nothing to do" in teams.run("preview", "--file", "one.yaml").stdout


def test_what_a_failed_scale_up_was_to_take_counts_until_it_is_applied_or_taken_back(teams: Project) -> None:
    declare(teams, one=2, two=5)
    assert teams.run("up", "--yes", "--file", "one.yaml").returncode == 0
    faults = teams.folder / "faults.yaml"
    faults.write_text("fail_on_update: [api]\n", encoding="utf-8")
    declare(teams, one=7)
    assert teams.run("up", "--yes", "--file", "one.yaml", "--simulate-config", str(faults)).returncode == 6
    assert pods(teams, "one") == (2, 7)
    assert teams.run("up", "--yes", "--file", "two.yaml").returncode == 3
    declare(teams, one=2)
    assert teams.run("up", "--yes", "--file", "one.yaml").returncode == 0
    assert pods(teams, "one") == (2, 2)
    assert teams.run("up", "--yes", "--file", "two.yaml").returncode == 0

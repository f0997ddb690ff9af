"""Limits that reach across tiers, files and machines."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
import yaml

from tests.e2e.conftest import Project

pytestmark = [pytest.mark.engine, pytest.mark.slow("whole commands on three tiers, several in a row")]


def application_only(applied: Project, folder: Path) -> Project:
    """A team's repository: only the application, on another machine, with the state backend in common."""
    folder.mkdir()
    document = yaml.safe_load(applied.file.read_text(encoding="utf-8"))
    tiers = document["platform"]["tiers"]
    document["platform"]["tiers"] = {"application": tiers["application"]}
    (folder / "platform.yaml").write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")
    return Project(folder)


def shared(applied: Project, folder: Path) -> str:
    """The applied platform's simulated state as a backend that others can name."""
    shutil.copytree(applied.home / "simulated", folder / "simulated")
    return f"file://{folder}"


def test_too_much_memory_names_both_lines_and_touches_nothing(project: Project) -> None:
    project.replace('memory: "512Mi"', 'memory: "8Gi"')
    done = project.run("preview", "--simulate")
    assert done.returncode == 3
    lines = project.file.read_text(encoding="utf-8").splitlines()
    value = next(i for i, line in enumerate(lines, 1) if '"8Gi"' in line)
    limit = next(i for i, line in enumerate(lines, 1) if 'field: "memory"' in line)
    assert f"platform.yaml:{value}:" in done.stderr
    assert f"platform.yaml:{limit}" in done.stderr
    assert not project.home.exists()


def test_memory_left_out_is_no_escape(project: Project) -> None:
    project.replace('            memory: "512Mi"\n', "")
    done = project.run("up", "--simulate", "--yes")
    assert done.returncode == 3
    assert "memory" in done.stderr


def test_an_application_alone_meets_the_constraints_of_its_stacks(applied: Project, tmp_path: Path) -> None:
    backend = shared(applied, tmp_path / "backend")
    team = application_only(applied, tmp_path / "team")
    done = team.run("preview", "--simulate", "--backend", backend)
    assert done.returncode == 0, done.stderr
    text = team.file.read_text(encoding="utf-8")
    team.file.write_text(text.replace("512Mi", "8Gi"), encoding="utf-8")
    done = team.run("preview", "--simulate", "--backend", backend)
    assert done.returncode == 3
    assert "4Gi" in done.stderr
    # The limit is in a file of the same name in another repository: its line here is another one.
    found = re.search(r"see platform\.yaml:(\d+):\d+  as it was applied\n", done.stderr)
    assert found is not None, done.stderr
    assert f"{found[1]} | " not in done.stderr


def test_an_upper_stack_that_cannot_be_read_stops_the_run(applied: Project, tmp_path: Path) -> None:
    backend = shared(applied, tmp_path / "backend")
    team = application_only(applied, tmp_path / "team")
    state = tmp_path / "backend/simulated/.pulumi/stacks/acme-corp-infrastructure/production.json"
    state.write_text(state.read_text(encoding="utf-8")[:100], encoding="utf-8")
    done = team.run("preview", "--simulate", "--backend", backend)
    assert done.returncode == 6
    assert "cannot be read" in done.stderr
    state.unlink()
    done = team.run("preview", "--simulate", "--backend", backend)
    assert done.returncode == 6
    assert "never applied" in done.stderr


def test_another_provider_touches_nothing_of_a_running_context(applied: Project) -> None:
    before = {path: path.read_bytes() for path in applied.home.rglob("*.json")}
    plan = applied.json("preview", "--provider", "mock")
    assert plan["context"].startswith("acme-corp/production_mock")
    assert all(set(tier["summary"]) and tier["summary"]["delete"] == 0 for tier in plan["tiers"])
    done = applied.run("up", "--provider", "mock", "--yes")
    assert done.returncode == 0, done.stderr
    assert {path: path.read_bytes() for path in before} == before
    document = yaml.safe_load(applied.file.read_text(encoding="utf-8"))
    document["platform"]["provider"] = {"name": "mock"}
    applied.file.write_text(yaml.safe_dump(document), encoding="utf-8")
    refused = applied.run("preview", "--simulate")
    assert refused.returncode == 4
    assert "another provider" in refused.stderr

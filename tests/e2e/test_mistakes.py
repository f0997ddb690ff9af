"""Bad input through the installed command: exit code, place, no traceback. The rules themselves: tests/declarations."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.e2e.conftest import Project

CASES = {
    "misspelt property": ("storage_gb: 100", "storage_gbs: 100", "Did you mean `storage_gb`"),
    "unknown type": ('type: "database"', 'type: "databse"', "Did you mean `database`"),
    "unlisted output": ("${tier2.queue_url}", "${tier2.quue_url}", "quue_url"),
    "cycle": (
        '        - name: "shared-postgres"\n',
        '        - name: "shared-postgres"\n          dependsOn: ["event-queue"]\n',
        "event-queue -> shared-postgres -> event-queue",
    ),
    "duplicate key": ("storage_gb: 100", "storage_gb: 100\n            storage_gb: 200", "storage_gb"),
}


@pytest.mark.parametrize("case", CASES)
def test_a_mistake_is_told_with_its_place(project: Project, case: str) -> None:
    old, new, told = CASES[case]
    project.replace(old, new)
    if case == "cycle":
        project.replace(
            '        - name: "event-queue"\n',
            '        - name: "event-queue"\n          dependsOn: ["shared-postgres"]\n',
        )
    done = project.run("preview", "--simulate")
    assert done.returncode == 2, done.stderr
    assert re.search(r"platform\.yaml:\d+:\d+", done.stderr)
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_all_mistakes_of_a_file_are_told_at_once(project: Project) -> None:
    project.replace("storage_gb: 100", "storage_gbs: 100")
    project.replace("${tier2.queue_url}", "${tier2.quue_url}")
    done = project.run("validate", "--format", "json")
    assert done.returncode == 2
    problems = json.loads(done.stdout)["error"]["problems"]
    assert len(problems) == 2
    assert all(p["line"] and p["column"] and p["file"].endswith("platform.yaml") for p in problems)


@pytest.mark.parametrize(
    ("content", "told"), [(b"", "empty"), (b"platform: \xff\xfe", "UTF-8"), (None, "platform.yaml")]
)
def test_a_file_that_is_none(project: Project, content: bytes | None, told: str) -> None:
    project.file.unlink()
    if content is not None:
        project.file.write_bytes(content)
    done = project.run("preview", "--simulate")
    assert done.returncode == 2
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_a_cluster_in_the_application_tier_is_a_boundary_violation(project: Project) -> None:
    text = project.file.read_text(encoding="utf-8")
    cluster = (
        '        - name: "own-cluster"\n          type: "kubernetes_cluster"\n          properties:\n'
        '            version: "1.29"\n            node_groups: [{name: a, instance_type: m5.large}]\n'
    )
    head, mark, tail = text.partition("    application:\n      capabilities:\n")
    assert mark
    project.file.write_text(head + mark + cluster + tail, encoding="utf-8")
    done = project.run("preview", "--simulate")
    assert done.returncode == 4
    assert "kubernetes_cluster" in done.stderr
    project.file.write_text(
        text.replace(
            '          type: "container_runtime"\n', '          type: "container_runtime"\n          tier: 1\n'
        ),
        encoding="utf-8",
    )
    assert project.run("validate").returncode == 4


def test_faults_need_a_simulated_run(project: Project, tmp_path: Path) -> None:
    (tmp_path / "faults.yaml").write_text("fail_on_create: [x]\n", encoding="utf-8")
    done = project.run("up", "--yes", "--simulate-config", "faults.yaml")
    assert done.returncode == 2
    assert "--simulate" in done.stderr

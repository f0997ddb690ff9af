"""A plan written by one process is read, compared and applied by others, tier by tier, after the first was killed."""

from __future__ import annotations

import json
import signal
import sys
from typing import Any

import pytest

from tests.e2e.conftest import CANARY, ROOT, Project, changes

pytestmark = [pytest.mark.engine, pytest.mark.slow("a process for each tier, on the real engine")]
TIERS = ("infrastructure", "shared_primitives", "application")


def process(project: Project, *words: str) -> tuple[int, Any]:
    """Run a process of `keeping`; its exit code and what it printed."""
    command = (sys.executable, "-m", "tests.e2e.keeping", words[0], str(project.file), *words[1:])
    done = project.execute(*command, env={"PYTHONPATH": str(ROOT)})
    assert CANARY not in done.stdout + done.stderr
    return done.returncode, json.loads(done.stdout) if done.stdout else done.stderr


def kept(project: Project, name: str, verb: str = "plan", *rest: str) -> str:
    """The file of a plan whose process was killed once it was written."""
    code, said = process(project, verb, name, *rest)
    assert code == -signal.SIGKILL, said
    text = (project.folder / name).read_text(encoding="utf-8")
    assert CANARY not in text
    return name


def test_a_plan_outlives_its_process_and_is_applied_tier_by_tier_by_others(project: Project) -> None:
    project.replace("            env:\n", '            env:\n              CANARY_VALUE: "${env:CANARY}"\n')
    plan = kept(project, "plan.json")
    code, said = process(project, "apply", plan, "shared_primitives")
    assert (code, said["error"]) == (6, "An upper stack is missing"), "each tier waits for those above"
    for tier in TIERS:
        assert process(project, "apply", plan, tier) == (0, {"outcomes": ["applied"]})
    assert changes(project.preview()) == []

    # What nobody planned is not applied, whoever asks: the file says more by now than the plan.
    project.replace("storage_gb: 100", "storage_gb: 200")
    later = kept(project, "later.json")
    project.replace("storage_gb: 200", "storage_gb: 300")
    code, said = process(project, "apply", later, "shared_primitives")
    assert (code, said["error"]) == (4, "The plan has changed")
    assert any("allocatedStorage: approved 200, now 300" in one for one in said["problems"]), said
    project.replace("storage_gb: 300", "storage_gb: 200")
    assert process(project, "apply", later, "shared_primitives") == (0, {"outcomes": ["applied"]})

    # A plan that was edited is none.
    edited = json.loads((project.folder / later).read_text(encoding="utf-8"))
    edited["tiers"][1]["actions"][0]["action"] = "delete"
    (project.folder / "edited.json").write_text(json.dumps(edited), encoding="utf-8")
    assert process(project, "apply", "edited.json", "shared_primitives")[0] == 2

    # A destroy is kept, compared and applied the same way, the lowest tier first.
    losses = ("shared-postgres", "event-queue")
    gone = kept(project, "gone.json", "destroy-plan", *losses)
    for tier in reversed(TIERS):
        assert process(project, "apply", gone, tier) == (0, {"outcomes": ["destroyed"]}), tier
    assert not list(project.home.glob("simulated/.pulumi/stacks/*/*.json"))

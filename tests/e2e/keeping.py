"""Processes that keep a plan, and processes that apply what another has kept; run as `python -m tests.e2e.keeping`.

plan DECLARATION PLAN                   plans everything, writes the document and is killed
destroy-plan DECLARATION PLAN [NAME]... the same for a destroy, which may lose the data of these capabilities
apply DECLARATION PLAN TIER             applies that tier's section, approved by whoever runs it
"""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path

from platform_pulumi import bootstrap, settings
from platform_pulumi.cli.request import Request
from platform_pulumi.errors import PlatformError
from platform_pulumi.model.plan import Approval, Plan, TierPlan, document
from platform_pulumi.model.tier import Tier, TierKey
from platform_pulumi.operations.events import RunEvent
from platform_pulumi.operations.task import Task


class _Keep:
    """An approver who keeps what it is shown, and is killed before anything is asked or done."""

    def __init__(self, target: Path) -> None:
        self._target = target

    def show(self, plan: Plan) -> None:
        _keep(plan, self._target)

    def approve(self, _plan: Plan, _tier: TierPlan) -> bool:
        raise AssertionError


def _silent(_event: RunEvent) -> None: ...


def _keep(plan: Plan, target: Path) -> None:
    target.write_text(json.dumps(document.write(plan)), encoding="utf-8")
    os.kill(os.getpid(), signal.SIGKILL)


def _plan(task: Task, target: Path) -> None:
    operations = bootstrap.build(settings.read(os.environ, Path.cwd()))
    _keep(operations.preview(task, _silent), target)


def _destroy_plan(task: Task, target: Path) -> None:
    bootstrap.build(settings.read(os.environ, Path.cwd())).destroy(task, _silent, _Keep(target))


def _apply(task: Task, target: Path, label: str) -> None:
    found = settings.read(os.environ, Path.cwd())
    plan = document.read(json.loads(target.read_text(encoding="utf-8")))
    tier = Tier.from_label(label)
    section = plan.section(TierKey(tier, "default" if tier is Tier.APPLICATION else None))
    assert section is not None
    approval = Approval(found.user, "2026-11-27T10:00:00Z", section.digest)
    applied = bootstrap.build(found).apply(task, section, [approval], _silent)
    print(json.dumps({"outcomes": [tier.outcome.value for tier in applied.tiers]}))


def main(verb: str, declaration: str, plan: str, *rest: str) -> int:
    """Do it; the exit code of a refusal or failure is that of the CLI."""
    losses = frozenset(rest if verb == "destroy-plan" else ())
    task = Request(files=(Path(declaration),), simulate=True, allow_data_loss=losses).task()
    try:
        if verb == "apply":
            _apply(task, Path(plan), rest[0])
            return 0
        (_plan if verb == "plan" else _destroy_plan)(task, Path(plan))
    except PlatformError as error:
        print(json.dumps({"error": error.summary, "problems": [problem.detail for problem in error.problems]}))
        return error.exit_code
    return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

"""Recorder of the input of our own runs, so that bare Pulumi can register the very same resources."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from platform_pulumi import bootstrap
from platform_pulumi.model.plan import Plan, TierPlan
from platform_pulumi.operations.events import RunEvent
from platform_pulumi.operations.ports import Engine
from platform_pulumi.operations.task import Task
from platform_pulumi.sdk.run import TierRun
from platform_pulumi.settings import Settings


def record(settings: Settings, task: Task, target: Path) -> None:
    """Preview and apply once; write the `TierRun`s of each, a pickle of {"preview": [...], "up": [...]}."""
    runs: dict[str, list[TierRun]] = {"preview": [], "up": []}
    operations = bootstrap.build(settings)

    @contextmanager
    def recording(*arguments: Any) -> Iterator[Engine]:
        with operations.open_engine(*arguments) as engine:
            yield _Recorder(engine, runs)  # type: ignore[misc]  # the rest of the Protocol goes through __getattr__

    bootstrap.build(settings, open_engine=recording).up(task, _silent, _Yes())
    target.write_bytes(pickle.dumps(runs))


class _Recorder:
    def __init__(self, engine: Engine, runs: dict[str, list[TierRun]]) -> None:
        self._engine = engine
        self._runs = runs

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)

    def preview(self, run: TierRun, *rest: Any) -> Any:
        self._runs["preview"].append(run)
        return self._engine.preview(run, *rest)

    def up(self, run: TierRun, *rest: Any) -> Any:
        self._runs["up"].append(run)
        return self._engine.up(run, *rest)


def _silent(_event: RunEvent) -> None: ...


class _Yes:
    def show(self, _plan: Plan) -> None: ...
    def approve(self, _plan: Plan, _tier: TierPlan) -> bool:
        return True

"""The platform's own operations in this process, on the real engine and simulated plugins, and what they did.

One language host for all of it, since its imports take longer than a run; everything else is as a command has it.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from platform_pulumi import bootstrap
from platform_pulumi import settings as settings_module
from platform_pulumi.catalog import provider_definitions
from platform_pulumi.declarations.documents import Declared
from platform_pulumi.declarations.secrets import LocalSecrets
from platform_pulumi.engine.language_host import LanguageHost
from platform_pulumi.engine.property_values import plain
from platform_pulumi.model.access import Actor, Policy
from platform_pulumi.model.applied import Applied
from platform_pulumi.model.plan import Action, Plan, TierPlan
from platform_pulumi.model.plan.document import write
from platform_pulumi.operations import destroy, preview, up
from platform_pulumi.operations.ports import Engine, RunResult
from platform_pulumi.operations.services import Services
from platform_pulumi.operations.task import EngineOptions, Task
from tests.truth.platforms import Spec

#: A stack's contract is no output of a user's.
CONTRACT = "platform:contract"
#: From the weakest to the strongest thing that can happen to a resource, over all runs of one apply.
_STRENGTH = ("read", "no-op", "delete", "update", "create", "replace")


@dataclass(frozen=True)
class Recorded:
    """A stack as recorded: inputs by URN (secrets as words), types, parents, and its outputs in clear."""

    inputs: Mapping[str, Any] = field(default_factory=dict)
    outputs: Mapping[str, Any] = field(default_factory=dict)
    parents: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Happened:
    """What an apply did: by stack (project/name) the action on each resource, and all stacks before and after."""

    plan: dict[str, Any]
    actions: Mapping[str, Mapping[str, str]]
    before: Mapping[str, Recorded]
    after: Mapping[str, Recorded]


class _Recorder:
    """Engine that remembers what its runs did, and else is the one behind it."""

    def __init__(self, engine: Engine, bench: Bench) -> None:
        self._engine = engine
        self._bench = bench

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)

    def up(self, run: Any, *arguments: Any, **options: Any) -> RunResult:
        """Apply, and remember the steps and the outputs."""
        result = self._engine.up(run, *arguments, **options)
        self._bench.note(str(run.stack), result)
        return result

    def delete_held(self, run: Any, *arguments: Any, **options: Any) -> RunResult:
        """Delete what was held back, and remember the steps."""
        result = self._engine.delete_held(run, *arguments, **options)
        self._bench.note(str(run.stack), result)
        return result

    def destroy(self, target: Any, *arguments: Any, **options: Any) -> RunResult:
        """Destroy, and remember the steps."""
        result = self._engine.destroy(target, *arguments, **options)
        self._bench.note(str(target.stack), result)
        return result


class _Everybody:
    """Approves whatever is asked."""

    def show(self, plan: Plan) -> None:
        """Nothing: nobody looks."""

    def approve(self, plan: Plan, tier: TierPlan) -> bool:
        """Yes."""
        return True


class Bench:
    """A folder with simulated state, and the operations on it."""

    def __init__(self, folder: Path, programs: LanguageHost) -> None:
        self._folder = folder
        self._programs = programs
        self._open = ExitStack()
        self._engine: _Recorder | None = None
        self._steps: dict[str, dict[str, str]] = {}
        #: Of each stack, as the last run gave them: secrets in clear, which the recorded state is not.
        self._outputs: dict[str, dict[str, Any]] = {}

    def __enter__(self) -> Bench:
        return self

    def __exit__(self, *error: object) -> None:
        self._open.close()

    def validate(self, spec: Spec) -> None:
        """Read the declarations, and check what can be checked without a run."""
        operations = bootstrap.build(settings_module.read({**os.environ, **spec.secrets}, self._folder))
        operations.validate(Declared(spec.documents()), simulate=True)

    def preview(self, spec: Spec, loss: frozenset[str] = frozenset()) -> dict[str, Any]:
        """Plan; the plan document."""
        return write(preview.preview(self._services(spec), _task(spec, loss), _ignore))

    def up(self, spec: Spec, loss: frozenset[str]) -> Happened:
        """Plan and apply; what was planned, and what happened."""
        before, self._steps = self.recorded(), {}
        applied = up.up(self._services(spec), _task(spec, loss), _ignore, _Everybody())
        return self._happened(applied, before)

    def destroy(self, spec: Spec, loss: frozenset[str]) -> Happened:
        """Destroy; what was planned, and what happened."""
        before, self._steps = self.recorded(), {}
        applied = destroy.destroy(self._services(spec), _task(spec, loss), _ignore, _Everybody())
        return self._happened(applied, before)

    def data(self, spec: Spec) -> frozenset[str]:
        """Every name that a loss may be asked for."""
        named = {entry.name for _, _, entry in spec.entries()}
        return frozenset(named) | {urn.rpartition("::")[2] for r in self.recorded().values() for urn in r.parents}

    def recorded(self) -> dict[str, Recorded]:
        """Every stack as it is recorded."""
        root = self._folder / ".platform" / "simulated" / ".pulumi" / "stacks"
        return {f"{path.parent.name}/{path.stem}": self._recorded(path) for path in root.glob("*/*.json")}

    def note(self, stack: str, result: RunResult) -> None:
        """Remember what a run did to a stack."""
        known = self._steps.setdefault(stack, {})
        for urn, step in result.steps.items():
            if step.custom and step.finished and not step.type.startswith("pulumi:"):
                action = "no-op" if step.action is Action.READ else step.action.value
                known[urn] = max(known.get(urn, "no-op"), action, key=_STRENGTH.index)
        if not result.failed:
            self._outputs[stack] = {name: output.value for name, output in result.outputs.items() if name != CONTRACT}

    def _happened(self, applied: Applied, before: Mapping[str, Recorded]) -> Happened:
        return Happened(write(applied.plan), self._steps, before, self.recorded())

    def _recorded(self, path: Path) -> Recorded:
        latest = json.loads(path.read_text(encoding="utf-8"))["checkpoint"].get("latest") or {}
        resources = [resource for resource in latest.get("resources", []) if not resource.get("delete")]
        stack = f"{path.parent.name}/{path.stem}"
        return Recorded(
            {r["urn"]: plain(r.get("inputs") or {}) for r in resources if r.get("custom")},
            dict(self._outputs.get(stack, {})),
            {r["urn"]: r.get("parent", "") for r in resources},
        )

    def _services(self, spec: Spec) -> Services:
        environment = {**os.environ, **spec.secrets}
        settings = settings_module.read(environment, self._folder)
        operations = bootstrap.build(settings)

        @contextmanager
        def open_engine(platform: Any, options: EngineOptions, simulated: bool) -> Iterator[Engine]:
            # One engine for all of a bench: starting the provider servers anew costs more than what they then do.
            if self._engine is None:
                opened = operations.open_engine(platform, options, simulated, self._programs)
                self._engine = _Recorder(self._open.enter_context(opened), self)
            yield self._engine  # type: ignore[misc]  # what it has not, the engine behind it has

        return Services(
            definitions=provider_definitions(),
            secrets=LocalSecrets(environment),
            environment=environment,
            open_engine=open_engine,
            record=bootstrap.record,
            now=lambda: time.time_ns() // 1_000_000,
            actor=Actor(settings.user),
            policy=Policy.owned_by(settings.user),
        )


def _task(spec: Spec, loss: frozenset[str]) -> Task:
    return Task(Declared(spec.documents()), engine=EngineOptions(simulate=True), allow_data_loss=loss)


def _ignore(_: Any) -> None:
    """Watch nothing."""

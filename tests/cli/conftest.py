"""A fake of the operations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from platform_pulumi.cli.app import app
from platform_pulumi.cli.session import Session, Terminal
from platform_pulumi.declarations.documents import Declared, Document
from platform_pulumi.errors import ConstraintError, InputError, RefusedError
from platform_pulumi.model.applied import Applied, OutputsReport
from platform_pulumi.model.fidelity import FidelityTable
from platform_pulumi.model.plan import Action, Plan
from platform_pulumi.model.plan.ranges import Range
from platform_pulumi.model.platform import Mode, Platform
from platform_pulumi.model.status import StatusReport
from platform_pulumi.model.tier import TierKey
from platform_pulumi.operations.address import Address
from platform_pulumi.operations.doctor import Diagnosis
from platform_pulumi.operations.events import (
    Message,
    Progress,
    ResourceChanged,
    ResourceProgress,
    TierFinished,
    TierStarted,
)
from platform_pulumi.operations.logs import LogOptions, Logs
from platform_pulumi.operations.ports import Approver, Observer
from platform_pulumi.operations.scale import Scaled
from platform_pulumi.operations.task import Task
from tests.cli import everyday, samples


@dataclass
class FakeOperations:
    """Gives what it was told to, or raises it, and remembers what it was asked."""

    plan: Plan = field(default_factory=samples.from_nothing)
    platform: Platform = field(default_factory=samples.platform)
    applied: Applied = field(default_factory=samples.applied)
    report: OutputsReport = field(default_factory=samples.outputs)
    diagnosis: Diagnosis = field(default_factory=samples.diagnosis)
    how: StatusReport = field(default_factory=everyday.status)
    where: Address = field(default_factory=everyday.address)
    said: Logs = field(default_factory=everyday.logs)
    scaled: Scaled = field(default_factory=everyday.scaled)
    error: BaseException | None = None
    #: Whether what the user gave is found to be wrong only once everything is applied.
    late: bool = False
    tasks: list[Task | Declared | None] = field(default_factory=list)
    calls: list[tuple[Any, ...]] = field(default_factory=list)
    approvals: list[bool] = field(default_factory=list)

    def validate(self, declared: Declared, *, simulate: bool = False) -> Platform:
        self.calls.append(("simulate", simulate))
        return self._given("validate", declared, self.platform)

    def simulated_providers(self) -> tuple[str, ...]:
        return ("mock",)

    def preview(self, task: Task, observer: Observer) -> Plan:
        for tier in self.plan.tiers:
            self._run(observer, tier.key, "previewing")
        return self._given("preview", task, self.plan)

    def up(self, task: Task, observer: Observer, approver: Approver) -> Applied:
        return self._apply("up", "applying", task, observer, approver)

    def destroy(self, task: Task, observer: Observer, approver: Approver) -> Applied:
        return self._apply("destroy", "destroying", task, observer, approver)

    def outputs(self, task: Task) -> OutputsReport:
        return self._given("outputs", task, self.report)

    def fidelity(self, providers: tuple[str, ...]) -> tuple[FidelityTable, ...]:
        tables = {table.provider: table for table in samples.tables()}
        return self._given("fidelity", None, tuple(tables[name] for name in providers or tables))

    def status(self, task: Task) -> StatusReport:
        return self._given("status", task, self.how)

    def logs(self, task: Task, name: str, wanted: LogOptions) -> Logs:
        self.calls.append((name, wanted))
        return self._given("logs", task, self.said)

    def address(self, task: Task, name: str) -> Address:
        self.calls.append((name,))
        return self._given("address", task, self.where)

    def scale(self, task: Task, name: str, replicas: int, observer: Observer, approver: Approver) -> Scaled:
        self.calls.append((name, replicas))
        self._apply("scale", "applying", task, observer, approver)
        return self.scaled

    def schema(self) -> dict[str, Any]:
        return self._given("schema", None, {"$schema": "https://json-schema.org/draft/2020-12/schema"})

    def doctor(
        self, install: bool, observer: Observer, documents: Sequence[Document] = (), *, strict: bool = False
    ) -> Diagnosis:
        observer(Message("looking around"))
        self.calls.append(("install", install))
        self.calls.append(("documents", *(document.name for document in documents)))
        return self._given("doctor", None, self.diagnosis)

    def _given(self, verb: str, task: Task | Declared | None, value: Any) -> Any:
        self.calls.append((verb,))
        self.tasks.append(task)
        if self.error:
            raise self.error
        return value

    def _apply(self, verb: str, doing: str, task: Task, observer: Observer, approver: Approver) -> Applied:
        if isinstance(self.error, (InputError, ConstraintError)) and not self.late:
            raise self.error
        approver.show(self.plan)
        for tier in self.plan.tiers:
            # As the decision of the model is: who needs no approval is not asked for.
            approved = tier.mode is Mode.AUTO_APPLY or approver.approve(self.plan, tier)
            self.approvals.append(approved)
            if not approved:
                summary = "Not approved"
                raise RefusedError(summary, f"{tier.tier.label} was not applied.")
            self._run(observer, tier.key, doing)
        result: Applied = self._given(verb, task, self.applied)
        return result

    def _run(self, observer: Observer, key: TierKey, doing: str) -> None:
        observer(TierStarted(key, doing, Range.exactly(2)))
        for name, kind in (("one", Action.CREATE), ("two", Action.NO_OP)):
            for state in (Progress.STARTED, Progress.DONE):
                observer(ResourceChanged(key, ResourceProgress(kind, "c", name, "aws:ec2/vpc:Vpc", state)))
        observer(TierFinished(key, False))


@pytest.fixture
def operations() -> FakeOperations:
    return FakeOperations()


@dataclass
class Cli:
    """Runs a command on the fake operations, with the terminal a test wants."""

    operations: FakeOperations
    terminal: Terminal = field(default_factory=Terminal)
    launched: list[str] = field(default_factory=list)

    def __call__(self, *arguments: str | Path, input_: str = "") -> Result:
        session = Session(
            lambda: self.operations,
            lambda: self.terminal,
            lambda url: self.launched.append(url) or 0,
        )
        return CliRunner().invoke(
            app, [str(word) for word in arguments], obj=session, input=input_, prog_name="platform"
        )


@pytest.fixture
def cli(operations: FakeOperations, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cli:
    """The command line, in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    return Cli(operations)

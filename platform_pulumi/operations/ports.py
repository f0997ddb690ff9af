"""The Protocols operations speak through: the engine below them, the person above them."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Protocol

from platform_pulumi.model.context import StackName
from platform_pulumi.model.plan import Action, Plan, TierPlan
from platform_pulumi.model.tier import Tier
from platform_pulumi.model.value import OutputValue
from platform_pulumi.sdk.run import TierRun


class Progress(enum.StrEnum):
    """Where a resource is within a run."""

    STARTED = "started"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class ResourceProgress:
    """One resource's step within a run; `capability` is "" for what belongs to none."""

    action: Action
    capability: str
    name: str
    type: str
    state: Progress


class Observer(Protocol):
    """Somebody who watches a run. Called from one thread, in order."""

    def tier_started(self, tier: Tier, application: str | None, verb: str, total: int | None) -> None:
        """A tier's run begins; `verb` is previewing, applying or destroying, `total` the resources expected, if known."""

    def resource(self, tier: Tier, application: str | None, progress: ResourceProgress) -> None:
        """A resource's step began, ended or failed."""

    def tier_finished(self, tier: Tier, application: str | None, failed: bool) -> None:
        """A tier's run ended."""

    def message(self, text: str) -> None:
        """Something worth a line (a plugin is fetched, a stale lock was found)."""


class Approver(Protocol):
    """Shows the plan and answers for the person who runs the command."""

    def show(self, plan: Plan) -> None:
        """Show the whole plan, before anything is asked."""

    def approve(self, plan: Plan, tier: TierPlan) -> bool:
        """Whether this tier may be applied (or destroyed)."""


@dataclass(frozen=True, slots=True)
class Step:
    """What the engine said it would do, or did, to one resource.

    `old` and `new` are inputs as events show them: secrets redacted, unknowns as sentinels.
    """

    urn: str
    type: str
    name: str
    op: str
    old: Mapping[str, Any] | None = None
    new: Mapping[str, Any] | None = None
    changed: Mapping[str, str] = field(default_factory=dict)
    replaced_by: tuple[str, ...] = ()
    custom: bool = True
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Registered:
    """What the program itself registered for a URN.

    `waits_for` are upstream outputs its unknown inputs come from, directly or through resources of the same run;
    `unknown` and `secret` are input paths; `secret_hashes` are keyed hashes of the secret inputs by path.
    """

    urn: str
    waits_for: frozenset[str] = frozenset()
    unknown: frozenset[str] = frozenset()
    secret: frozenset[str] = frozenset()
    secret_hashes: Mapping[str, str] = field(default_factory=dict)
    parent: str = ""
    inputs: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """Something the engine, a provider or the program said; `severity` is info, warning or error."""

    severity: str
    text: str
    urn: str = ""


@dataclass(frozen=True, slots=True)
class RunResult:
    """One engine run over one stack. `failed` runs carry what was done until then."""

    steps: Mapping[str, Step]
    registered: Mapping[str, Registered]
    outputs: Mapping[str, OutputValue]
    diagnostics: tuple[Diagnostic, ...] = ()
    failed: bool = False


@dataclass(frozen=True, slots=True)
class StackSnapshot:
    """What a stack's state says. Secret outputs carry no value unless they were asked for (`reveal`)."""

    name: StackName
    outputs: Mapping[str, OutputValue]
    resources: Mapping[str, str]
    pending: tuple[str, ...] = ()
    version: int = 0


class Engine(Protocol):
    """The Pulumi engine, one state backend, one set of provider servers."""

    def snapshot(self, stack: StackName, *, reveal: bool = False) -> StackSnapshot | None:
        """The stack's state, or None where there is no such stack.

        Raises:
            EngineError: it exists but cannot be read.
        """

    def stacks(self, project: str) -> tuple[StackName, ...]:
        """The stacks of a project that exist."""

    def preview(self, run: TierRun, observer: Observer) -> RunResult:
        """What `up` would do. Touches nothing."""

    def up(self, run: TierRun, observer: Observer, total: int | None = None) -> RunResult:
        """Apply."""

    def destroy(self, run: TierRun, observer: Observer, total: int | None = None) -> RunResult:
        """Delete every resource of the stack, and the stack itself once it is empty."""


#: Opens an engine for a request; everything it started is stopped when the context ends.
EngineContext = AbstractContextManager[Engine]

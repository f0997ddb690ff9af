"""The Protocols operations speak through: the engine below them, the person above them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias

from platform_pulumi.model.context import StackName
from platform_pulumi.model.plan import Action, Plan, TierPlan
from platform_pulumi.model.tier import Tier
from platform_pulumi.model.urn import capability_of, urn_name
from platform_pulumi.operations.events import RunEvent
from platform_pulumi.sdk.run import TierRun

#: Watches a run: called with each of its events, from one thread, in order.
Observer: TypeAlias = Callable[[RunEvent], None]


class Approver(Protocol):
    """Shows the plan and answers for the person who runs the command."""

    def show(self, plan: Plan) -> None:
        """Show the whole plan, before anything is asked."""

    def approve(self, plan: Plan, tier: TierPlan) -> bool:
        """Whether this tier may be applied (or destroyed)."""


@dataclass(frozen=True, slots=True)
class Step:
    """What the engine said it would do, or did, to one resource.

    `old` and `new` are inputs as events show them: secrets redacted, unknowns as sentinels. `changed` maps a property
    path to the kind of its change (add, delete, update, each with `-replace` where it forces one); `provider` is the
    package with the provider resource's name; `protected` says that the recorded resource carries Pulumi's protection;
    `observed` holds recorded outputs of those changed properties that were found to differ in reality.
    """

    urn: str
    type: str
    name: str
    action: Action
    provider: str = ""
    parent: str = ""
    old: Mapping[str, Any] | None = None
    new: Mapping[str, Any] | None = None
    changed: Mapping[str, str] = field(default_factory=dict)
    replace_keys: tuple[str, ...] = ()
    custom: bool = True
    protected: bool = False
    finished: bool = False
    failed: bool = False
    observed: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Registered:
    """What the program itself registered for a URN.

    `waits_for` are upstream outputs its unknown inputs come from, directly or through resources of the same run;
    `unknown` and `secret` are input paths; `secret_hashes` are keyed hashes of the known leaves of secret inputs, by
    path.
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
    """Something the engine, a provider or the program said; `severity` is debug, info, warning or error."""

    severity: str
    text: str
    urn: str = ""


@dataclass(frozen=True, slots=True)
class RunResult:
    """One engine run over one stack. `failed` runs carry what was done until then."""

    steps: Mapping[str, Step]
    registered: Mapping[str, Registered]
    outputs: Mapping[str, StateOutput]
    diagnostics: tuple[Diagnostic, ...] = ()
    failed: bool = False


@dataclass(frozen=True, slots=True)
class StackSnapshot:
    """What a stack's state says.

    `outputs` are in the state's own form, secrets without their value unless they were asked for (`reveal`);
    `resources` maps the URN of every real resource to its type, `parents` every URN to its parent, components included;
    `pending` are operations a dead run left half done, as (operation, URN); `lock` says who holds the stack's lock,
    where the backend shows it; `updated_at` is when the state was written (RFC 3339), "" where it never was;
    `fingerprint` tells this state from any other; `ids` maps a URN to the provider's id of what it stands for; `salt`
    is what the key of the state's secrets is derived with, where that is a passphrase.
    """

    name: StackName
    outputs: Mapping[str, StateOutput]
    resources: Mapping[str, str]
    parents: Mapping[str, str] = field(default_factory=dict)
    pending: tuple[tuple[str, str], ...] = ()
    protected: frozenset[str] = frozenset()
    lock: Lock | None = None
    updated_at: str = ""
    fingerprint: str = ""
    ids: Mapping[str, str] = field(default_factory=dict)
    salt: str = field(default="", repr=False)

    @property
    def creating(self) -> tuple[str, ...]:
        """The URNs of the creates among what is pending."""
        return tuple(urn for operation, urn in self.pending if operation == "creating")

    def named(self, urn: str) -> str:
        """What a flag calls a resource: the capability it belongs to; its own name where it belongs to none."""
        return capability_of(urn, self.parents) or urn_name(urn)


@dataclass(frozen=True, slots=True)
class StateOutput:
    """A stack output, recorded or planned; the value is None where it is unknown, or secret and not asked for."""

    value: Any = field(repr=False)
    secret: bool = False
    known: bool = True


@dataclass(frozen=True, slots=True)
class Lock:
    """A stack's lock: who took it, when (RFC 3339), and whether that process is known to be dead."""

    holder: str
    since: str
    dead: bool


@dataclass(frozen=True, slots=True)
class DestroyTarget:
    """A stack to destroy.

    Args:
        ignore_protect: whether what is protected goes too: every loss was allowed by name.
        unprotect: where it is not, the URNs of what was allowed all the same; all else that is protected stays, and
            the stack with it.
        retained: whether anything is.
    """

    tier: Tier
    application: str | None
    stack: StackName
    ignore_protect: bool = False
    total: int | None = None
    unprotect: tuple[str, ...] = ()
    retained: bool = False


@dataclass(frozen=True, slots=True)
class AdoptTarget:
    """A stack whose open creates were looked up.

    Args:
        there: the provider's ids of those that have happened, by URN.
        absent: the URNs of those that have not.
    """

    tier: Tier
    application: str | None
    stack: StackName
    there: Mapping[str, str]
    absent: frozenset[str]


class Engine(Protocol):
    """The Pulumi engine, one state backend, one set of provider servers."""

    def select_plugins(self, recorded: Mapping[str, str], observer: Observer) -> Mapping[str, str]:
        """Decide, before the first run, which plugin serves each provider: official, embedded or simulated.

        `recorded` is what the provider's stacks were applied with, where there are any.

        Raises:
            PlatformError: a plugin is wanted that is not to be had.
        """

    def require_refresh(self, stack: StackName) -> None:
        """Look at how everything is in the runs of this stack, instead of going by what is recorded."""

    def is_noop(self, run: TierRun) -> bool:
        """Whether this very run was seen to change nothing, and nothing that it depends on has changed since."""

    def remember_noop(self, run: TierRun) -> None:
        """Remember that this run changes nothing, as things are recorded now."""

    def prefetch(self, stacks: Sequence[StackName]) -> None:
        """Start whatever can be started ahead of previews of these stacks, which follow in this order."""

    def snapshot(self, stack: StackName, *, reveal: bool = False) -> StackSnapshot | None:
        """The stack's state, read once until the engine changes it, or None where there is no such stack.

        Raises:
            EngineError: it exists but cannot be read.
        """

    def exists(self, stack: StackName) -> bool:
        """Whether there is such a stack.

        Raises:
            EngineError: it exists but cannot be read.
        """

    def stacks(self, project: str) -> tuple[StackName, ...]:
        """The stacks of a project that exist."""

    def preview(self, run: TierRun, observer: Observer, total: int | None = None) -> RunResult:
        """What `up` would do. Touches nothing."""

    def up(self, run: TierRun, observer: Observer, total: int | None = None) -> RunResult:
        """Apply."""

    def destroy(self, target: DestroyTarget, observer: Observer) -> RunResult:
        """Delete every resource of the stack, and the stack itself once it is empty."""

    def unlock(self, stack: StackName) -> None:
        """Remove the lock a dead run left."""

    def clear_pending(self, stack: StackName) -> None:
        """Forget what a dead run had under way: it has been dealt with."""

    def adopt(self, target: AdoptTarget, observer: Observer) -> RunResult:
        """Record creates that a dead run left open as what they came to, and look at how everything is.

        Raises:
            EngineError: the state cannot be read or written.
        """

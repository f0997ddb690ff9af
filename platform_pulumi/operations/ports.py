"""Protocols (ports) of the operations: the engine below them, the approver and observer above them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias

from platform_pulumi.model.context import StackName
from platform_pulumi.model.contract import TierContract
from platform_pulumi.model.plan import Action, Plan, TierPlan
from platform_pulumi.model.plan.ranges import Range
from platform_pulumi.model.tier import TierKey
from platform_pulumi.model.urn import capability_of, urn_name
from platform_pulumi.operations.events import RunEvent
from platform_pulumi.sdk.run import TierRun

#: Watches a run: called with each of its events, from one thread, in order.
Observer: TypeAlias = Callable[[RunEvent], None]


class Approver(Protocol):
    """Approver of a plan, for the person who runs the command."""

    def show(self, plan: Plan) -> None:
        """Show the whole plan, before anything is asked."""

    def approve(self, plan: Plan, tier: TierPlan) -> bool:
        """Whether this tier may be applied (or destroyed)."""


@dataclass(frozen=True, slots=True)
class Step:
    """Step of the engine on one resource, planned or done.

    `old` and `new` are inputs as events show them: secrets redacted, unknowns as sentinels. `changed` maps a property
    path to the kind of its change (add, delete, update, each with `-replace` where it forces one); `provider` is the
    package with the provider resource's name; `protected` says that the recorded resource carries Pulumi's protection;
    `observed` holds recorded outputs of those changed properties that were found to differ in reality;
    `deletes_first` says of a replacement that the old resource is deleted before the new one is made.
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
    deletes_first: bool = False


@dataclass(frozen=True, slots=True)
class Registered:
    """Registration of a resource by the program.

    `waits_for` are upstream outputs its unknown inputs come from, directly or through resources of the same run;
    `unknown` and `secret` are input paths; `secret_hashes` are keyed hashes of the known leaves of secret inputs, by
    path. `made_from` maps a property to what it was made from: upstream outputs, and URNs of resources of the same run;
    `depends_on` are the URNs it depends on as a whole, `ignored` the paths whose changes it ignores;
    `unknown_trigger` says that its replacement trigger is unknown.
    """

    urn: str
    waits_for: frozenset[str] = frozenset()
    unknown: frozenset[str] = frozenset()
    secret: frozenset[str] = frozenset()
    secret_hashes: Mapping[str, str] = field(default_factory=dict)
    parent: str = ""
    inputs: Mapping[str, Any] = field(default_factory=dict)
    made_from: Mapping[str, frozenset[str]] = field(default_factory=dict)
    depends_on: frozenset[str] = frozenset()
    ignored: tuple[str, ...] = ()
    unknown_trigger: bool = False


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """Diagnostic of the engine, a provider or the program; `severity` is debug, info, warning or error."""

    severity: str
    text: str
    urn: str = ""


@dataclass(frozen=True, slots=True)
class RunResult:
    """Result of one engine run over one stack.

    `failed` runs carry what was done until then; one that is `locked` has found the stack in somebody else's hands.
    `stopped` says why the engine ended it in order before its end, though nobody asked for that; "" where it did not.
    """

    steps: Mapping[str, Step]
    registered: Mapping[str, Registered]
    outputs: Mapping[str, StateOutput]
    diagnostics: tuple[Diagnostic, ...] = ()
    failed: bool = False
    stopped: str = ""
    locked: bool = False


@dataclass(frozen=True, slots=True)
class StackSnapshot:
    """Recorded state of a stack.

    `outputs` are in the state's own form, secrets without their value unless they were asked for (`reveal`);
    `resources` maps the URN of every real resource to its type, `parents` every URN to its parent, components included;
    `pending` are the pending operations of a dead run, as (operation, URN); `lock` says who holds the stack's lock,
    where the backend shows it; `updated_at` is when the state was written (RFC 3339), "" where it never was;
    `fingerprint` identifies this state; `ids` maps a URN to the provider's id of its resource, `switches` to the names
    of those of its inputs that are true, `triggers` to the value of its replacement trigger; `salt` is that of the key
    of the state's secrets, where that is derived from a passphrase; `left` are the URNs of which it still holds what
    a replacement has left behind.
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
    switches: Mapping[str, frozenset[str]] = field(default_factory=dict)
    triggers: Mapping[str, Any] = field(default_factory=dict)
    salt: str = field(default="", repr=False)
    left: frozenset[str] = frozenset()

    @property
    def creating(self) -> tuple[str, ...]:
        """URNs of the pending creates."""
        return tuple(urn for operation, urn in self.pending if operation == "creating")

    def named(self, urn: str) -> str:
        """Name of a resource in a flag: its capability's; its own where it belongs to none."""
        return capability_of(urn, self.parents) or urn_name(urn)


@dataclass(frozen=True, slots=True)
class StateOutput:
    """Stack output, recorded or planned; the value is None where it is unknown, or secret and not asked for."""

    value: Any = field(repr=False)
    secret: bool = False
    known: bool = True


@dataclass(frozen=True, slots=True)
class Lock:
    """Lock of a stack: who took it, when (RFC 3339), and whether that process is known to be dead."""

    holder: str
    since: str
    dead: bool


@dataclass(frozen=True, slots=True)
class DestroyTarget:
    """Stack to destroy.

    Args:
        ignore_protect: whether protected resources are deleted too: every loss was allowed by name.
        total: the number of resources to delete, for progress; None where it is unknown.
        unprotect: without `ignore_protect`, the URNs of protected resources to delete all the same; all others are
            retained, and the stack with them.
        retained: whether any resource is retained.
    """

    key: TierKey
    stack: StackName
    ignore_protect: bool = False
    total: Range | None = None
    unprotect: tuple[str, ...] = ()
    retained: bool = False


@dataclass(frozen=True, slots=True)
class AdoptTarget:
    """Stack whose pending creates were looked up.

    Args:
        created: the provider's ids of those that have happened, by URN.
        absent: the URNs of those that have not.
    """

    key: TierKey
    stack: StackName
    created: Mapping[str, str]
    absent: frozenset[str]


class Engine(Protocol):
    """Pulumi engine on one state backend and one set of provider servers."""

    def select_plugins(self, recorded: Mapping[str, str], observer: Observer) -> Mapping[str, str]:
        """Select, before the first run, the plugin of each provider: official, embedded or simulated.

        `recorded` is what the provider's stacks were applied with, where there are any.

        Raises:
            PlatformError: a plugin is wanted that is not available.
        """

    def require_refresh(self, stack: StackName) -> None:
        """Refresh in the runs of this stack, instead of relying on its recorded state."""

    def is_noop(self, run: TierRun) -> bool:
        """Whether this very run is a known no-op: it changed nothing, and nothing it depends on has changed since."""

    def remember_noop(self, run: TierRun) -> None:
        """Remember that this run is a no-op on the recorded state."""

    def prefetch(self, stacks: Sequence[StackName]) -> None:
        """Start whatever can be started ahead of previews of these stacks, which follow in this order."""

    def snapshot(self, stack: StackName, *, reveal: bool = False) -> StackSnapshot | None:
        """Return the stack's state, read once until the engine changes it, or None where there is no such stack.

        Raises:
            EngineError: it exists but cannot be read.
        """

    def revealed_snapshot(self, stack: StackName) -> StackSnapshot | None:
        """Return the stack's state with its secret outputs, where that has been read already; None where it was not."""

    def exists(self, stack: StackName) -> bool:
        """Whether the stack exists.

        Raises:
            EngineError: it exists but cannot be read.
        """

    def qualified(self, stack: StackName) -> str:
        """Return the fully qualified name of a stack, with the organization that it is in on this backend."""

    def stacks(self, project: str) -> tuple[StackName, ...]:
        """List the existing stacks of a project."""

    def preview(self, run: TierRun, observer: Observer) -> RunResult:
        """Preview what `up` would do. Changes nothing."""

    def up(
        self, run: TierRun, observer: Observer, total: Range | None = None, *, held: Collection[str] = ()
    ) -> RunResult:
        """Apply the run's program to its stack.

        The resources `held`, by URN, and all they depend on, are not deleted, nor is what replacements leave of them.
        """

    def delete_held(self, run: TierRun, observer: Observer, total: Range | None = None) -> RunResult:
        """Apply the run's program again, which deletes all that an `up` held back."""

    def destroy(self, target: DestroyTarget, observer: Observer) -> RunResult:
        """Delete every resource of the stack, and the stack itself once it is empty."""

    def unlock(self, stack: StackName) -> None:
        """Remove the stale lock of a dead run."""

    def record_contract(self, stack: StackName, contract: TierContract | None) -> None:
        """Record a stack's contract as it is now, or that it has none; a stack that does not exist is made.

        Raises:
            EngineError: the state cannot be read or written.
            LockedError: somebody works on the stack.
        """

    def forget(self) -> None:
        """Read every stack anew from now on: others may have changed it."""

    def clear_pending(self, stack: StackName) -> None:
        """Drop the pending operations of a dead run: they have been dealt with."""

    def adopt(self, target: AdoptTarget, observer: Observer) -> RunResult:
        """Record looked-up pending creates by their ids, and refresh them.

        Raises:
            EngineError: the state cannot be read or written.
        """

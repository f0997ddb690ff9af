"""Types of a plan: the changes that an apply, or a destroy, of one context would make (specification, section 2.1).

A plan is a frozen value: computed once, never changed. Display hints never steer an apply.
"""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from platform_pulumi.errors import Position, Problem
from platform_pulumi.model.contract import ProviderRecord
from platform_pulumi.model.fidelity import FidelityReport
from platform_pulumi.model.plan.limits import LimitChange
from platform_pulumi.model.platform import Mode
from platform_pulumi.model.tier import Tier, TierKey


class Action(enum.StrEnum):
    """Operation on a resource. `OTHER` is one of a kind this program does not know: shown, never hidden."""

    CREATE = "create"
    UPDATE = "update"
    REPLACE = "replace"
    DELETE = "delete"
    NO_OP = "no-op"
    IMPORT = "import"
    READ = "read"
    OTHER = "other"


class Operation(enum.StrEnum):
    """Operation a plan is for: up or destroy."""

    UP = "up"
    DESTROY = "destroy"


class Status(enum.StrEnum):
    """Status of a section, least advanced first; the last four are final (docs/plan.md)."""

    PENDING = "pending"
    APPROVED = "approved"
    APPLYING = "applying"
    APPLIED = "applied"
    FAILED = "failed"
    REJECTED = "rejected"
    SUPERSEDED = "superseded"
    EXPIRED = "expired"

    @property
    def ended(self) -> bool:
        """Whether nothing can be applied any more of a section that has come this far."""
        return self in {Status.FAILED, Status.REJECTED, Status.SUPERSEDED, Status.EXPIRED}


@dataclass(frozen=True, slots=True)
class Approval:
    """Approval of one section: by whom, when (RFC 3339, UTC), of which digest, and why."""

    by: str
    at: str
    digest: str
    reason: str = ""


#: What stands among `replace_keys` where a provider's replacement is the cause (Pulumi's engine).
PROVIDER = "provider"


def is_unknown(value: Any) -> bool:
    """Whether an input of a plan stands for a value that is not known yet (`{"unknown": true, "type": "string"}`)."""
    return isinstance(value, Mapping) and value.get("unknown") is True and set(value) <= {"unknown", "type"}


@dataclass(frozen=True, slots=True)
class Diff:
    """Change of one property. Values are absent (None) where unknown or secret; a secret that is unknown may change."""

    path: str
    old: Any = None
    new: Any = None
    unknown: bool = False
    secret: bool = False
    replaces: bool = False


@dataclass(frozen=True, slots=True)
class PlanAction:
    """Planned action on one resource.

    Args:
        waits_for: the outputs of upper tiers (`infrastructure.primary-cluster.endpoint`) this action cannot know before
            they are applied, and, of an update or replacement, the resources of its own tier
            (`infrastructure.primary-vpc.primary-vpc-private-0`); it is then conditional and `action` is the strongest
            reading.
        before: recorded inputs without secrets; `after`: planned ones.
        loses_data: whether a data-bearing capability's data is deleted or replaced.
        retained: whether a destroy leaves it, since it holds data whose loss nobody allowed.
        secret_hashes: keyed hashes of the planned secret inputs, by property path.
        replace_keys: the inputs whose change forces a replacement.
        remote_component: the URN of the remote component (one that a plugin builds) it is a child of, or "".
        deletes_first: whether a replacement deletes the old resource before it makes the new one.
    """

    action: Action
    capability: str
    resource_name: str
    resource_type: str
    provider: str
    urn: str
    waits_for: tuple[str, ...] = ()
    declared_at: Position | None = None
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None
    diff: tuple[Diff, ...] = ()
    loses_data: bool = False
    retained: bool = False
    secret_hashes: Mapping[str, str] = field(default_factory=dict)
    replace_keys: tuple[str, ...] = ()
    remote_component: str = ""
    deletes_first: bool = False

    @property
    def conditional(self) -> bool:
        """Whether something else must be applied before this action is certain."""
        return bool(self.waits_for)

    @property
    def changes(self) -> bool:
        """Whether the action changes the resource."""
        return self.action not in {Action.NO_OP, Action.READ}

    @property
    def owner(self) -> str:
        """Name for `--allow-data-loss`: the capability's, or the resource's where it belongs to none."""
        return self.capability or self.resource_name


@dataclass(frozen=True, slots=True)
class PlannedOutput:
    """Output of a tier after the plan.

    `change`: new, changed, may-change (a value that is not known yet, or cannot be compared), removed or same.
    """

    type: str
    change: str
    value: Any = None
    unknown: bool = False
    secret: bool = False


@dataclass(frozen=True, slots=True)
class BoundCapability:
    """Capability as planned: what it is wired to (`tier.name`) and what its inputs and actions wait for.

    `new` says that no declaration of it is recorded; `diff` is what changes of the recorded one.
    """

    name: str
    type: str
    provider: str
    declared_at: Position
    bindings: tuple[str, ...] = ()
    waits_for: tuple[str, ...] = ()
    new: bool = False
    diff: tuple[Diff, ...] = ()


@dataclass(frozen=True, slots=True)
class Declarations:
    """Resolved declarations as the digest covers them; JSON values, secrets and references as markers.

    Args:
        capabilities: name, type, provider, properties and bindings of each, in dependency order.
        constraints: field, operator and value of each constraint set for the tiers below.
        outputs: name, capability, field and type of each output of the contract.
        providers: name and settings of each provider of the section, as they are written.
    """

    capabilities: tuple[Mapping[str, Any], ...] = ()
    constraints: tuple[Mapping[str, Any], ...] = ()
    outputs: tuple[Mapping[str, Any], ...] = ()
    providers: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class TierPlan:
    """Section of a plan for one tier (for tier 3, one application): approved and applied by itself.

    Args:
        stack: the fully qualified stack name.
        digest: the effects digest, "sha256:<hex>" (`effects.digest`).
        providers: those the section uses, with version and plugin mode.
        allowed_data_loss: the names whose data may be lost by it.
        base: provenance (the state's version, the digests above); not part of the digest.
        skipped: whether it is a known no-op, so that the engine was not run.
        mode: how it is applied: never looser than its stack, or a tier above, has recorded.
        mode_because: who asks for that, in words, where it is not the declaration.
        contract_changes: whether constraints, output contract or mode differ from the recorded.
        limits: the limits of the contract that change, for an apply of what was applied before.
        deletes_last: whether its deletes wait until the tiers below have let go of what is deleted.
        replaced_providers: the packages whose provider resource is replaced: all that it holds moves with it.
        status: the envelope, with `approvals`: not part of the digest either.
    """

    tier: Tier
    application: str | None
    stack: str
    digest: str
    mode: Mode
    actions: tuple[PlanAction, ...]
    outputs: Mapping[str, PlannedOutput]
    capabilities: tuple[BoundCapability, ...] = ()
    operation: Operation = Operation.UP
    declarations: Declarations = Declarations()
    providers: tuple[ProviderRecord, ...] = ()
    allowed_data_loss: frozenset[str] = frozenset()
    base: Mapping[str, Any] = field(default_factory=dict)
    skipped: bool = False
    mode_because: str = ""
    contract_changes: bool = False
    limits: tuple[LimitChange, ...] = ()
    deletes_last: bool = False
    replaced_providers: tuple[str, ...] = ()
    status: Status = Status.PENDING
    approvals: tuple[Approval, ...] = ()

    @property
    def key(self) -> TierKey:
        """Key of the tier and its application."""
        return TierKey(self.tier, self.application)

    @property
    def summary(self) -> dict[str, int]:
        """Count of resources by action, a conditional one by its strongest reading (`ranges`: by what it may be)."""
        always = (Action.CREATE, Action.UPDATE, Action.REPLACE, Action.DELETE, Action.NO_OP)
        return {action.value: 0 for action in always} | Counter(action.action.value for action in self.actions)

    @property
    def data_loss(self) -> tuple[str, ...]:
        """Names whose data the section loses, sorted."""
        return tuple(sorted({action.owner for action in self.actions if action.loses_data}))

    @property
    def deletable(self) -> tuple[PlanAction, ...]:
        """Actions whose delete can wait: all deletes, and replacements that stand beside what they replace."""
        deleting = (Action.DELETE, Action.REPLACE)
        return tuple(action for action in self.actions if action.action in deleting and not action.deletes_first)

    @property
    def changes(self) -> bool:
        """Whether applying it changes a resource or the contract, or removes the stack."""
        if self.operation is Operation.DESTROY:
            # An empty stack goes as well; one that holds nothing but retained data stays as it is.
            return any(action.changes for action in self.actions) or not any(a.retained for a in self.actions)
        return self.contract_changes or any(action.changes for action in self.actions)

    @property
    def outputs_change(self) -> bool:
        """Whether its outputs change, or may, for the tiers below, be it only passed through."""
        return any(output.change != "same" for output in self.outputs.values())

    @property
    def applies(self) -> bool:
        """Whether it has anything to apply."""
        return self.changes or self.outputs_change


@dataclass(frozen=True, slots=True)
class Affected:
    """Capability affected by a change; `kind` is hard or soft, `severity` is low, medium or high."""

    tier: Tier
    capability: str
    application: str | None
    kind: str
    severity: str

    @property
    def key(self) -> TierKey:
        """The tier and its application."""
        return TierKey(self.tier, self.application)


@dataclass(frozen=True, slots=True)
class Impact:
    """Impact of a change of `tier.capability` or `tier.capability.output`: the capabilities it affects."""

    changed: str
    action: Action
    affected: tuple[Affected, ...]


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Reason why a plan cannot be applied in one go: at which capability, why, and the steps that lead there."""

    tier: Tier
    application: str | None
    capability: str
    summary: str
    detail: str
    steps: tuple[str, ...]
    declared_at: Position | None = None

    @classmethod
    def at(cls, section: TierPlan, action: PlanAction, summary: str, detail: str, steps: tuple[str, ...]) -> Obstacle:
        """Build the obstacle that an action of a section meets."""
        return cls(*section.key, action.owner, summary, detail, steps, action.declared_at)

    @property
    def key(self) -> TierKey:
        """The tier and its application."""
        return TierKey(self.tier, self.application)


@dataclass(frozen=True, slots=True)
class Plan:
    """Plan of a context path. `id` sorts by time, `created_at` is RFC 3339 in UTC, `seconds` its duration."""

    id: str
    context: str
    created_at: str
    simulated: bool
    providers: tuple[ProviderRecord, ...]
    tiers: tuple[TierPlan, ...]
    operation: Operation = Operation.UP
    fidelity: tuple[FidelityReport, ...] = ()
    impact: tuple[Impact, ...] = ()
    obstacles: tuple[Obstacle, ...] = ()
    constraints_checked: int = 0
    warnings: tuple[Problem, ...] = ()
    seconds: float = 0.0

    @property
    def changes(self) -> bool:
        """Whether applying it changes a resource or a contract."""
        return any(tier.changes for tier in self.tiers)

    @property
    def status(self) -> Status:
        """Least advanced status of its sections."""
        order = list(Status)
        return min((tier.status for tier in self.tiers), key=order.index, default=Status.PENDING)

    def section(self, key: TierKey) -> TierPlan | None:
        """Return the section of a tier; None where the plan has none."""
        return next((tier for tier in self.tiers if tier.key == key), None)

"""The plan: what an apply of one context would do, tier by tier. `platform-plan/v1` is its JSON form (docs/plan.md).

A plan is a value: computed once, never changed. Display hints never steer an apply.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from platform_pulumi.errors import Position, Problem
from platform_pulumi.model.capability import CapabilityRef
from platform_pulumi.model.constraint import Violation
from platform_pulumi.model.fidelity import FidelityReport
from platform_pulumi.model.platform import Mode
from platform_pulumi.model.tier import Tier

SCHEMA = "platform-plan/v1"


class Action(enum.StrEnum):
    """What happens to a resource. `OTHER` is a step of a kind this program does not know: shown, never hidden."""

    CREATE = "create"
    UPDATE = "update"
    REPLACE = "replace"
    DELETE = "delete"
    NO_OP = "no-op"
    IMPORT = "import"
    READ = "read"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Diff:
    """One changed property. Values are absent (None) where unknown or secret."""

    path: str
    old: Any = None
    new: Any = None
    unknown: bool = False
    secret: bool = False
    replaces: bool = False


@dataclass(frozen=True, slots=True)
class PlanAction:
    """One resource's part of the plan.

    `waits_for` names the outputs of upper tiers (`infrastructure.primary-cluster.endpoint`) this action cannot know
    before they are applied; it is then conditional and `action` is the strongest reading. `before` and `after` are
    inputs without secrets. `loses_data` marks a delete or replace of a data-bearing capability's data; `kept` what a
    destroy leaves because it holds data whose loss nobody allowed.
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
    kept: bool = False

    @property
    def conditional(self) -> bool:
        """Whether an upper tier must be applied before this action is certain."""
        return bool(self.waits_for)


@dataclass(frozen=True, slots=True)
class PlannedOutput:
    """An output of a tier after the plan. `change`: new, changed, removed or same."""

    type: str
    change: str
    value: Any = None
    unknown: bool = False
    secret: bool = False


@dataclass(frozen=True, slots=True)
class BoundCapability:
    """A capability as it stands in the plan: what it is wired to and what of it waits."""

    name: str
    type: str
    provider: str
    declared_at: Position
    bindings: tuple[CapabilityRef, ...] = ()
    waits_for: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TierPlan:
    """One tier's section of a plan (for tier 3, one application's): approved and applied by itself.

    `data_loss` names the capabilities that lose data by it; `base` is provenance (state version, digests above) and not
    part of `digest`. `contract_changes` says that constraints, output contract or mode differ from the recorded.
    """

    tier: Tier
    application: str | None
    stack: str
    digest: str
    mode: Mode
    actions: tuple[PlanAction, ...]
    outputs: Mapping[str, PlannedOutput]
    capabilities: tuple[BoundCapability, ...] = ()
    data_loss: tuple[str, ...] = ()
    base: Mapping[str, Any] = field(default_factory=dict)
    skipped: bool = False
    contract_changes: bool = False

    @property
    def summary(self) -> dict[str, int]:
        """Count of resources by action."""
        counts = {
            action.value: 0 for action in (Action.CREATE, Action.UPDATE, Action.REPLACE, Action.DELETE, Action.NO_OP)
        }
        for action in self.actions:
            counts[action.action.value] = counts.get(action.action.value, 0) + 1
        return counts

    @property
    def changes(self) -> bool:
        """Whether applying it does anything: to a resource, or to what the tiers below are told."""
        return self.contract_changes or any(a.action not in {Action.NO_OP, Action.READ} for a in self.actions)


@dataclass(frozen=True, slots=True)
class Affected:
    """A capability that a change reaches; `kind` is hard or soft, `severity` is low, medium or high."""

    tier: Tier
    capability: str
    application: str | None
    kind: str
    severity: str


@dataclass(frozen=True, slots=True)
class Impact:
    """A change (`tier.capability` or `tier.capability.output`) and whom it reaches."""

    changed: str
    action: Action
    affected: tuple[Affected, ...]


@dataclass(frozen=True, slots=True)
class PlanProvider:
    """A provider of the plan; `plugin` is official, embedded or simulated."""

    name: str
    version: str
    plugin: str


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole plan of a context path. `id` sorts by time, `created_at` is RFC 3339 in UTC, `seconds` its duration."""

    id: str
    context: str
    created_at: str
    simulated: bool
    providers: tuple[PlanProvider, ...]
    tiers: tuple[TierPlan, ...]
    fidelity: tuple[FidelityReport, ...] = ()
    violations: tuple[Violation, ...] = ()
    impact: tuple[Impact, ...] = ()
    constraints_checked: int = 0
    warnings: tuple[Problem, ...] = ()
    seconds: float = 0.0

    @property
    def changes(self) -> bool:
        """Whether applying it does anything."""
        return any(tier.changes for tier in self.tiers)

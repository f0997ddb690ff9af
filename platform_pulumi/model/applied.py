"""Results of an apply or a destroy, tier by tier."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field

from platform_pulumi.errors import EngineError, Problem
from platform_pulumi.model.plan import Plan
from platform_pulumi.model.plan.ranges import NONE, Range
from platform_pulumi.model.tier import Tier, TierKey
from platform_pulumi.model.value import OutputValue


class Outcome(enum.StrEnum):
    """Kind of result of a tier: applied, destroyed, failed, ..."""

    APPLIED = "applied"
    DESTROYED = "destroyed"
    UNCHANGED = "unchanged"
    FAILED = "failed"
    UNTOUCHED = "untouched"


@dataclass(frozen=True, slots=True)
class TierOutcome:
    """Result of one tier: `summary` counts resources by action, `done` of `total` is how far a failed one came.

    `retained` is what a destroy left because it holds data.
    """

    tier: Tier
    application: str | None
    stack: str
    outcome: Outcome
    summary: Mapping[str, int] = field(default_factory=dict)
    done: int = 0
    total: Range = NONE
    seconds: float = 0.0
    retained: tuple[Retained, ...] = ()

    @property
    def key(self) -> TierKey:
        """Key of the tier and its application."""
        return TierKey(self.tier, self.application)


@dataclass(frozen=True, slots=True)
class Retained:
    """Resource that a destroy retained since it holds data: its capability, its type, and the provider's name of it."""

    capability: str
    type: str
    id: str


@dataclass(frozen=True, slots=True)
class Applied:
    """Result of an `up` or `destroy` that succeeded.

    `outputs` are the contract's, by tier label (see `TierOutputs`).
    """

    plan: Plan
    tiers: tuple[TierOutcome, ...]
    outputs: tuple[TierOutputs, ...] = ()
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class TierOutputs:
    """Outputs of one tier's contract, or of one application's."""

    tier: Tier
    application: str | None
    outputs: Mapping[str, OutputValue]

    @property
    def key(self) -> TierKey:
        """The tier and its application."""
        return TierKey(self.tier, self.application)


@dataclass(frozen=True, slots=True)
class OutputsReport:
    """Recorded outputs of the applied tiers of a context; `context` is its path."""

    context: str
    tiers: tuple[TierOutputs, ...]


class ApplyError(EngineError):
    """Failure of a tier: what was applied before it stands and is recorded, what comes after was not touched.

    Args:
        tiers: the outcome of every tier of the run, in order.
    """

    code = "P6001"

    def __init__(
        self, summary: str, detail: str, problems: tuple[Problem, ...], tiers: tuple[TierOutcome, ...], plan: Plan
    ) -> None:
        super().__init__(summary, detail, problems)
        self.tiers = tiers
        self.plan = plan

"""A tier's actions by the capability they belong to, and the impacts by the capability that changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from platform_pulumi.model.plan import Affected, BoundCapability, Plan, PlanAction, TierPlan


@dataclass(frozen=True)
class Undeclared:
    """Stands for the capability of resources that no declaration names: removed, or of no capability at all."""

    name: str
    type: str = ""
    declared_at: None = None
    waits_for: tuple[str, ...] = ()


Group: TypeAlias = tuple[BoundCapability | Undeclared, list[PlanAction]]


def by_capability(tier: TierPlan) -> list[Group]:
    """The declared capabilities in their order, each with its actions; then what no declaration names."""
    declared = {capability.name: capability for capability in tier.capabilities}
    groups: dict[str, list[PlanAction]] = {name: [] for name in declared}
    for action in tier.actions:
        groups.setdefault(action.capability, []).append(action)
    return [(declared.get(name) or Undeclared(name), actions) for name, actions in groups.items()]


def reached(plan: Plan) -> dict[tuple[str, str], list[Affected]]:
    """Whom the changes of a capability (tier's label and name) reach, each once."""
    found: dict[tuple[str, str], dict[Affected, None]] = {}
    for impact in plan.impact:
        tier, name, *_ = (*impact.changed.split("."), "")
        found.setdefault((tier, name), {}).update(dict.fromkeys(impact.affected))
    return {changed: list(affected) for changed, affected in found.items()}

"""Order in which a plan is applied: expand from the top down, then contract from the bottom up (docs/adr/0030)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from platform_pulumi.model.plan.queries import by_action
from platform_pulumi.model.plan.values import Action, Operation, Plan, TierPlan
from platform_pulumi.model.tier import TierKey


@dataclass(frozen=True, slots=True)
class ApplyStep:
    """Step of an apply: one run of the engine over one stack.

    Args:
        deletes: whether it is the one that deletes what the tiers below have let go of.
        actions: the resources of the step by action; what a replacement leaves behind counts as a delete of its own.
    """

    key: TierKey
    deletes: bool
    actions: Mapping[str, int]


def steps(plan: Plan) -> tuple[ApplyStep, ...]:
    """List the steps of a plan in their order. A destroy goes through its sections as they stand."""
    working = [tier for tier in plan.tiers if tier.applies]
    if plan.operation is Operation.DESTROY:
        return tuple(ApplyStep(tier.key, True, by_action(a for a in tier.actions if a.changes)) for tier in working)
    return (*_expanding(working), *_contracting(working))


def _expanding(tiers: list[TierPlan]) -> Iterator[ApplyStep]:
    for tier in tiers:
        later = {a.urn for a in tier.deletable if a.action is Action.DELETE} if tier.deletes_last else set()
        yield ApplyStep(tier.key, False, by_action(a for a in tier.actions if a.changes and a.urn not in later))


def _contracting(tiers: list[TierPlan]) -> Iterator[ApplyStep]:
    for tier in reversed(tiers):
        if tier.deletes_last:
            yield ApplyStep(tier.key, True, {Action.DELETE.value: len(tier.deletable)})

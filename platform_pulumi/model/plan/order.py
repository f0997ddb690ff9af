"""Order in which a plan is applied: expand from the top down, then contract from the bottom up (docs/adr/0030)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from platform_pulumi.model.plan.ranges import Range, ranges, readings
from platform_pulumi.model.plan.values import Action, Operation, Plan, PlanAction, TierPlan
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
    actions: Mapping[str, Range]


def steps(plan: Plan) -> tuple[ApplyStep, ...]:
    """List the steps of a plan in their order. A destroy goes through its sections as they stand."""
    working = [tier for tier in plan.tiers if tier.applies]
    destroying = plan.operation is Operation.DESTROY
    first = (ApplyStep(tier.key, destroying, ranges(expanding(tier))) for tier in working)
    return (*first, *_contracting(working))


def expanding(section: TierPlan) -> tuple[PlanAction, ...]:
    """Select the changes of a section that are made from the top down: all but the deletes that come last."""
    last = {a.urn for a in section.deletable if a.action is Action.DELETE} if section.deletes_last else set()
    return tuple(action for action in section.actions if action.changes and action.urn not in last)


def deleting(section: TierPlan) -> Range:
    """Count what is deleted last: a replacement that turns out an update leaves nothing behind."""
    certain = sum(readings(action)[-1] is action.action for action in section.deletable)
    return Range(certain, len(section.deletable))


def interruptions(plan: Plan) -> tuple[str, ...]:
    """List the capabilities that are gone until their successors are made, with somebody below who uses them."""
    used = {".".join(impact.changed.split(".", 2)[:2]) for impact in plan.impact}
    return tuple(
        action.capability
        for tier in plan.tiers
        for action in tier.actions
        if action.deletes_first
        and action.resource_name == action.capability
        and f"{tier.tier.label}.{action.capability}" in used
    )


def _contracting(tiers: list[TierPlan]) -> Iterator[ApplyStep]:
    for tier in reversed(tiers):
        if tier.deletes_last:
            yield ApplyStep(tier.key, True, {Action.DELETE.value: deleting(tier)})

"""Order of an apply: what comes last, how many, and what is gone before its successor is there."""

from __future__ import annotations

from dataclasses import replace

from platform_pulumi.model.plan import Action, Affected, Impact, PlanAction, TierPlan
from platform_pulumi.model.plan.order import ApplyStep, deleting, expanding, interruptions, steps
from platform_pulumi.model.plan.ranges import Range
from tests.cli import samples
from tests.cli.samples import ONE, TWO

CLUSTER = "infrastructure.cluster.name"


def act(kind: Action, name: str, *waits: str, first: bool = False) -> PlanAction:
    made = samples.action(kind, name, name, "aws:ec2/vpc:Vpc", waits_for=waits)
    return replace(made, deletes_first=first)


ACTIONS = (
    act(Action.CREATE, "new"),
    act(Action.REPLACE, "moved"),
    act(Action.REPLACE, "perhaps", CLUSTER),
    act(Action.REPLACE, "in-place", first=True),
    act(Action.DELETE, "old"),
    act(Action.NO_OP, "same"),
)


def section(*, last: bool) -> TierPlan:
    return samples.tier_plan(ONE, ACTIONS, deletes_last=last)


def test_deletes_alone_wait() -> None:
    assert [action.resource_name for action in expanding(section(last=True))] == ["new", "moved", "perhaps", "in-place"]
    assert [action.resource_name for action in expanding(section(last=False))][-1] == "old"


def test_what_may_not_be_replaced_may_leave_nothing_to_delete() -> None:
    """Those that are deleted first are gone by then."""
    assert deleting(section(last=True)) == Range(2, 3)


def test_the_steps_go_down_and_up_again() -> None:
    plan = samples.plan(section(last=True), samples.tier_plan(TWO, (act(Action.DELETE, "db"),), deletes_last=True))
    (one, two) = (tier.key for tier in plan.tiers)
    assert [(step.key, step.deletes) for step in steps(plan)] == [(one, False), (two, False), (two, True), (one, True)]
    assert steps(plan)[2] == ApplyStep(two, True, {"delete": Range.exactly(1)})


def test_what_is_deleted_first_is_said_where_somebody_uses_it() -> None:
    plan = samples.plan(section(last=True))
    assert interruptions(plan) == ()
    reached = (Affected(TWO, "db", None, "hard", "high"),)
    used = replace(plan, impact=(Impact("infrastructure.in-place.id", Action.REPLACE, reached),))
    assert interruptions(used) == ("in-place",)

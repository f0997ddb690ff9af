"""What views and pages ask of a plan."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from platform_pulumi.model.plan import Action, BoundCapability, Diff, Plan, PlanAction, queries
from platform_pulumi.model.tier import TierKey
from tests.cli import samples

ONE, TWO = samples.ONE, samples.TWO
VPC = "infrastructure.vpc"


def unknown(path: str = "vpcId", **fields: Any) -> Diff:
    return Diff(path, "vpc-1", unknown=True, **fields)


def change(capability: str, name: str = "", *diffs: Diff, kind: Action = Action.REPLACE, **fields: Any) -> PlanAction:
    return samples.action(kind, capability, name or capability, "aws:ec2/vpc:Vpc", diff=diffs, **fields)


def bound(name: str, *bindings: str, waits: tuple[str, ...] = ()) -> BoundCapability:
    return BoundCapability(name, "network", "aws", samples.at(1), bindings, waits)


def cascade(*, own: bool = False, loses: bool = False) -> Plan:
    """A network that is replaced, and a cluster and (below) a database that follow it."""
    vpc = change("vpc", "", Diff("cidrBlock", "10.0.0.0/16", "10.1.0.0/16", replaces=True))
    cluster = change("cluster", "", unknown(replaces=True), *([Diff("version", "1", "2")] if own else ()))
    database = change("db", "", unknown(replaces=True), waits_for=(f"{VPC}.id",), loses_data=loses)
    space = change("space", "", unknown("host"), kind=Action.UPDATE)
    return samples.plan(
        samples.tier_plan(ONE, (vpc, cluster), capabilities=(bound("vpc"), bound("cluster", VPC))),
        samples.tier_plan(
            TWO,
            (database, space),
            capabilities=(bound("db", waits=(f"{VPC}.id",)), bound("space", "infrastructure.cluster")),
        ),
    )


def test_what_only_follows_is_named_with_its_causes() -> None:
    assert queries.causes(cascade()) == {
        (TierKey(ONE), "cluster"): (VPC,),
        (TierKey(TWO), "db"): (VPC,),
        (TierKey(TWO), "space"): ("infrastructure.cluster",),
    }


def test_a_change_of_its_own_is_a_cause_not_a_consequence() -> None:
    found = queries.causes(cascade(own=True))
    assert (TierKey(ONE), "cluster") not in found
    assert found[TierKey(TWO), "space"] == ("infrastructure.cluster",)


def test_a_loss_never_folds() -> None:
    assert (TierKey(TWO), "db") not in queries.causes(cascade(loses=True))


def test_what_is_wired_to_nothing_that_moves_is_no_consequence() -> None:
    plan = cascade()
    still = replace(plan.tiers[0].actions[0], action=Action.UPDATE)
    tiers = (replace(plan.tiers[0], actions=(still, plan.tiers[0].actions[1])), plan.tiers[1])
    assert queries.causes(replace(plan, tiers=tiers)) == {(TierKey(TWO), "space"): ("infrastructure.cluster",)}


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        (change("a", "", unknown()), True),
        (change("a", "", unknown(), kind=Action.UPDATE), True),
        (change("a", "", unknown(), Diff("size", 1, 2)), False),
        (change("a", "", unknown(secret=True)), False),
        (change("a"), False),
        (change("a", "", unknown(), kind=Action.DELETE), False),
        (change("a", "", unknown(), loses_data=True), False),
    ],
)
def test_following(action: PlanAction, expected: bool) -> None:
    assert queries.is_consequence(action) is expected


def test_losses_come_once_a_capability_with_their_place() -> None:
    found = list(queries.losses(samples.losing()))
    assert [(loss.key, loss.capability, loss.type, loss.action) for loss in found] == [
        (TierKey(TWO), "old-queue", "", Action.DELETE),
        (TierKey(TWO), "shared-postgres", "database", Action.REPLACE),
    ]
    assert (found[0].declared_at, found[1].declared_at) == (None, samples.at(62))


def test_a_loss_of_what_belongs_to_no_capability_goes_by_its_own_name() -> None:
    stray = samples.action(Action.DELETE, "", "stray", "aws:s3/bucket:Bucket", loses_data=True)
    plan = samples.plan(samples.tier_plan(ONE, (stray,)))
    assert [(loss.capability, loss.declared_at) for loss in queries.losses(plan)] == [("stray", None)]
    assert plan.tiers[0].data_loss == ("stray",)


def test_the_strongest_action_of_a_capability() -> None:
    def kinds(*actions: Action) -> Action:
        return queries.strongest_action([change("a", kind=action) for action in actions])

    assert kinds(Action.CREATE, Action.CREATE) is Action.CREATE
    assert kinds(Action.CREATE, Action.NO_OP) is Action.UPDATE
    assert kinds(Action.DELETE, Action.NO_OP) is Action.DELETE
    assert kinds(Action.DELETE, Action.REPLACE, Action.OTHER) is Action.REPLACE
    assert kinds(Action.UPDATE, Action.OTHER) is Action.OTHER
    assert kinds(Action.READ) is Action.NO_OP
    assert kinds() is Action.NO_OP


def test_impacts_by_the_capability_that_changes() -> None:
    [(changed, affected)] = queries.impacts(samples.losing()).items()
    assert changed == ("shared_primitives", "shared-postgres")
    assert [one.capability for one in affected] == ["api-service"]

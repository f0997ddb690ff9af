"""What views and pages ask of a plan."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from platform_pulumi.model.plan import Action, Affected, BoundCapability, Diff, Impact, Plan, PlanAction, queries
from platform_pulumi.model.tier import TierKey
from tests.cli import samples
from tests.cli.samples import UNKNOWN

ONE, TWO, THREE = samples.ONE, samples.TWO, samples.THREE
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


def whole(plan: Plan) -> dict[str, tuple[str, ...]]:
    """The capabilities that only follow others, with their causes."""
    return {name: found.causes for (_, name), found in queries.consequences(plan).items() if found.whole}


def urns(plan: Plan, capability: str) -> set[str]:
    """The logical names of a capability's resources that only follow."""
    found = {name: one.urns for (_, name), one in queries.consequences(plan).items()}
    return {urn.rpartition("::")[2] for urn in found.get(capability, ())}


def test_what_only_follows_is_named_with_its_causes() -> None:
    assert whole(cascade()) == {"cluster": (VPC,), "db": (VPC,), "space": ("infrastructure.cluster",)}


def test_a_change_of_its_own_is_a_cause_not_a_consequence() -> None:
    assert whole(cascade(own=True)) == {"db": (VPC,), "space": ("infrastructure.cluster",)}


def test_a_loss_never_folds() -> None:
    assert "db" not in whole(cascade(loses=True))
    assert urns(cascade(loses=True), "db") == set()


def test_what_is_wired_to_nothing_that_moves_is_no_consequence() -> None:
    plan = cascade()
    still = replace(plan.tiers[0].actions[0], action=Action.UPDATE)
    tiers = (replace(plan.tiers[0], actions=(still, plan.tiers[0].actions[1])), plan.tiers[1])
    assert whole(replace(plan, tiers=tiers)) == {"space": ("infrastructure.cluster",)}


def following(*diffs: Diff, kind: Action = Action.REPLACE, **fields: Any) -> bool:
    """Whether a resource of a capability that is wired to a replaced network follows it."""
    vpc = change("vpc", "", Diff("cidrBlock", "10.0.0.0/16", "10.1.0.0/16", replaces=True))
    one = change("cluster", "", *diffs, kind=kind, **fields)
    section = samples.tier_plan(ONE, (vpc, one), capabilities=(bound("vpc"), bound("cluster", VPC)))
    return "cluster" in whole(samples.plan(section))


def test_another_application_causes_nothing_by_a_name_of_its_own() -> None:
    plan = cascade()
    worker = change("worker", "", unknown("host"), kind=Action.UPDATE)
    wired = (bound("api"), bound("worker", "infrastructure.vpc", "application.api"))
    shop = samples.tier_plan(THREE, (change("api", kind=Action.CREATE),), capabilities=(bound("api"),))
    jobs = samples.tier_plan(THREE, (worker,), capabilities=wired, application="jobs")
    found = queries.consequences(replace(plan, tiers=(*plan.tiers, shop, jobs)))
    assert found[TierKey(THREE, "jobs"), "worker"].causes == (VPC,)


@pytest.mark.parametrize(
    ("diffs", "fields", "expected"),
    [
        ((unknown(),), {}, True),
        ((unknown(),), {"kind": Action.UPDATE}, True),
        ((unknown(),), {"kind": Action.DELETE}, False),
        ((unknown(),), {"loses_data": True}, False),
        ((unknown(), Diff("size", 1, 2)), {}, False),
        # A secret that may change follows as any unknown does; one that changes stands for itself.
        ((unknown(secret=True),), {}, True),
        ((unknown(), Diff("password", secret=True)), {}, False),
        # What changes exactly as the cause does: a rule for the network's range.
        ((unknown(), Diff("ingress[0].cidrBlocks[0]", "10.0.0.0/16", "10.1.0.0/16")), {}, True),
        ((unknown(), Diff("ingress[0].cidrBlocks[0]", "10.0.0.0/16", "10.2.0.0/16")), {}, False),
        # A physical name gets another suffix with each replacement.
        ((unknown(), Diff("name", "acme-prod-cluster-cee2a36", "acme-prod-cluster-d90b7cb")), {}, True),
        ((unknown(), Diff("name", "acme-prod-cluster-cee2a36", "acme-prod-other-d90b7cb")), {}, False),
        ((unknown(), Diff("name", "acme-prod-cluster-cee2a36", "acme-prod-cluster-blue")), {}, False),
        # No changed input: the provider is replaced, and nothing of its own may hide behind that.
        ((), {"before": {"image": "a", "host": "x"}, "after": {"image": "a", "host": UNKNOWN}}, True),
        ((), {"before": {"image": "a"}, "after": {"image": "b"}}, False),
        ((), {"before": {"image": "a"}, "after": {"image": "a", "command": "b"}}, False),
        ((), {"before": {"env": ["a"]}, "after": {"env": ["a", "b"]}}, False),
        ((), {"kind": Action.UPDATE}, False),
    ],
)
def test_following(diffs: tuple[Diff, ...], fields: dict[str, Any], expected: bool) -> None:
    assert following(*diffs, **fields) is expected


def test_within_a_capability_what_follows_its_own_change_does_so_without_another_cause() -> None:
    vpc = change("vpc", "", Diff("cidrBlock", "10.0.0.0/16", "10.1.0.0/16", replaces=True))
    subnets = [change("vpc", f"vpc-{n}", unknown(replaces=True)) for n in range(2)]
    plan = samples.plan(samples.tier_plan(ONE, (vpc, *subnets), capabilities=(bound("vpc"),)))
    assert (whole(plan), urns(plan, "vpc")) == ({}, {"vpc-0", "vpc-1"})
    alone = samples.plan(samples.tier_plan(ONE, tuple(subnets), capabilities=(bound("vpc"),)))
    assert urns(alone, "vpc") == set(), "nothing in the plan explains it"


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
    assert changed == (TierKey(TWO), "shared-postgres")
    assert [one.capability for one in affected] == ["api-service"]


def affected(name: str, severity: str, application: str = "api") -> Affected:
    return Affected(THREE, name, application, "hard", severity)


def test_whom_several_outputs_reach_counts_once_and_as_severely_as_any() -> None:
    found = queries.impacts(
        replace(
            samples.plan(),
            impact=(
                Impact(f"{TWO.label}.db", Action.UPDATE, (affected("one", "medium"), affected("two", "medium"))),
                Impact(f"{TWO.label}.db.host", Action.UPDATE, (affected("two", "high"), affected("one", "low"))),
            ),
        )
    )
    assert found == {(TierKey(TWO), "db"): [affected("one", "medium"), affected("two", "high")]}


def test_an_applications_change_reaches_its_own_capabilities_alone() -> None:
    reached = (affected("web", "high"),), (affected("feed", "high", "blog"),)
    found = queries.impacts(
        replace(
            samples.plan(), impact=tuple(Impact(f"{THREE.label}.api", Action.DELETE, affected) for affected in reached)
        )
    )
    assert found == {
        (TierKey(THREE, "api"), "api"): [affected("web", "high")],
        (TierKey(THREE, "blog"), "api"): [affected("feed", "high", "blog")],
    }

"""What of a plan only follows other changes, and what it follows in the end."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from platform_pulumi.model.plan import Action, BoundCapability, Diff, Plan, PlanAction
from platform_pulumi.model.plan.causes import Cause, consequences
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
    """The capabilities that only follow others, with the names of their causes."""
    found = {name: one for (_, name), one in consequences(plan).items() if one.whole}
    return {name: tuple(cause.name for cause in one.causes) for name, one in found.items()}


def urns(plan: Plan, capability: str) -> set[str]:
    """The logical names of a capability's resources that only follow."""
    found = {name: one.urns for (_, name), one in consequences(plan).items()}
    return {urn.rpartition("::")[2] for urn in found.get(capability, ())}


def test_what_only_follows_is_named_with_its_causes() -> None:
    assert whole(cascade()) == {"cluster": (VPC,), "db": (VPC,), "space": (VPC,)}, "in the end all follows the network"
    assert consequences(cascade())[TierKey(TWO), "db"].causes == (Cause(VPC, Action.REPLACE),)


def test_a_change_of_its_own_is_a_cause_not_a_consequence() -> None:
    assert whole(cascade(own=True)) == {"db": (VPC,), "space": ("infrastructure.cluster",)}


def test_a_loss_is_a_consequence_too_and_the_views_name_it() -> None:
    assert whole(cascade(loses=True))["db"] == (VPC,)


def test_what_follows_through_a_change_of_its_own_follows_that() -> None:
    plan = cascade(own=True)
    assert consequences(plan)[TierKey(TWO), "space"].causes == (Cause("infrastructure.cluster", Action.REPLACE),)


def test_of_a_resource_that_changes_by_itself_the_fields_that_follow_are_known() -> None:
    vpc = change("vpc", "", Diff("cidrBlock", "10.0.0.0/16", "10.1.0.0/16", replaces=True))
    subnet = change("vpc", "vpc-0", Diff("cidrBlock", "10.0.0.0/20", "10.1.0.0/20"), unknown())
    route = change("vpc", "vpc-1", unknown())
    plan = samples.plan(samples.tier_plan(ONE, (vpc, subnet, route), capabilities=(bound("vpc"),)))
    found = consequences(plan)[TierKey(ONE), "vpc"]
    assert (found.urns, found.paths, found.whole) == ({route.urn}, {(subnet.urn, "vpcId")}, False)


def test_what_waits_for_something_that_does_not_move_may_change_for_another_reason() -> None:
    vpc = change("vpc", "", Diff("cidrBlock", "10.0.0.0/16", "10.1.0.0/16", replaces=True))
    queue = change("queue", "", Diff("size", 1, 2), kind=Action.UPDATE)
    for outputs, expected in (((f"{VPC}.id",), True), ((f"{VPC}.id", "infrastructure.queue.url"), False)):
        api = change("api", "", unknown("env.URL"), kind=Action.UPDATE, waits_for=outputs)
        plan = samples.plan(
            samples.tier_plan(ONE, (vpc, queue), capabilities=(bound("vpc"), bound("queue"))),
            samples.tier_plan(TWO, (api,), capabilities=(bound("api", waits=outputs),)),
        )
        assert ("api" in whole(plan)) is expected


def test_resources_of_its_own_tier_and_capability_that_it_waits_for_explain_it() -> None:
    vpc = change("vpc", "", Diff("cidrBlock", "10.0.0.0/16", "10.1.0.0/16", replaces=True))
    subnet = change("vpc", "vpc-0", unknown(), waits_for=(f"{VPC}.vpc",))
    cluster = change("cluster", "", unknown(), waits_for=(f"{VPC}.vpc-0",))
    wired = (bound("vpc", waits=(f"{VPC}.vpc",)), bound("cluster", VPC, waits=(f"{VPC}.vpc-0",)))
    plan = samples.plan(samples.tier_plan(ONE, (vpc, subnet, cluster), capabilities=wired))
    assert (urns(plan, "vpc"), whole(plan)) == ({"vpc-0"}, {"cluster": (VPC,)})


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
    found = consequences(replace(plan, tiers=(*plan.tiers, shop, jobs)))
    assert found[TierKey(THREE, "jobs"), "worker"].causes == (Cause(VPC, Action.REPLACE),)


@pytest.mark.parametrize(
    ("diffs", "fields", "expected"),
    [
        ((unknown(),), {}, True),
        ((unknown(),), {"kind": Action.UPDATE}, True),
        ((unknown(),), {"kind": Action.DELETE}, False),
        ((unknown(),), {"loses_data": True}, True),
        ((unknown(), Diff("size", 1, 2)), {}, False),
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

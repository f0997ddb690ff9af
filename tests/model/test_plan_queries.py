"""What views and pages ask of a plan."""

from __future__ import annotations

from dataclasses import replace

from platform_pulumi.model.plan import Action, Affected, BoundCapability, Impact, PlanAction, queries
from platform_pulumi.model.tier import TierKey
from tests.cli import samples

ONE, TWO, THREE = samples.ONE, samples.TWO, samples.THREE


def change(capability: str, *, kind: Action) -> PlanAction:
    return samples.action(kind, capability, capability, "aws:ec2/vpc:Vpc")


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


def test_a_capability_that_is_declared_is_not_deleted_though_parts_of_it_are() -> None:
    def on_the_whole(*kinds: Action, declared: bool = True) -> Action:
        actions = tuple(samples.action(kind, "db", f"db-{n}", "aws:ec2/vpc:Vpc") for n, kind in enumerate(kinds))
        bound = (BoundCapability("db", "database", "aws", samples.at(34)),) if declared else ()
        (group,) = queries.by_capability(samples.tier_plan(TWO, actions, capabilities=bound))
        return group.action

    assert on_the_whole(Action.DELETE, Action.NO_OP) is Action.UPDATE
    assert on_the_whole(Action.DELETE, Action.CREATE) is Action.REPLACE
    assert on_the_whole(Action.DELETE, Action.CREATE, Action.NO_OP) is Action.UPDATE
    assert on_the_whole(Action.DELETE, declared=False) is Action.DELETE

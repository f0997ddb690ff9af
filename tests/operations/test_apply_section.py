"""One section of a plan, made by one process and applied by another: what is held to it, and what is refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from platform_pulumi.errors import ConstraintError, EngineError, LockedError, RefusedError
from platform_pulumi.model.access import Policy, Role
from platform_pulumi.model.applied import Applied, ApplyError, Outcome
from platform_pulumi.model.plan import Action, Approval, Plan, Status, TierPlan, document
from platform_pulumi.model.platform import Mode
from platform_pulumi.model.tier import Tier
from platform_pulumi.operations import destroy, preview, up
from platform_pulumi.operations.ports import Lock, StateOutput
from tests.cli.samples import approval, through_json
from tests.operations.fakes import ANN, ONE, THREE, TWO, Answer, FakeEngine, Files, Watcher, services


def kept(engine: FakeEngine, files: Files, **options: Any) -> Plan:
    """The plan of one process, as another one reads it."""
    return through_json(preview.preview(services(engine), files.task(**options), Watcher()))


def apply(
    engine: FakeEngine,
    files: Files,
    section: TierPlan,
    approvals: Sequence[Approval] | None = None,
    policy: Policy | None = None,
) -> Applied:
    given = [approval(section)] if approvals is None else approvals
    return up.apply_section(services(engine, policy=policy), files.task(), section, given, Watcher())


def ups(engine: FakeEngine) -> list[object]:
    return [stack for verb, stack in engine.done if verb == "up"]


def test_it_is_applied_tier_by_tier_each_against_what_is_real_by_then(files: Files, engine: FakeEngine) -> None:
    plan = kept(engine, files)
    assert [bool(section.actions[0].waits_for) for section in plan.tiers] == [False, True, True]
    for section in plan.tiers:
        applied = apply(engine, files, section)
        assert [(t.tier, t.outcome) for t in applied.tiers] == [(section.tier, Outcome.APPLIED)]
    assert ups(engine) == [ONE, TWO, THREE]
    assert engine.inputs != {}
    assert not preview.preview(services(engine), files.task(), Watcher()).changes


def test_the_tiers_above_have_to_be_there(files: Files, engine: FakeEngine) -> None:
    plan = kept(engine, files)
    with pytest.raises(EngineError, match="An upper stack is missing"):
        apply(engine, files, plan.tiers[1])
    assert engine.ups == []


@pytest.mark.parametrize("given", [[], [Approval(ANN, "2026-11-22T10:00:00Z", f"sha256:{'0' * 64}")]])
def test_without_an_approval_of_this_digest_nothing_is_even_planned(
    given: list[Approval], files: Files, engine: FakeEngine
) -> None:
    section = kept(engine, files).tiers[0]
    engine.done.clear()
    with pytest.raises(RefusedError, match="Not approved"):
        apply(engine, files, section, given)
    assert engine.done == []


def test_the_approvals_that_a_section_carries_count(files: Files, engine: FakeEngine) -> None:
    section = kept(engine, files).tiers[0]
    signed = replace(section, approvals=(approval(section),))
    assert apply(engine, files, signed, []).tiers[0].outcome is Outcome.APPLIED


@pytest.mark.parametrize("status", [Status.FAILED, Status.REJECTED, Status.SUPERSEDED, Status.EXPIRED])
def test_a_section_that_has_come_to_an_end_is_not_applied(status: Status, files: Files, engine: FakeEngine) -> None:
    section = replace(kept(engine, files).tiers[0], status=status)
    engine.done.clear()
    with pytest.raises(RefusedError, match="The plan has come to its end") as refused:
        apply(engine, files, section)
    assert refused.value.detail == f"infrastructure of this plan is {status.value}. Plan again."
    assert engine.done == []


def test_the_policy_of_who_applies_counts(files: Files, engine: FakeEngine) -> None:
    section = kept(engine, files).tiers[0]
    viewer = Policy(roles={tier: {ANN: frozenset({Role.VIEWER}), "bob": frozenset({Role.APPROVER})} for tier in Tier})
    with pytest.raises(RefusedError, match="Not permitted"):
        apply(engine, files, section, [approval(section, "bob")], viewer)
    assert ups(engine) == []


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (("10.0.0.0/16", "10.1.0.0/16"), "cidr"),
        (("name: vpc\n", "name: net\n"), "net"),
        (("value: 4Gi", "value: 8Gi"), "declared memory <="),
        (("    name: acme\n", "    name: acme\n    config: {region: eu-west-1}\n"), "declared acme"),
        (("  tiers:\n", "  execution: {tier1_mode: auto_apply}\n  tiers:\n"), "mode: approved plan_and_approve"),
    ],
)
def test_a_file_that_was_changed_after_the_plan_is_refused_with_what_differs(
    change: tuple[str, str], where: str, files: Files, engine: FakeEngine
) -> None:
    section = kept(engine, files).tiers[0]
    files.write(change)
    with pytest.raises(RefusedError, match="The plan has changed") as refused:
        apply(engine, files, section)
    assert any(where in problem.detail for problem in refused.value.problems)
    assert ups(engine) == []


def test_who_made_the_plan_into_one_that_needs_no_approval_gets_nothing_applied(
    files: Files, engine: FakeEngine
) -> None:
    section = replace(kept(engine, files).tiers[0], mode=Mode.AUTO_APPLY)
    with pytest.raises(RefusedError, match="The plan has changed"):
        apply(engine, files, section, [])
    assert ups(engine) == []


def test_a_section_that_did_nothing_does_nothing_later_either(files: Files, engine: FakeEngine) -> None:
    for section in kept(engine, files).tiers:
        apply(engine, files, section)
    section = kept(engine, files).tiers[0]
    assert not section.applies
    whole, engine.done = engine.stacks_[ONE], []
    engine.stacks_[ONE] = replace(whole, outputs={**whole.outputs, "vpc:id": StateOutput("another")})
    with pytest.raises(RefusedError, match="The plan has changed") as refused:
        apply(engine, files, section, [])
    assert [p.detail for p in refused.value.problems] == ["the tier: approved nothing to do, now something to do"]
    assert ups(engine) == []


def test_lines_that_only_moved_go_through(files: Files, engine: FakeEngine) -> None:
    section = kept(engine, files).tiers[0]
    files.path.write_text("# a comment\n" + files.path.read_text(encoding="utf-8"), encoding="utf-8")
    assert apply(engine, files, section).tiers[0].outcome is Outcome.APPLIED


def test_a_state_that_moved_meanwhile_is_refused(files: Files, engine: FakeEngine) -> None:
    for section in kept(engine, files).tiers:
        apply(engine, files, section)
    files.write(("storage_gb: 100", "storage_gb: 200"))
    section = kept(engine, files).tiers[1]
    (urn,) = engine.stacks_[TWO].resources
    engine.inputs[urn] = {**engine.inputs[urn], "storage_gb": 310}
    with pytest.raises(RefusedError) as refused:
        apply(engine, files, section)
    assert [p.detail for p in refused.value.problems] == [f"{urn}: storage_gb was: approved 100, now 310"]


def test_what_was_applied_is_not_applied_twice(files: Files, engine: FakeEngine) -> None:
    section = kept(engine, files).tiers[0]
    apply(engine, files, section)
    with pytest.raises(RefusedError, match="The plan has changed"):
        apply(engine, files, section)
    assert ups(engine) == [ONE]


def test_a_secret_that_changed_after_the_plan_is_refused(files: Files, engine: FakeEngine, canary: str) -> None:
    for section in kept(engine, files).tiers[:2]:
        apply(engine, files, section)
    files.write(('DB_HOST: "${tier2.db_host}"', 'TOKEN: "${env:TOKEN}"'))

    def planned(token: str) -> Plan:
        given = services(engine, environment={"TOKEN": token})
        return document.read(document.write(preview.preview(given, files.task(), Watcher())))

    section = planned(canary).tiers[2]
    given = services(engine, environment={"TOKEN": "another"})
    with pytest.raises(RefusedError) as refused:
        up.apply_section(given, files.task(), section, [], Watcher())
    (problem,) = refused.value.problems
    assert problem.detail.endswith("env.TOKEN: approved a secret, now another secret")
    assert canary not in repr(refused.value.problems)


def test_losses_are_those_of_the_plan(files: Files, engine: FakeEngine) -> None:
    for section in kept(engine, files).tiers:
        apply(engine, files, section)
    files.write(("engine: postgresql", "engine: mysql"), ('version: "15"', 'version: "8"'))
    unnamed = kept(engine, files).tiers[1]
    with pytest.raises(RefusedError, match="Not permitted") as refused:
        apply(engine, files, unnamed)
    assert refused.value.detail.startswith("Data of db would be lost.")
    named = kept(engine, files, allow_data_loss=frozenset({"db"})).tiers[1]
    assert apply(engine, files, named).tiers[0].outcome is Outcome.APPLIED
    assert engine.ups[-1].unprotected == {"db"}


def test_a_locked_stack_and_a_violated_constraint_stop_it(files: Files, engine: FakeEngine) -> None:
    for section in kept(engine, files).tiers:
        apply(engine, files, section)
    files.write(("memory: 1Gi", "memory: 2Gi"))
    section = kept(engine, files).tiers[2]
    whole = engine.stacks_[THREE]
    engine.stacks_[THREE] = replace(whole, lock=Lock("bob@desk (process 3)", "2026-11-22T10:00:00Z", dead=False))
    with pytest.raises(LockedError):
        apply(engine, files, section)
    engine.stacks_[THREE] = whole
    files.write(("memory: 1Gi", "memory: 8Gi"))
    with pytest.raises(ConstraintError):
        apply(engine, files, section)


def test_a_failure_is_told_as_up_tells_it(files: Files, engine: FakeEngine) -> None:
    section = kept(engine, files).tiers[0]
    engine.failing.add("vpc")
    with pytest.raises(ApplyError, match="infrastructure failed after 0 of 1 resources") as failed:
        apply(engine, files, section)
    assert [t.outcome for t in failed.value.tiers] == [Outcome.FAILED]


def planned_destroy(engine: FakeEngine, files: Files, **options: Any) -> Plan:
    """A destroy plan as another process reads it: nobody said yes to it yet."""
    answer = Answer(no=frozenset(Tier))
    with pytest.raises(RefusedError):
        destroy.destroy(services(engine), files.task(tier=Tier.INFRASTRUCTURE, **options), Watcher(), answer)
    return through_json(answer.shown[0])


def test_a_destroy_plan_is_kept_compared_and_applied_the_same_way(files: Files, engine: FakeEngine) -> None:
    apply(engine, files, kept(engine, files).tiers[0])
    plan = planned_destroy(engine, files)
    section = plan.tiers[0]
    assert section.digest.startswith("sha256:")
    assert [a.action for a in section.actions] == [Action.DELETE]
    with pytest.raises(RefusedError, match="Not approved"):
        destroy.destroy_section(services(engine), files.task(), section, [], Watcher())
    done = destroy.destroy_section(services(engine), files.task(), section, [approval(section)], Watcher())
    assert [t.outcome for t in done.tiers] == [Outcome.DESTROYED]
    assert engine.stacks_ == {}
    gone = destroy.destroy_section(services(engine), files.task(), section, [approval(section)], Watcher())
    assert [t.outcome for t in gone.tiers] == [Outcome.UNCHANGED]


def test_a_destroy_that_would_delete_more_than_was_planned_is_refused(files: Files, engine: FakeEngine) -> None:
    apply(engine, files, kept(engine, files).tiers[0])
    section = planned_destroy(engine, files).tiers[0]
    whole = engine.stacks_[ONE]
    more = f"{next(iter(whole.resources))}-2"
    engine.stacks_[ONE] = replace(whole, resources={**whole.resources, more: "acme:index:network"})
    with pytest.raises(RefusedError, match="The plan has changed") as refused:
        destroy.destroy_section(services(engine), files.task(), section, [approval(section)], Watcher())
    assert [p.detail for p in refused.value.problems] == [f"{more}: approved not in the plan, now delete"]
    assert engine.destroyed == []

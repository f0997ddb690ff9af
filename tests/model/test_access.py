"""The one decision: who may apply a section, given its policy and the approvals there are."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import pytest

from platform_pulumi.model.access import Actor, Allowed, Missing, Policy, RequirementKind, Role, decide
from platform_pulumi.model.plan import Action, Approval, Operation, PlannedOutput, TierPlan
from platform_pulumi.model.platform import Mode
from platform_pulumi.model.tier import Tier
from tests.cli import samples

ANN, BOB, EVE = Actor("ann"), Actor("bob"), Actor("eve")
TIER = Tier.SHARED_PRIMITIVES
UPDATE = samples.action(Action.UPDATE, "db", "db", "aws:rds/instance:Instance")
LOSS = samples.action(Action.DELETE, "db", "db", "aws:rds/instance:Instance", loses_data=True)


def section(*actions: Any, **fields: Any) -> TierPlan:
    return samples.tier_plan(TIER, actions or (UPDATE,), **fields)


def approval(by: str, plan: TierPlan | None = None) -> Approval:
    return samples.approval(plan or section(), by)


def policy(**fields: Any) -> Policy:
    roles = {"ann": {Role.AUTHOR, Role.APPROVER}, "bob": {Role.APPROVER}, "cid": {Role.ADMIN}, "dan": {Role.VIEWER}}
    return Policy(roles={TIER: {name: frozenset(held) for name, held in roles.items()}}, **fields)


def missing(decision: Allowed | Missing) -> list[RequirementKind]:
    return [] if isinstance(decision, Allowed) else [requirement.kind for requirement in decision.requirements]


def test_what_needs_approval_waits_for_it() -> None:
    decision = decide(ANN, section(), policy())
    assert isinstance(decision, Missing)
    assert decision.needs_approval
    assert [r.sentence for r in decision.requirements] == ["shared_primitives needs the approval of one person."]
    assert decide(ANN, section(), policy(), [approval("bob")]) == Allowed((approval("bob"),))


@pytest.mark.parametrize("by", ["dan", "eve", ""])
def test_only_who_may_approve_counts(by: str) -> None:
    assert missing(decide(ANN, section(), policy(), [approval(by)])) == [RequirementKind.APPROVAL]


def test_an_approval_of_another_digest_counts_for_nothing() -> None:
    other = replace(approval("bob"), digest=f"sha256:{'0' * 64}")
    assert missing(decide(ANN, section(), policy(), [other])) == [RequirementKind.APPROVAL]
    unsigned = section(digest="")
    assert missing(decide(ANN, unsigned, policy(), [approval("bob", unsigned)])) == [RequirementKind.APPROVAL]


def test_two_people_are_two_people() -> None:
    two = policy(approvers={TIER: 2})
    assert missing(decide(ANN, section(), two, [approval("bob"), approval("bob")])) == [RequirementKind.APPROVAL]
    decision = decide(ANN, section(), two, [approval("bob")])
    assert isinstance(decision, Missing)
    assert decision.requirements[0].sentence == (
        "shared_primitives needs the approval of 2 people; approved so far by bob."
    )
    assert missing(decide(ANN, section(), two, [approval("bob"), approval("cid")])) == []


def test_self_approval_is_the_policys_to_allow() -> None:
    assert missing(decide(ANN, section(), policy(), [approval("ann")])) == []
    strict = policy(self_approval=False)
    assert missing(decide(ANN, section(), strict, [approval("ann")])) == [RequirementKind.APPROVAL]
    assert missing(decide(ANN, section(), strict, [approval("ann"), approval("bob")])) == []


def test_without_a_role_nothing_is_applied() -> None:
    for actor in (EVE, BOB, Actor("dan"), Actor("")):
        decision = decide(actor, section(), policy(), [approval("bob")])
        assert missing(decision) == [RequirementKind.ROLE]
        assert isinstance(decision, Missing)
        assert not decision.needs_approval
    assert missing(decide(ANN, samples.tier_plan(Tier.INFRASTRUCTURE, (UPDATE,)), policy(), [])) == [
        RequirementKind.ROLE,
        RequirementKind.APPROVAL,
    ]


def test_the_sentence_names_the_role_and_the_deed() -> None:
    destroy = section(LOSS, operation=Operation.DESTROY, mode=Mode.AUTO_APPLY, allowed_data_loss=frozenset({"db"}))
    decision = decide(EVE, destroy, policy())
    assert isinstance(decision, Missing)
    assert [r.sentence for r in decision.requirements] == [
        "To destroy shared_primitives, eve needs the role tier_admin or tier_author."
    ]


def test_a_loss_of_data_has_to_be_allowed_by_name_whatever_was_approved() -> None:
    losing = section(LOSS)
    assert missing(decide(ANN, losing, policy(), [approval("bob", losing)])) == [RequirementKind.DATA_LOSS]
    assert missing(decide(ANN, section(LOSS, mode=Mode.AUTO_APPLY), policy())) == [RequirementKind.DATA_LOSS]
    allowed = section(LOSS, allowed_data_loss=frozenset({"db"}))
    assert missing(decide(ANN, allowed, policy(), [approval("bob", allowed)])) == []


def test_who_applies_by_itself_needs_a_role_and_no_approval() -> None:
    by_itself = section(mode=Mode.AUTO_APPLY)
    assert missing(decide(ANN, by_itself, policy())) == []
    assert missing(decide(EVE, by_itself, policy())) == [RequirementKind.ROLE]


def test_what_does_nothing_needs_nothing() -> None:
    still = section(samples.action(Action.NO_OP, "db", "db", "aws:rds/instance:Instance"))
    assert decide(EVE, still, Policy()) == Allowed()


def test_outputs_that_only_pass_through_are_decided_like_any_change() -> None:
    passing = samples.tier_plan(TIER, (), outputs={"host": PlannedOutput("string", "changed", "b")})
    assert missing(decide(ANN, passing, policy())) == [RequirementKind.APPROVAL]


@pytest.mark.parametrize(
    ("retained", "deletes", "applies"), [(True, False, False), (True, True, True), (False, False, True)]
)
def test_a_destroy_that_leaves_everything_needs_nothing(retained: bool, deletes: bool, applies: bool) -> None:
    actions = [samples.action(Action.NO_OP, "db", "data", "docker:index/volume:Volume", retained=True)] * retained
    actions += [samples.action(Action.DELETE, "db", "db", "docker:index/container:Container")] * deletes
    plan = samples.tier_plan(TIER, tuple(actions), operation=Operation.DESTROY)
    assert missing(decide(ANN, plan, policy())) == ([RequirementKind.APPROVAL] if applies else [])


def test_whoever_owns_a_platform_is_its_admin_and_approves_for_themselves() -> None:
    own = Policy.owned_by("ann")
    for tier in Tier:
        plan = samples.tier_plan(tier, (UPDATE,), mode=Mode.PLAN_AND_APPROVE)
        assert missing(decide(ANN, plan, own)) == [RequirementKind.APPROVAL]
        assert missing(decide(ANN, plan, own, [approval("ann", plan)])) == []
        assert RequirementKind.ROLE in missing(decide(BOB, plan, own, [approval("ann", plan)]))


def test_every_role_in_every_tier() -> None:
    """Applying is for tier_admin and tier_author of that very tier, whatever roles there are besides."""
    for held, where, asked in itertools.product(Role, Tier, Tier):
        roles = Policy(roles={where: {"ann": frozenset({held})}})
        plan = samples.tier_plan(asked, (UPDATE,), mode=Mode.AUTO_APPLY)
        may = where is asked and held in {Role.ADMIN, Role.AUTHOR}
        assert isinstance(decide(ANN, plan, roles), Allowed) is may

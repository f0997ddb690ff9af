"""What a later plan may differ in from the approved one: unknowns became values, conditional actions weakened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from platform_pulumi.model.contract import ProviderRecord
from platform_pulumi.model.plan import Action, Declarations, Diff, Operation, PlanAction, PlannedOutput, TierPlan
from platform_pulumi.model.plan.refinement import refines
from platform_pulumi.model.platform import Mode
from tests.cli import samples
from tests.cli.samples import UNKNOWN

WAITS = ("infrastructure.vpc.id",)
NODES = "urn:pulumi:p::s::eks:index:Cluster::c"


def action(kind: Action = Action.CREATE, name: str = "db", **fields: Any) -> PlanAction:
    return samples.action(kind, "db", name, "aws:rds/instance:Instance", **fields)


CREATE = action(after={"size": 10, "vpc": UNKNOWN, "tags": {"a": "b"}, "password": "[secret]"}, waits_for=WAITS,
                secret_hashes={"password": "aa"})  # fmt: skip
REPLACE = action(
    Action.REPLACE, after={"size": 10, "vpc": UNKNOWN}, waits_for=WAITS, replace_keys=("vpc",),
    diff=(Diff("vpc", "vpc-1", unknown=True, replaces=True),),
)  # fmt: skip
UPDATE = action(Action.UPDATE, after={"size": 20}, diff=(Diff("size", 10, 20),))


def section(*actions: PlanAction, **fields: Any) -> TierPlan:
    return samples.tier_plan(samples.TWO, actions, **fields)


def told(old: TierPlan, new: TierPlan) -> list[str]:
    return [f"{d.where}: {d.approved} -> {d.now}" for d in refines(old, new).differences]


def known(made: PlanAction, **values: Any) -> PlanAction:
    """The same action with these inputs, waiting for nothing any more."""
    return replace(made, waits_for=(), after={**(made.after or {}), **values})


def test_a_secret_that_was_not_known_yet_may_become_one_of_a_certain_update_too() -> None:
    diff = (Diff("size", 10, 20), Diff("env", unknown=True, secret=True))
    before = replace(UPDATE, diff=diff, secret_hashes={"env.A": "aa"})
    later = replace(before, secret_hashes={"env.A": "aa", "env.B": "bb"})
    assert told(section(before), section(later)) == []
    other = replace(before, secret_hashes={**before.secret_hashes, "token": "cc"})
    assert told(section(before), section(other)) == [f"{UPDATE.urn}: token: no secret -> a secret"]


@pytest.mark.parametrize(
    "later",
    [
        CREATE,
        known(CREATE, vpc="vpc-7"),
        known(CREATE, vpc={"nested": ["x"]}),
        known(CREATE, vpc="[secret]"),
    ],
)
def test_unknowns_may_become_values(later: PlanAction) -> None:
    assert told(section(CREATE), section(later)) == []


@pytest.mark.parametrize(
    ("later", "difference"),
    [
        (known(CREATE, size=11), "size: 10 -> 11"),
        (known(CREATE, tags={"a": "c"}), "tags.a: b -> c"),
        (known(CREATE, tags={"a": "b", "d": "e"}), "tags.d: unset -> e"),
        (known(CREATE, extra=1), "extra: unset -> 1"),
        (replace(CREATE, after={"size": UNKNOWN, "vpc": UNKNOWN}), "size: 10 -> {'unknown': True"),
        (replace(CREATE, secret_hashes={"password": "bb"}), "password: a secret -> another secret"),
        (replace(CREATE, secret_hashes={}), "password: a secret -> no secret"),
        (replace(CREATE, action=Action.UPDATE), "create -> update"),
        (replace(CREATE, action=Action.NO_OP), "create -> no-op"),
        (replace(CREATE, action=Action.IMPORT), "create -> import"),
    ],
)
def test_known_values_and_creates_stay_as_they_are(later: PlanAction, difference: str) -> None:
    found = told(section(CREATE), section(later))
    assert any(difference in one for one in found), found


@pytest.mark.parametrize("weaker", [Action.UPDATE, Action.NO_OP])
def test_a_conditional_action_may_weaken(weaker: Action) -> None:
    later = replace(known(REPLACE, vpc="vpc-1"), action=weaker, replace_keys=(), diff=())
    assert told(section(REPLACE), section(later)) == []


@pytest.mark.parametrize(
    ("approved", "later"),
    [
        (replace(UPDATE, waits_for=WAITS), replace(UPDATE, action=Action.REPLACE)),
        (action(Action.NO_OP), UPDATE),
        (action(Action.NO_OP, waits_for=WAITS), UPDATE),
        (UPDATE, replace(UPDATE, action=Action.NO_OP, diff=())),
        (replace(REPLACE, waits_for=()), replace(REPLACE, action=Action.UPDATE)),
        (action(Action.DELETE), action(Action.NO_OP)),
        (REPLACE, action(Action.DELETE)),
    ],
)
def test_nothing_strengthens_and_what_is_certain_stays(approved: PlanAction, later: PlanAction) -> None:
    assert told(section(approved), section(later)) == [
        f"{approved.urn}: {approved.action.value} -> {later.action.value}"
    ]


def test_no_create_or_delete_appears_or_vanishes() -> None:
    other = action(Action.DELETE, "other")
    assert told(section(CREATE), section(CREATE, other)) == [f"{other.urn}: not in the plan -> delete"]
    assert told(section(CREATE, other), section(CREATE)) == [f"{other.urn}: delete -> not in the plan"]
    still = action(Action.NO_OP, "other")
    assert told(section(CREATE), section(CREATE, still)) == []
    assert told(section(CREATE, still), section(CREATE)) == []


def test_children_of_an_approved_remote_component_may_and_are_shown() -> None:
    node, more = (action(name=name, remote_component=NODES) for name in ("node-1", "node-2"))
    found = refines(section(node), section(node, more))
    assert (found.holds, found.appeared) == (True, (more,))
    assert refines(section(node, more), section(node)).holds
    stranger = replace(more, remote_component=f"{NODES}-2")
    assert not refines(section(node), section(node, stranger)).holds
    losing = replace(more, action=Action.DELETE, loses_data=True)
    assert not refines(section(node), section(node, losing)).holds


def test_what_a_change_starts_from_counts() -> None:
    moved = replace(UPDATE, diff=(Diff("size", 31, 20),))
    assert told(section(UPDATE), section(moved)) == [f"{UPDATE.urn}: size was: 10 -> 31"]


def test_a_property_that_changes_besides_is_a_difference_unless_it_was_unknown() -> None:
    besides = replace(UPDATE, diff=(*UPDATE.diff, Diff("engine", "a", "b")))
    assert told(section(UPDATE), section(besides)) == [f"{UPDATE.urn}: engine: not changed -> b"]
    whole = replace(UPDATE, waits_for=WAITS, after={"net": UNKNOWN}, diff=(Diff("net", None, unknown=True),))
    parts = replace(UPDATE, after={"net": {"id": "x"}}, diff=(Diff("net.id", "w", "x"),))
    assert told(section(whole), section(parts)) == []


def test_what_the_digest_covers_counts_whatever_stands_beside_it() -> None:
    """Of an update the digest covers what changes, not all the inputs: those of a stored plan may have been edited."""
    edited = replace(UPDATE, after={"size": UNKNOWN})
    later = replace(UPDATE, after={"size": 30}, diff=(Diff("size", 10, 30),))
    assert told(section(edited), section(later)) == [f"{UPDATE.urn}: size: 20 -> 30"]
    assert told(section(UPDATE), section(later)) == [f"{UPDATE.urn}: size: 20 -> 30"]


def test_more_reasons_to_replace_are_a_difference() -> None:
    later = replace(REPLACE, replace_keys=("engine", "vpc"))
    assert told(section(REPLACE), section(later)) == [f"{REPLACE.urn} replaced by: vpc -> engine, vpc"]


def test_a_secret_that_was_unknown_may_become_one_and_a_certain_plan_gains_none() -> None:
    unknown = replace(CREATE, secret_hashes={})
    assert told(section(unknown), section(CREATE)) == []
    assert told(section(replace(unknown, waits_for=())), section(CREATE)) == [
        f"{CREATE.urn}: password: no secret -> a secret"
    ]


def test_data_is_not_lost_beyond_what_was_approved() -> None:
    gone = action(Action.DELETE)
    assert told(section(gone), section(replace(gone, loses_data=True))) == [
        f"{gone.urn}: no data is lost -> data is lost"
    ]
    retained = action(Action.NO_OP, retained=True)
    assert told(section(retained), section(replace(retained, retained=False))) == [
        f"{retained.urn}: retained -> not retained"
    ]


OUTPUT = PlannedOutput("string", "new", "a")


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        (OUTPUT, OUTPUT, True),
        (replace(OUTPUT, value=None, unknown=True), OUTPUT, True),
        (OUTPUT, replace(OUTPUT, value="b"), False),
        (OUTPUT, replace(OUTPUT, value=None, unknown=True), False),
        (OUTPUT, replace(OUTPUT, value=None, secret=True), False),
        (replace(OUTPUT, value=None, secret=True), OUTPUT, False),
        (OUTPUT, None, False),
        (None, OUTPUT, False),
    ],
)
def test_outputs_keep_their_known_values(old: PlannedOutput | None, new: PlannedOutput | None, same: bool) -> None:
    before, after = ({"o": output} if output else {} for output in (old, new))
    assert (told(section(outputs=before), section(outputs=after)) == []) is same


DECLARED = Declarations(
    ({"name": "db", "type": "database", "properties": {"size": 10}},),
    ({"field": "memory", "operator": "<=", "value": "4Gi"},),
    ({"name": "host", "capability": "db", "field": "host", "type": "string"},),
)


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (lambda plan: replace(plan, stack="organization/other/prod"), "stack"),
        (lambda plan: replace(plan, operation=Operation.DESTROY), "operation"),
        (lambda plan: replace(plan, mode=Mode.AUTO_APPLY), "mode"),
        (lambda plan: replace(plan, providers=(ProviderRecord("aws", "8.0.0", "simulated"),)), "providers"),
        (lambda plan: replace(plan, providers=(ProviderRecord("aws", "7.51.1", "official"),)), "providers"),
        (lambda plan: replace(plan, allowed_data_loss=frozenset({"db", "queue"})), "data that may be lost"),
        (
            lambda plan: replace(plan, declarations=replace(DECLARED, capabilities=({"name": "db", "type": "cache"},))),
            "declared db",
        ),
        (lambda plan: replace(plan, declarations=replace(DECLARED, constraints=())), "declared memory <="),
        (lambda plan: replace(plan, declarations=replace(DECLARED, outputs=())), "declared host"),
    ],
)
def test_the_section_itself_stays(change: Callable[[TierPlan], TierPlan], where: str) -> None:
    plan = section(declarations=DECLARED, allowed_data_loss=frozenset({"db"}))
    assert told(plan, plan) == []
    assert [one.partition(":")[0] for one in told(plan, change(plan))] == [where]


def test_fewer_allowed_losses_are_no_difference() -> None:
    plan = section(allowed_data_loss=frozenset({"db"}))
    assert told(plan, replace(plan, allowed_data_loss=frozenset())) == []


@pytest.mark.parametrize("make", samples.PLANS.values())
def test_every_plan_refines_itself(make: Callable[[], Any]) -> None:
    for tier in make().tiers:
        assert refines(tier, tier).holds

"""One tier's section of the plan: actions, diffs, outputs, made from what the engine and the program said."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from platform_pulumi.errors import Position
from platform_pulumi.model.capabilities import CAPABILITY_TYPES
from platform_pulumi.model.capability import Capability, CapabilityRef
from platform_pulumi.model.contract import CONTRACT_OUTPUT, TierContract
from platform_pulumi.model.plan import Action, Diff, PlanAction
from platform_pulumi.model.platform import Mode, OutputDeclaration
from platform_pulumi.model.tier import Tier
from platform_pulumi.model.unknown import UNKNOWN
from platform_pulumi.model.value import OutputValue
from platform_pulumi.operations import actions
from platform_pulumi.operations.ports import Registered, RunResult, StackSnapshot, StateOutput, Step
from platform_pulumi.sdk.run import TierRun
from tests.operations.fakes import CONTEXT

TIER = Tier.SHARED_PRIMITIVES
URN = "urn:pulumi:prod::acme-shared-primitives::"
COMPONENT = f"{URN}platform:aws:Database::db"
INSTANCE = f"{URN}platform:aws:Database$aws:rds/instance:Instance::db"
KIND = "aws:rds/instance:Instance"
HERE = Position("platform.yaml", 12, 9)


def capability(name: str = "db", kind: str = "database", line: int = 12) -> Capability:
    written = {"database": {"engine": "mysql", "version": "8"}, "namespace": {}}[kind]
    properties = CAPABILITY_TYPES[kind].model_validate(written)
    return Capability(name, kind, TIER, properties, "aws", Position("platform.yaml", line, 9))


def run(*capabilities: Capability, outputs: tuple[OutputDeclaration, ...] = ()) -> TierRun:
    contract = TierContract(TIER, None, "acme/prod", (), (), (), (), Mode.AUTO_APPLY)
    return TierRun(CONTEXT, TIER, None, CONTEXT.stack(TIER), capabilities, outputs, {}, contract)


def step(action: Action = Action.UPDATE, **fields: Any) -> Step:
    known = {"urn": INSTANCE, "type": KIND, "name": "db", "provider": "aws", "parent": COMPONENT, "old": {}, "new": {}}
    return Step(action=action, **{**known, **fields})


def result(*steps: Step, registered: Registered | None = None) -> RunResult:
    component = Step(COMPONENT, "platform:aws:Database", "db", Action.UPDATE, custom=False)
    return RunResult(
        steps={s.urn: s for s in (component, *steps)},
        registered={registered.urn: registered} if registered else {},
        outputs={},
    )


def planned_actions(*steps: Step, registered: Registered | None = None) -> tuple[PlanAction, ...]:
    return actions.plan_actions(run(capability()), result(*steps, registered=registered), None)


def action(made: Step, registered: Registered | None = None) -> PlanAction:
    (only,) = planned_actions(made, registered=registered)
    return only


def test_what_is_the_engines_own_stands_outside() -> None:
    own = [
        step(urn=f"{URN}{kind}::x", type=kind)
        for kind in ("pulumi:pulumi:Stack", "pulumi:pulumi:StackReference", "pulumi:providers:aws")
    ]
    assert [a.urn for a in planned_actions(*own, step())] == [INSTANCE]


def test_an_action_belongs_to_its_capability_and_its_line() -> None:
    made = action(step(Action.CREATE, old=None))
    assert (made.capability, made.declared_at, made.provider, made.resource_type) == ("db", HERE, "aws", KIND)
    assert (made.before, made.after) == (None, {})


def test_actions_stand_in_the_order_of_the_capabilities_then_what_belongs_to_none() -> None:
    def of(name: str, parent: str) -> Step:
        return step(urn=f"{URN}{parent}$test:index:Thing::{name}", name=name, parent=f"{URN}{parent}::{name[0]}")

    tier = run(capability("b"), capability("a", "namespace"))
    steps = [of("a2", "platform:aws:Namespace"), of("a1", "platform:aws:Namespace"), of("b1", "platform:aws:Database")]
    alone = step(urn=f"{URN}test:index:Thing::0", parent="")
    made = actions.plan_actions(tier, result(alone, *steps), None)
    assert [a.urn.rpartition("::")[2] for a in made] == ["b1", "a1", "a2", "0"]


def test_what_was_removed_from_the_file_is_still_named_by_the_recorded_component() -> None:
    recorded = StackSnapshot(CONTEXT.stack(TIER), {}, {}, parents={INSTANCE: COMPONENT})
    gone = step(Action.DELETE, parent="", new=None, protected=True)
    (made,) = actions.plan_actions(run(), replace(result(gone), steps={INSTANCE: gone}), recorded)
    assert (made.capability, made.declared_at, made.loses_data) == ("db", None, True)
    assert (made.after, made.diff) == (None, ())


@pytest.mark.parametrize(
    ("kind", "protected", "loses"),
    [
        (Action.REPLACE, True, True),
        (Action.DELETE, True, True),
        (Action.UPDATE, True, False),
        (Action.REPLACE, False, False),
        (Action.CREATE, False, False),
    ],
)
def test_data_is_lost_where_what_is_protected_goes(kind: Action, protected: bool, loses: bool) -> None:
    assert action(step(kind, protected=protected)).loses_data is loses


def diffs(old: Any, new: Any, *paths: str, registered: Registered | None = None, kind: str = "update") -> list[Diff]:
    made = step(old=old, new=new, changed=dict.fromkeys(paths, kind))
    return list(action(made, registered).diff)


def test_a_diff_shows_the_values_at_its_path() -> None:
    old = {"size": 1.0, "rules": [{"cidr": "a"}], "tags": {"platform:urn": "x", "a.b": "y", 'q"r': "z"}}
    new = {"size": 2.0, "rules": [{"cidr": "b"}], "tags": {"platform:urn": "X", "a.b": "Y", 'q"r': "Z"}}
    paths = ("size", "rules[0].cidr", 'tags["platform:urn"]', 'tags["a.b"]', r'tags["q\"r"]', "tags.platform:urn")
    found = {d.path: (d.old, d.new) for d in diffs(old, new, *paths)}
    assert found == {
        "size": (1, 2),
        "rules[0].cidr": ("a", "b"),
        'tags["platform:urn"]': ("x", "X"),
        'tags["a.b"]': ("y", "Y"),
        r'tags["q\"r"]': ("z", "Z"),
        "tags.platform:urn": ("x", "X"),
    }


@pytest.mark.parametrize("path", ["none", "size.deep", "rules[7]", "rules.cidr", "size[0]"])
def test_a_diff_of_what_is_not_there_shows_nothing(path: str) -> None:
    (found,) = diffs({"size": 1, "rules": []}, {"size": 1, "rules": []}, path)
    assert (found.old, found.new) == (None, None)


def test_an_unknown_value_is_said_to_be_one() -> None:
    (found,) = diffs({"vpc": "vpc-1"}, {"vpc": UNKNOWN}, "vpc", kind="update-replace")
    assert found == Diff("vpc", old="vpc-1", unknown=True, replaces=True)
    (nested,) = diffs({"rules": ["a"]}, {"rules": ["a", {"cidr": UNKNOWN}]}, "rules")
    assert nested.new == ["a", {"cidr": {"unknown": True, "type": "string"}}]


@pytest.mark.parametrize(
    ("secret", "path"),
    [("password", "password"), ("env", "env[0].value"), ("env[0].value", "env"), ("env[0]", "env[0].value")],
)
def test_a_secret_shows_neither_old_nor_new_however_the_path_is_cut(secret: str, path: str) -> None:
    old = {"password": "canary-old", "env": [{"name": "A", "value": "canary-old"}]}
    new = {"password": "canary-new", "env": [{"name": "A", "value": "canary-new"}]}
    registered = Registered(INSTANCE, secret=frozenset({secret}))
    (found,) = diffs(old, new, path, registered=registered)
    assert found == Diff(path, secret=True)


def test_a_value_the_engine_redacted_is_secret_even_if_the_program_says_nothing() -> None:
    assert diffs({"p": "[secret]"}, {"p": "x"}, "p") == [Diff("p", secret=True)]
    assert diffs({"p": "x"}, {"p": "[secret]"}, "p") == [Diff("p", secret=True)]


def test_a_path_that_only_begins_like_a_secrets_is_shown() -> None:
    registered = Registered(INSTANCE, secret=frozenset({"password"}))
    (found,) = diffs({"passwordLength": 1}, {"passwordLength": 2}, "passwordLength", registered=registered)
    assert (found.old, found.new) == (1, 2)


def test_bookkeeping_of_the_providers_is_hidden() -> None:
    made = action(step(old={"__defaults": ["a"], "a": {"__defaults": [], "b": 1.0}}, new={"__defaults": [], "c": 1.5}))
    assert (made.before, made.after) == ({"a": {"b": 1}}, {"c": 1.5})


def test_diffs_are_shown_for_updates_and_replaces_alone() -> None:
    for kind in (Action.CREATE, Action.NO_OP, Action.DELETE, Action.READ):
        assert action(step(kind, changed={"a": "add"})).diff == ()


def test_an_action_waits_for_what_its_resource_waits_for() -> None:
    waiting = Registered(INSTANCE, waits_for=frozenset({"infrastructure.vpc.id", "infrastructure.a.b"}))
    made = action(step(Action.CREATE), waiting)
    assert made.waits_for == ("infrastructure.a.b", "infrastructure.vpc.id")
    assert made.conditional
    assert not action(step(Action.DELETE), waiting).conditional


def test_the_child_of_a_remote_component_waits_with_it() -> None:
    waiting = Registered(COMPONENT, waits_for=frozenset({"infrastructure.vpc.id"}))
    assert action(step(Action.CREATE), waiting).waits_for == ("infrastructure.vpc.id",)


def test_a_capability_waits_for_all_its_actions_do() -> None:
    bound = CapabilityRef(Tier.INFRASTRUCTURE, "vpc", "network")
    one, two = replace(capability(), bindings={"network": bound}), capability("ns", "namespace")
    made = [
        PlanAction(Action.CREATE, "db", "a", KIND, "aws", "urn:a", waits_for=("x.y.z", "a.b.c")),
        PlanAction(Action.CREATE, "db", "b", KIND, "aws", "urn:b", waits_for=("a.b.c",)),
    ]
    found = actions.bound_capabilities(run(one, two), made)
    assert [(c.name, c.waits_for, c.bindings) for c in found] == [
        ("db", ("a.b.c", "x.y.z"), ("infrastructure.vpc",)),
        ("ns", (), ()),
    ]


def test_outputs_get_their_types_from_the_capability_and_the_contract() -> None:
    declared = OutputDeclaration("database_port", "db", "port", "integer", HERE)
    found = actions.typed_outputs(
        run(capability(), outputs=(declared,)),
        {
            "db:port": StateOutput(5432),
            "db:connection_string": StateOutput("x", secret=True),
            "database_port": StateOutput(None, known=False),
            CONTRACT_OUTPUT: StateOutput("{}"),
        },
    )
    assert found == {
        "db:port": OutputValue("integer", 5432),
        "db:connection_string": OutputValue("string", "x", secret=True),
        "database_port": OutputValue("integer", known=False),
    }

"""What an approval signs: all effects and nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from platform_pulumi.errors import Position
from platform_pulumi.model.capabilities import CAPABILITY_TYPES
from platform_pulumi.model.capability import Capability, CapabilityRef
from platform_pulumi.model.constraint import Constraint
from platform_pulumi.model.context import Context
from platform_pulumi.model.contract import ProviderRecord, TierContract
from platform_pulumi.model.plan import Action, PlanAction, TierPlan, effects
from platform_pulumi.model.platform import Mode, ProviderDeclaration
from platform_pulumi.model.tier import Tier
from platform_pulumi.model.value import CapabilityOutput, Secret, Template, TierOutput
from platform_pulumi.operations.actions import plan_actions
from platform_pulumi.operations.planning import resolved_declarations
from platform_pulumi.operations.ports import Registered, RunResult, Step
from platform_pulumi.sdk.run import ProviderRun, TierRun
from tests.components.variants import BASES
from tests.operations.fakes import UNKNOWN

CONTEXT = Context("acme", "prod")
TIER = Tier.APPLICATION
URN = "urn:pulumi:prod.shop::acme-application::platform:acme:Container$acme:index:Thing::api"
OTHER = "urn:pulumi:prod.shop::acme-application::acme:index:Thing::other"
HERE, THERE = Position("platform.yaml", 1, 1), Position("other.yaml", 99, 7)
CANARY = "hunter2-never-seen"
PROPERTIES: dict[str, Any] = {
    "image": "api:1",
    "memory": "1Gi",
    "env": {"A": "x", "PASSWORD": Secret(CANARY), "URL": Template(("pg://", TierOutput(Tier.SHARED_PRIMITIVES, "h")))},
    "ports": [{"container_port": 80}],
}

PROVIDERS = {"acme": ProviderRun("acme")}


def capability(line: Position = HERE, **properties: Any) -> Capability:
    made = CAPABILITY_TYPES["container_runtime"].model_validate({**PROPERTIES, **properties})
    return Capability("api", "container_runtime", TIER, made, "acme", line)


def constraint(value: Any = "4Gi", at: Position = HERE) -> Constraint:
    return Constraint("memory", "<=", value, "infrastructure", at)


def run(*capabilities: Capability, **contract: Any) -> TierRun:
    known = {"providers": (ProviderRecord("acme", "1.0", "official"),), "constraints": (constraint(),)}
    made = TierContract(
        TIER, "shop", "acme/prod/shop", **{**known, **contract}, capabilities=(), outputs=(), mode=Mode.AUTO_APPLY
    )
    return TierRun(
        CONTEXT, TIER, "shop", CONTEXT.stack(TIER, "shop"), capabilities or (capability(),), (), PROVIDERS, made
    )


STEP = Step(
    URN,
    "acme:index:Thing",
    "api",
    Action.UPDATE,
    "acme",
    old={"size": 1, "password": "[secret]", "__defaults": ["a"]},
    new={"size": 2, "password": "[secret]", "__defaults": ["b"]},
    changed={"size": "update"},
)
UNCHANGED = Step(OTHER, "acme:index:Thing", "other", Action.NO_OP, "acme", old={"a": 1}, new={"a": 1})
REGISTERED = Registered(URN, secret=frozenset({"password"}), secret_hashes={"password": "aaaa"})


def digest(
    made: TierRun | None = None,
    step: Step = STEP,
    *more: Step,
    registered: Registered = REGISTERED,
    config: Mapping[str, Any] | None = None,
) -> str:
    made = made or run()
    result = RunResult({s.urn: s for s in (step, *more)}, {registered.urn: registered}, {})
    section = TierPlan(
        tier=made.tier,
        application=made.application,
        stack=made.stack.qualified(),
        digest="",
        mode=made.contract.mode,
        actions=plan_actions(made, result, None),
        outputs={},
        declarations=resolved_declarations(made, (ProviderDeclaration("acme", config or {"region": "here"}),)),
        providers=made.contract.providers,
        allowed_data_loss=made.unprotected,
    )
    return effects.digest(section)


BASE = digest()


def test_it_is_a_sha256_and_the_same_each_time() -> None:
    assert re.fullmatch(r"sha256:[0-9a-f]{64}", BASE)
    assert digest() == BASE


@pytest.mark.parametrize(
    "change",
    [
        lambda: digest(config={"region": "elsewhere"}),
        lambda: digest(step=replace(STEP, action=Action.REPLACE)),
        lambda: digest(step=replace(STEP, urn=OTHER)),
        lambda: digest(step=replace(STEP, new={"size": 3})),
        lambda: digest(step=replace(STEP, new={"size": UNKNOWN})),
        lambda: digest(step=replace(STEP, changed={"size": "update", "name": "add"})),
        lambda: digest(step=replace(STEP, replace_keys=("size",))),
        lambda: digest(step=replace(STEP, action=Action.CREATE, old=None)),
        lambda: digest(None, STEP, replace(UNCHANGED, action=Action.DELETE, new=None)),
        lambda: digest(registered=replace(REGISTERED, secret_hashes={"password": "bbbb"})),
        lambda: digest(registered=replace(REGISTERED, secret_hashes={"password": "aaaa", "token": "cccc"})),
        lambda: digest(run(providers=(ProviderRecord("acme", "1.1", "official"),))),
        lambda: digest(run(providers=(ProviderRecord("acme", "1.0", "simulated"),))),
        lambda: digest(run(constraints=(constraint("8Gi"),))),
        lambda: digest(run(constraints=())),
        lambda: digest(replace(run(), unprotected=frozenset({"api"}))),
        lambda: digest(run(capability(memory="2Gi"))),
        lambda: digest(run(capability(ports=[{"container_port": 81}]))),
        lambda: digest(run(capability(env={**PROPERTIES["env"], "URL": TierOutput(Tier.INFRASTRUCTURE, "h")}))),
        lambda: digest(run(capability(env={**PROPERTIES["env"], "URL": CapabilityOutput("db", "host")}))),
        lambda: digest(run(replace(capability(), provider="rival"))),
        lambda: digest(
            run(replace(capability(), bindings={"namespace": CapabilityRef(Tier.SHARED_PRIMITIVES, "n", "namespace")}))
        ),
        lambda: digest(run(capability(), replace(capability(), name="second"))),
    ],
)
def test_an_effect_changes_it(change: Callable[[], str]) -> None:
    assert change() != BASE


@pytest.mark.parametrize(
    "change",
    [
        lambda: digest(run(capability(THERE))),
        lambda: digest(run(constraints=(constraint(at=THERE),))),
        lambda: digest(
            step=replace(STEP, old={**(STEP.old or {}), "__defaults": []}, new={"size": 2, "__defaults": []})
        ),
        lambda: digest(None, STEP, UNCHANGED),
        lambda: digest(step=replace(STEP, finished=True)),
        lambda: digest(run(capability(env=dict(reversed(PROPERTIES["env"].items()))))),
        # The value itself is covered by the hash of the input it becomes, and by nothing a plan could give away.
        lambda: digest(run(capability(env={**PROPERTIES["env"], "PASSWORD": Secret("another")}))),
    ],
)
def test_what_is_no_effect_does_not(change: Callable[[], str]) -> None:
    assert change() == BASE


REPLACED = replace(STEP, action=Action.REPLACE, changed={"provider": "update"}, replace_keys=("provider",))


@pytest.mark.parametrize("kind", [Action.CREATE, Action.REPLACE, Action.IMPORT, Action.OTHER])
def test_whatever_is_made_is_covered_with_all_its_inputs(kind: Action) -> None:
    """Nothing of a replacement whose cause is its provider need stand in a diff."""

    def made(**new: Any) -> str:
        inputs = {"size": 1, "subnets": ["10.5.0.0/20"], **new}
        return digest(step=replace(REPLACED, action=kind, old=dict(inputs), new=inputs))

    others = {made(subnets=["10.6.0.0/20"]), made(subnets=[UNKNOWN]), made(size=2), made(more="x")}
    assert made() == made()
    assert made() not in others
    assert len(others) == 4


def test_an_equal_update_is_the_same_effect_whatever_was_there() -> None:
    before = replace(STEP, old={"size": 1, "name": "a"}, new={"size": 2, "name": "a"})
    assert digest(step=before) == digest(step=replace(before, old={"size": 7, "name": "a"}))


def test_whether_it_may_come_as_less_is_an_effect_and_the_reason_is_none() -> None:
    step = replace(STEP, new={"size": 2, "vpc": UNKNOWN}, action=Action.CREATE, old=None)

    def waiting(*names: str) -> str:
        return digest(step=step, registered=replace(REGISTERED, waits_for=frozenset(names)))

    assert waiting() != waiting("infrastructure.vpc.id") == waiting("infrastructure.network.id")


def test_the_type_of_an_unknown_is_no_effect() -> None:
    made = TierPlan(
        TIER, None, "s", "", Mode.AUTO_APPLY, (PlanAction(Action.CREATE, "a", "a", "t", "p", "u", after={}),), {}
    )

    def typed(kind: str) -> str:
        after = {"ids": [{"unknown": True, "type": kind}]}
        return effects.digest(replace(made, actions=(replace(made.actions[0], after=after),)))

    assert typed("string") == typed("array") != effects.digest(made)


def test_a_secret_whose_changes_are_ignored_is_an_effect_only_where_it_is_made() -> None:
    def hashed(kind: Action, value: str) -> str:
        ignoring = replace(REGISTERED, secret_hashes={"labels.token": value}, ignored=("labels[*]", "labels"))
        return digest(step=replace(STEP, action=kind), registered=ignoring)

    assert hashed(Action.UPDATE, "a") == hashed(Action.UPDATE, "b")
    assert hashed(Action.REPLACE, "a") == hashed(Action.REPLACE, "b")
    assert hashed(Action.CREATE, "a") != hashed(Action.CREATE, "b")


def test_the_secrets_of_a_remote_component_are_those_of_what_is_made_below_it() -> None:
    component = "urn:pulumi:prod.shop::acme-application::eks:index:Cluster::api"
    child = replace(STEP, urn=f"{component}-child", parent=component, new={"size": 2})

    def given(value: str) -> str:
        return digest(step=child, registered=Registered(component, secret_hashes={"token": value}))

    assert given("a") == given("a") != given("b")


def test_the_order_of_steps_is_no_effect() -> None:
    other = replace(UNCHANGED, action=Action.DELETE, new=None)
    assert digest(None, STEP, other) == digest(None, other, STEP)


@pytest.mark.parametrize("kind", CAPABILITY_TYPES)
def test_every_capability_type_can_be_signed(kind: str) -> None:
    more: dict[str, dict[str, Any]] = {
        "database": {"password": "hunter2"},
        "cache": {"password": "hunter2"},
        "object_storage": {"secret_key": "hunter2"},
        "container_runtime": PROPERTIES,
    }
    made = CAPABILITY_TYPES[kind].model_validate({**BASES[kind], **more.get(kind, {})})
    signed = digest(run(Capability("api", kind, TIER, made, "acme", HERE)))
    assert signed.startswith("sha256:")

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
from platform_pulumi.model.plan import Action, TierPlan, effects
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

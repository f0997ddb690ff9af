"""A file makes a tier's mode stricter by itself, and looser only with the approval that its stack asks for."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from platform_pulumi.errors import RefusedError
from platform_pulumi.model.contract import CONTRACT_OUTPUT
from platform_pulumi.model.plan import Plan
from platform_pulumi.model.plan.effects import digest
from platform_pulumi.model.plan.refinement import refines
from platform_pulumi.model.platform import Mode
from platform_pulumi.model.tier import Tier
from platform_pulumi.operations import destroy, preview, up
from platform_pulumi.operations.ports import StackSnapshot
from tests.operations.fakes import (
    MODES,
    ONE,
    PLATFORM,
    THREE,
    Answer,
    FakeEngine,
    Files,
    Watcher,
    forget_member,
    services,
)

FREE = "  execution:\n    tier1_mode: auto_apply\n    tier2_mode: auto_apply\n"
#: A copy of the files, for whom limits and approvals are in the way.
COPY = PLATFORM.replace("value: 4Gi", "value: 400Gi") + FREE
NOBODY = Answer(no=frozenset(Tier))
TEAM = PLATFORM[: PLATFORM.index("    infrastructure:")] + PLATFORM[PLATFORM.index("    application:") :]


@pytest.fixture
def engine(applied_engine: FakeEngine) -> FakeEngine:
    return applied_engine


def plan(engine: FakeEngine, files: Files) -> Plan:
    return preview.preview(services(engine), files.task(), Watcher())


def mode(snapshot: StackSnapshot) -> str:
    return str(json.loads(snapshot.outputs[CONTRACT_OUTPUT].value)["mode"])


def test_a_copy_that_applies_by_itself_needs_the_approval_that_was_recorded(files: Files, engine: FakeEngine) -> None:
    files.write(text=COPY)
    one, two, three = plan(engine, files).tiers
    because = "its stack was applied with `plan_and_approve`, which no file loosens by itself"
    assert [(tier.mode, tier.mode_because) for tier in (one, two)] == [(Mode.PLAN_AND_APPROVE, because)] * 2
    assert (three.mode, three.mode_because) == (Mode.AUTO_APPLY, "")
    assert [(limit.limit, limit.old, limit.new, limit.kind) for limit in one.limits] == [
        ("memory <=", "4Gi", "400Gi", "loosened"),
        ("mode", "plan_and_approve", "auto_apply", "loosened"),
    ]
    with pytest.raises(RefusedError, match="Not approved"):
        up.up(services(engine), files.task(), Watcher(), NOBODY)
    assert not [verb for verb, _ in engine.done if verb == "up"]
    with pytest.raises(RefusedError, match="Not approved"):
        destroy.destroy(services(engine), files.task(allow_data_loss=frozenset({"db"})), Watcher(), NOBODY)
    assert [stack for verb, stack in engine.done if verb == "destroy"] == [THREE]


def test_one_approval_more_loosens_it(files: Files, engine: FakeEngine) -> None:
    files.write(text=COPY)
    answer = Answer()
    up.up(services(engine), files.task(), Watcher(), answer)
    assert answer.asked == [Tier.INFRASTRUCTURE, Tier.SHARED_PRIMITIVES]
    assert mode(engine.stacks_[ONE]) == "auto_apply"
    files.write(text=COPY.replace("value: 400Gi", "value: 4Gi"))
    up.up(services(engine), files.task(), Watcher(), NOBODY)


def test_a_file_makes_it_stricter_by_itself(files: Files, engine: FakeEngine) -> None:
    files.write(text=PLATFORM + MODES.replace("auto_apply", "plan_and_approve"))
    (tier,) = (tier for tier in plan(engine, files).tiers if tier.tier is Tier.APPLICATION)
    assert (tier.mode, tier.mode_because) == (Mode.PLAN_AND_APPROVE, "")
    assert [(limit.limit, limit.kind) for limit in tier.limits] == [("mode", "tightened")]


@pytest.mark.parametrize("name", ["default", "another"])
def test_what_a_platform_asks_of_its_applications_binds_those_of_other_files(files: Files, name: str) -> None:
    engine = FakeEngine()
    asking = PLATFORM[: PLATFORM.index("    application:")] + "  execution: {tier3_mode: plan_and_approve}\n"
    up.up(services(engine), files.write(text=asking).task(), Watcher(), Answer())
    team = TEAM.replace("  tiers:", f"  application: {name}\n  execution: {{tier3_mode: auto_apply}}\n  tiers:")
    with pytest.raises(RefusedError, match="Not approved"):
        up.up(services(engine), files.write(text=team).task(), Watcher(), NOBODY)
    up.up(services(engine), files.task(), Watcher(), Answer())
    assert mode(engine.stacks_[THREE if name == "default" else THREE.__class__(THREE.project, f"prod.{name}")]) == (
        "plan_and_approve"
    )
    # One file with all tiers that takes it back: the platform's own tier is approved first, and so is this one.
    all_of_it = PLATFORM.replace("  tiers:", f"  application: {name}\n  tiers:", 1)
    shown = plan(engine, files.write(text=all_of_it))
    assert {tier.mode for tier in shown.tiers} == {Mode.PLAN_AND_APPROVE}
    assert ("mode of application", "dropped") in [(limit.limit, limit.kind) for limit in shown.tiers[0].limits]


def test_an_earlier_version_asked_nothing_of_the_tiers_below(files: Files, engine: FakeEngine) -> None:
    forget_member(engine, ONE, "floors")
    assert not plan(engine, files).changes


def test_a_stack_that_has_lost_its_contract_is_not_free(files: Files, engine: FakeEngine) -> None:
    whole = engine.stacks_[ONE]
    outputs = {name: output for name, output in whole.outputs.items() if name != CONTRACT_OUTPUT}
    engine.stacks_[ONE] = replace(whole, outputs=outputs)
    files.write(text=COPY)
    because = "its stack has outputs and no contract, so how it was applied is not known"
    tier = plan(engine, files).tiers[0]
    assert (tier.mode, tier.mode_because) == (Mode.PLAN_AND_APPROVE, because)
    # One that failed half way has neither: it goes on as its file says.
    engine.stacks_[ONE] = replace(whole, outputs={})
    assert plan(engine, files).tiers[0].mode is Mode.AUTO_APPLY


def test_limits_are_part_of_what_is_approved(files: Files, engine: FakeEngine) -> None:
    approved = plan(engine, files.write(("value: 4Gi", "value: 3Gi"))).tiers[0]
    looser = plan(engine, files.write(text=PLATFORM.replace("value: 4Gi", "value: 3Gi") + FREE)).tiers[0]
    assert digest(approved) != digest(looser)
    (difference,) = refines(approved, looser).differences
    assert (difference.where, difference.approved, difference.now) == (
        "limit mode",
        "not in the plan",
        "plan_and_approve -> auto_apply",
    )

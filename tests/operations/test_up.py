"""Applying tier by tier, over an engine in memory: what is asked, what is done, and where it stops."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from platform_pulumi.errors import EngineError, InputError, LockedError, RefusedError
from platform_pulumi.model.applied import Applied, ApplyError, Outcome
from platform_pulumi.model.contract import CONTRACT_OUTPUT
from platform_pulumi.model.tier import Tier
from platform_pulumi.model.value import OutputValue
from platform_pulumi.operations import destroy, outputs, up
from platform_pulumi.operations.ports import Lock, StateOutput
from platform_pulumi.operations.task import Task
from tests.operations.fake_runtime import FakeRuntime, asked_services
from tests.operations.fakes import (
    CONTEXT,
    DEFINITIONS,
    MODES,
    ONE,
    PLATFORM,
    STACKS,
    THREE,
    TWO,
    UNKNOWN,
    Answer,
    FakeEngine,
    Files,
    Watcher,
    definition,
    services,
)


def apply(engine: FakeEngine, task: Task, answer: Answer | None = None, **options: Any) -> Applied:
    """Apply; `engine.done` then holds this run's calls alone."""
    engine.done.clear()
    return up.up(services(engine, **options), task, Watcher(), answer or Answer())


def ups(engine: FakeEngine) -> list[object]:
    return [stack for verb, stack in engine.done if verb == "up"]


def outcomes(applied: Applied | ApplyError) -> list[tuple[str, str]]:
    return [(t.tier.label, t.outcome.value) for t in applied.tiers]


def test_all_tiers_are_applied_from_nothing(files: Files, engine: FakeEngine, answer: Answer) -> None:
    applied = apply(engine, files.task(), answer)
    assert engine.done == [*(("preview", s) for s in STACKS), *(("up", s) for s in STACKS)]
    assert {t.outcome for t in applied.tiers} == {Outcome.APPLIED}
    assert [(t.done, str(t.total), t.summary) for t in applied.tiers] == [(1, "1", {"create": 1})] * 3
    assert answer.asked == [Tier.INFRASTRUCTURE, Tier.SHARED_PRIMITIVES]
    assert applied.plan is answer.shown[0]


def test_each_tier_is_applied_with_the_real_values_of_those_above(files: Files, engine: FakeEngine) -> None:
    apply(engine, files.task())
    _, second, third = engine.ups
    assert second.upstream[Tier.INFRASTRUCTURE].values["vpc:id"] == OutputValue("string", "id of vpc")
    assert third.upstream[Tier.SHARED_PRIMITIVES].values["db_host"] == OutputValue("string", "host of db")
    assert UNKNOWN not in str(engine.inputs)
    assert third.upstream[Tier.INFRASTRUCTURE].reference == "organization/acme-infrastructure/prod"


def test_stacks_are_named_by_the_organization_they_are_in(files: Files, answer: Answer) -> None:
    """On Pulumi Cloud a StackReference to `organization/...` finds nothing."""
    engine = FakeEngine(organization="acme-inc")
    apply(engine, files.task(), answer)
    assert engine.ups[1].upstream[Tier.INFRASTRUCTURE].reference == "acme-inc/acme-infrastructure/prod"
    assert [section.stack for section in answer.shown[0].tiers] == [f"acme-inc/{stack}" for stack in STACKS]
    destroy.destroy(services(engine), files.task(allow_data_loss=frozenset({"db"})), Watcher(), answer)
    assert [section.stack for section in answer.shown[1].tiers] == [f"acme-inc/{stack}" for stack in reversed(STACKS)]


def test_the_contracts_outputs_are_given_back(files: Files, engine: FakeEngine) -> None:
    applied = apply(engine, files.task())
    given = {o.tier: dict(o.outputs) for o in applied.outputs}
    assert given[Tier.SHARED_PRIMITIVES] == {"db_host": OutputValue("string", "host of db")}
    assert given[Tier.INFRASTRUCTURE]["vpc:id"].value == "id of vpc"


def test_what_did_not_change_is_not_applied(files: Files, engine: FakeEngine, answer: Answer) -> None:
    apply(engine, files.task())
    again = apply(engine, files.task(), answer)
    assert ups(engine) == []
    assert answer.asked == []
    assert {t.outcome for t in again.tiers} == {Outcome.UNCHANGED}
    assert [o.outputs for o in again.outputs][1] == {"db_host": OutputValue("string", "host of db")}


def test_only_the_tier_that_changed_is_applied_and_asked_for(files: Files, engine: FakeEngine, answer: Answer) -> None:
    apply(engine, files.task())
    files.write(("storage_gb: 100", "storage_gb: 200"))
    applied = apply(engine, files.task(), answer)
    assert ups(engine) == [TWO]
    assert answer.asked == [Tier.SHARED_PRIMITIVES]
    assert outcomes(applied) == [
        ("infrastructure", "unchanged"),
        ("shared_primitives", "applied"),
        ("application", "unchanged"),
    ]


def test_a_changed_contract_is_approved_and_applied_though_no_resource_changes(
    files: Files, engine: FakeEngine, answer: Answer
) -> None:
    apply(engine, files.task())
    files.write(("value: 4Gi", "value: 2Gi"))
    with pytest.raises(RefusedError, match="Not approved"):
        apply(engine, files.task(), Answer(no=frozenset({Tier.INFRASTRUCTURE})))
    assert ups(engine) == []
    applied = apply(engine, files.task(), answer)
    assert answer.asked == [Tier.INFRASTRUCTURE]
    assert [t.contract_changes for t in applied.plan.tiers] == [True, False, False]
    assert ups(engine) == [ONE]
    contract = json.loads(engine.stacks_[ONE].outputs[CONTRACT_OUTPUT].value)
    assert [c["value"] for c in contract["constraints"]] == ["2Gi"]
    apply(engine, files.task())
    assert ups(engine) == []


def test_lines_that_moved_change_no_contract(files: Files, engine: FakeEngine) -> None:
    apply(engine, files.task())
    files.write(text=PLATFORM.replace("platform:\n", "# a comment\nplatform:\n", 1))
    assert not apply(engine, files.task()).plan.changes
    assert ups(engine) == []


def test_a_stack_that_only_passes_a_changed_output_on_is_applied(files: Files, engine: FakeEngine) -> None:
    apply(engine, files.task())
    stale = engine.stacks_[TWO]
    engine.stacks_[TWO] = replace(stale, outputs={**stale.outputs, "db_host": StateOutput("an older host")})
    apply(engine, files.task())
    assert ups(engine) == [TWO]
    assert engine.stacks_[TWO].outputs["db_host"].value == "host of db"


def test_a_tier_that_was_not_approved_and_all_below_stay_untouched(files: Files, engine: FakeEngine) -> None:
    answer = Answer(no=frozenset({Tier.SHARED_PRIMITIVES}))
    with pytest.raises(RefusedError, match="Not approved"):
        apply(engine, files.task(), answer)
    assert ups(engine) == [ONE]
    assert set(engine.stacks_) == {ONE}
    assert answer.asked == [Tier.INFRASTRUCTURE, Tier.SHARED_PRIMITIVES]


def test_the_modes_of_the_file_say_who_is_asked(files: Files, engine: FakeEngine, answer: Answer) -> None:
    files.write(text=PLATFORM + MODES)
    apply(engine, files.task(), answer)
    assert answer.asked == [Tier.APPLICATION]


def test_a_failing_tier_leaves_the_next_ones_untouched_and_says_so(files: Files, engine: FakeEngine) -> None:
    engine.failing.add("db")
    with pytest.raises(ApplyError, match="shared_primitives failed after 0 of 1 resources") as error:
        apply(engine, files.task())
    assert ups(engine) == [ONE, TWO]
    assert outcomes(error.value) == [
        ("infrastructure", "applied"),
        ("shared_primitives", "failed"),
        ("application", "untouched"),
    ]
    assert str(error.value.tiers[2].total) == "1"
    (problem,) = error.value.problems
    assert problem.detail == "db: db: quota exceeded"
    assert str(problem.position).endswith("platform.yaml:20:11")
    assert THREE not in engine.stacks_
    engine.failing.clear()
    apply(engine, files.task())
    assert ups(engine) == [TWO, THREE]


def lose(files: Files) -> Files:
    return files.write(("engine: postgresql", "engine: mysql"), ('version: "15"', 'version: "8"'))


def test_a_loss_of_data_is_refused_before_anything_is_asked_or_done(files: Files, engine: FakeEngine) -> None:
    apply(engine, files.task())
    answer = Answer()
    with pytest.raises(RefusedError, match="Data would be lost") as error:
        apply(engine, lose(files).task(allow_data_loss=frozenset({"api"})), answer)
    assert ups(engine) == []
    assert answer.asked == []
    assert answer.shown[0].tiers[1].data_loss == ("db",)
    assert "--allow-data-loss db" in error.value.problems[0].detail


def test_a_loss_of_data_that_is_named_is_done_and_the_next_one_is_refused_again(
    files: Files, engine: FakeEngine
) -> None:
    apply(engine, files.task())
    apply(engine, lose(files).task(allow_data_loss=frozenset({"db"})))
    assert ups(engine) == [TWO, THREE]  # the new database's host is not known before
    assert [run.unprotected for run in engine.ups[-2:]] == [{"db"}, frozenset()]
    files.write()
    with pytest.raises(RefusedError, match="Data would be lost"):
        apply(engine, files.task())


def test_data_of_a_capability_that_left_the_file_can_be_lost_by_name(files: Files, engine: FakeEngine) -> None:
    apply(engine, files.task())
    start, end = PLATFORM.index("        - name: db\n"), PLATFORM.index("    application:")
    queue = "        - {name: queue, type: message_queue, properties: {engine: sqs}}\n"
    host = '            env:\n              DB_HOST: "${tier2.db_host}"\n'
    files.write((host, ""), text=PLATFORM.replace(PLATFORM[start:end], queue))
    with pytest.raises(RefusedError, match="Data would be lost"):
        apply(engine, files.task())
    apply(engine, files.task(allow_data_loss=frozenset({"db"})))
    assert engine.ups[-2].unprotected == {"db"}
    assert [urn.rpartition("::")[2] for urn in engine.stacks_[TWO].resources] == ["queue"]


HELD = Lock("ann@laptop (process 7)", "2026-11-22T10:00:00Z", dead=False)


def test_a_locked_stack_stops_the_run_before_anything_is_planned(files: Files, engine: FakeEngine) -> None:
    apply(engine, files.task())
    engine.stacks_[THREE] = replace(engine.stacks_[THREE], lock=HELD)
    with pytest.raises(LockedError, match="The stack is locked"):
        apply(engine, files.task())
    assert engine.done == []


def test_the_lock_of_a_dead_run_is_removed_and_the_run_goes_on(files: Files, engine: FakeEngine) -> None:
    apply(engine, files.task())
    engine.stacks_[TWO] = replace(engine.stacks_[TWO], lock=replace(HELD, dead=True))
    watcher = Watcher()
    engine.done.clear()
    up.up(services(engine), files.task(), watcher, Answer())
    assert engine.done[0] == ("unlock", TWO)
    assert watcher.messages[0].startswith("acme-shared-primitives/prod: ann@laptop (process 7) was killed")


def test_a_pending_create_stops_the_run_until_it_was_looked_up(files: Files, engine: FakeEngine) -> None:
    apply(engine, files.task())
    (urn,) = engine.stacks_[TWO].resources
    engine.stacks_[TWO] = replace(engine.stacks_[TWO], pending=(("creating", urn),))
    with pytest.raises(LockedError, match="A run was killed before it was finished"):
        apply(engine, files.task())
    assert engine.done == []
    assert {t.outcome for t in apply(engine, files.task(forget_pending=frozenset({"db"}))).tiers} == {Outcome.UNCHANGED}


SECRET = ('DB_HOST: "${tier2.db_host}"', 'DB_HOST: "${tier2.db_host}"\n              TOKEN: "${env:TOKEN}"')


def test_a_changed_secret_alone_changes_its_consumer_alone(files: Files, engine: FakeEngine) -> None:
    files.write(SECRET)
    first = apply(engine, files.task(), environment={"TOKEN": "canary-1"})
    apply(engine, files.task(), environment={"TOKEN": "canary-1"})
    assert ups(engine) == []
    second = apply(engine, files.task(), environment={"TOKEN": "canary-2"})
    assert ups(engine) == [THREE]
    assert second.plan.tiers[2].digest != first.plan.tiers[2].digest
    assert "canary" not in repr((first, second, engine.stacks_))


def test_several_applications_are_applied_each_by_itself(files: Files, engine: FakeEngine, tmp_path: Path) -> None:
    apply(engine, files.task())
    blog = Files(tmp_path / "blog.yaml").write(
        ("  environment: prod", "  environment: prod\n  application: blog"),
        text=PLATFORM[: PLATFORM.index("    infrastructure:")] + PLATFORM[PLATFORM.index("    application:") :],
    )
    applied = apply(engine, blog.task())
    stack = CONTEXT.stack(Tier.APPLICATION, "blog")
    assert ups(engine) == [stack]
    assert applied.plan.context == "acme/prod/blog"
    assert set(engine.stacks_) == {*STACKS, stack}


def test_outputs_are_read_from_the_stacks(files: Files, engine: FakeEngine) -> None:
    broken = services(FakeEngine(unreadable={ONE}))
    with pytest.raises(EngineError):
        outputs.outputs(broken, files.task())
    apply(engine, files.task())
    engine.done.clear()
    report = outputs.outputs(services(engine), files.task())
    assert engine.done == []
    assert report.context == "acme/prod/default"
    assert {o.tier: list(o.outputs) for o in report.tiers} == {
        Tier.INFRASTRUCTURE: ["vpc:cidr", "vpc:id", "vpc:private_subnet_ids", "vpc:public_subnet_ids"],
        Tier.SHARED_PRIMITIVES: ["db_host"],
        Tier.APPLICATION: ["api:endpoint", "api:service"],
    }
    only = outputs.outputs(services(engine), files.task(tier=Tier.SHARED_PRIMITIVES))
    assert [o.tier for o in only.tiers] == [Tier.SHARED_PRIMITIVES]


def test_there_are_no_outputs_before_the_first_apply(files: Files, engine: FakeEngine) -> None:
    with pytest.raises(InputError, match="Nothing was applied yet") as error:
        outputs.outputs(services(engine), files.task())
    assert error.value.detail == "No tier of acme/prod has been applied. Run `platform up` first."


SECRET_BELOW = (
    '              DB_HOST: "${tier2.db_host}"\n',
    '              DB_HOST: "${tier2.db_host}"\n              DB_URL: "${tier2.db_url}"\n',
)
SECRET_OUTPUT = (
    "        - name: db_host\n",
    "        - name: db_url\n          source: db.connection_string\n          type: string\n        - name: db_host\n",
)


def test_a_changed_tier_below_what_is_proven_is_applied_with_the_secrets_above(
    files: Files, engine: FakeEngine, answer: Answer
) -> None:
    apply(engine, files.write(SECRET_BELOW, SECRET_OUTPUT).task())
    apply(engine, files.task())  # a plan of it is run, and proves it
    files.write(SECRET_BELOW, SECRET_OUTPUT, ("memory: 1Gi", "memory: 2Gi"))
    applied = apply(engine, files.task(), answer)
    assert engine.done == [("preview", THREE), ("up", THREE)]
    assert answer.asked == []
    assert outcomes(applied) == [
        ("infrastructure", "unchanged"),
        ("shared_primitives", "unchanged"),
        ("application", "applied"),
    ]
    values = engine.ups[-1].upstream[Tier.SHARED_PRIMITIVES].values
    assert values["db_url"] == OutputValue("string", "secret connection_string of db", secret=True)
    given = {o.tier: dict(o.outputs) for o in applied.outputs}
    assert given[Tier.SHARED_PRIMITIVES]["db_host"] == OutputValue("string", "host of db")
    assert given[Tier.SHARED_PRIMITIVES]["db_url"].secret
    assert "secret connection_string" not in repr(applied)


def test_where_all_is_proven_nothing_is_run_and_the_outputs_are_given_all_the_same(
    files: Files, engine: FakeEngine
) -> None:
    apply(engine, files.task())
    first = apply(engine, files.task())
    again = apply(engine, files.task())
    assert engine.done == []
    assert outcomes(again) == [(tier.label, "unchanged") for tier in Tier]
    assert [dict(o.outputs) for o in again.outputs][1] == [dict(o.outputs) for o in first.outputs][1]


@pytest.mark.parametrize(
    ("plugin", "reads_files", "proven"),
    [("embedded", False, True), ("official", False, False), ("embedded", True, False)],
)
def test_what_was_applied_by_a_plugin_of_ours_is_proven_at_once(
    files: Files, engine: FakeEngine, plugin: str, reads_files: bool, proven: bool
) -> None:
    definitions = {**DEFINITIONS, "acme": definition("acme", reads_files=reads_files)}
    engine.plugins["acme"] = plugin
    apply(engine, files.write(SECRET_BELOW, SECRET_OUTPUT).task(), definitions=definitions)
    assert list(engine.noops) == (STACKS if proven else [])
    again = apply(engine, files.task(), definitions=definitions)
    assert engine.done == ([] if proven else [("preview", stack) for stack in STACKS])
    assert [t.skipped for t in again.plan.tiers] == [proven] * 3


def test_a_tier_that_failed_proves_nothing(files: Files, engine: FakeEngine) -> None:
    engine.plugins["acme"] = "embedded"
    engine.failing.add("db")
    with pytest.raises(ApplyError):
        apply(engine, files.task())
    assert list(engine.noops) == [ONE]


def pending(engine: FakeEngine, stack: Any) -> None:
    (urn,) = engine.stacks_[stack].resources
    engine.stacks_[stack] = replace(engine.stacks_[stack], pending=(("creating", urn),))


def test_what_a_dead_run_had_under_way_is_taken_over_by_plugins_of_ours_and_forgotten(
    files: Files, engine: FakeEngine
) -> None:
    engine.plugins["acme"] = "embedded"
    apply(engine, files.task())
    pending(engine, TWO)
    watcher = Watcher()
    engine.done.clear()
    up.up(services(engine), files.task(), watcher, Answer())
    assert watcher.messages == [
        "acme-shared-primitives/prod: db was left creating; it is planned again",
        "acme-shared-primitives/prod: a run was killed; refreshing the state",
    ]
    assert engine.refreshed == [TWO]
    assert [call for call in engine.done if call[0] != "preview"] == [("clear_pending", TWO)]
    assert engine.stacks_[TWO].pending == ()
    apply(engine, files.task())
    assert ("clear_pending", TWO) not in engine.done


@pytest.mark.parametrize("plugin", ["embedded", "simulated"])
@pytest.mark.parametrize("kind", ["deleting", "updating"])
def test_what_a_dead_run_did_is_looked_up_and_recorded_though_a_plan_has_nothing_to_do(
    kind: str, plugin: str, files: Files, engine: FakeEngine
) -> None:
    """The plan looks, and finds it done; the state does not know of it, and another plan would do it again."""
    engine.plugins["acme"] = plugin
    task = files.task(simulate=plugin == "simulated")
    apply(engine, task)
    (urn,) = engine.stacks_[TWO].resources
    engine.stacks_[TWO] = replace(engine.stacks_[TWO], pending=((kind, urn),))
    engine.done.clear()
    up.up(services(engine), task, Watcher(), Answer())
    assert engine.refreshed == [TWO]
    assert [call for call in engine.done if call[0] != "preview"] == [("up", TWO), ("clear_pending", TWO)]


def test_what_was_looked_up_is_forgotten_once_it_is_applied(files: Files, engine: FakeEngine) -> None:
    apply(engine, files.task())
    pending(engine, TWO)
    files.write(("storage_gb: 100", "storage_gb: 200"))
    apply(engine, files.task(forget_pending=frozenset({"db"})))
    assert [call for call in engine.done if call[0] != "preview"] == [("up", TWO), ("clear_pending", TWO)]


def test_what_failed_again_is_not_forgotten(files: Files, engine: FakeEngine) -> None:
    apply(engine, files.task())
    pending(engine, TWO)
    engine.failing.add("db")
    files.write(("storage_gb: 100", "storage_gb: 200"))
    with pytest.raises(ApplyError):
        apply(engine, files.task(forget_pending=frozenset({"db"})))
    assert ("clear_pending", TWO) not in engine.done


@pytest.mark.parametrize("change", [False, True])
def test_what_nothing_took_over_is_taken_away_after_the_apply(files: Files, engine: FakeEngine, change: bool) -> None:
    engine.plugins["acme"] = "embedded"
    apply(engine, files.task())
    (urn,) = engine.stacks_[TWO].resources
    gone = f"{urn.rpartition('::')[0]}::gone"
    component = engine.stacks_[TWO].parents[urn]
    engine.stacks_[TWO] = replace(
        engine.stacks_[TWO],
        pending=(("creating", gone), ("updating", urn)),
        parents={**engine.stacks_[TWO].parents, gone: component},
        ids={urn: "db-1"},
    )
    if change:
        files.write(("storage_gb: 100", "storage_gb: 200"))
    runtime, watcher = FakeRuntime(), Watcher()
    engine.done.clear()
    up.up(asked_services(engine, runtime), files.task(), watcher, Answer())
    # The fake's applies give no ids.
    assert runtime.cleared == [(("acme-shared-primitives/prod::db::gone",), frozenset())], "what is recorded stays"
    assert watcher.messages[-1] == (
        "acme-shared-primitives/prod: container gone was left by a run that was killed; removed"
    )
    assert [call for call in engine.done if call[0] != "preview"] == [("up", TWO), ("clear_pending", TWO)]

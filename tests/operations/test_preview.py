"""Planning all tiers in one run, over an engine in memory."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from platform_pulumi.errors import ConstraintError, EngineError, InputError, PlatformError, RefusedError
from platform_pulumi.model.capabilities import CAPABILITY_TYPES
from platform_pulumi.model.context import StackName
from platform_pulumi.model.contract import CONTRACT_OUTPUT, ProviderRecord
from platform_pulumi.model.plan import Action, Plan
from platform_pulumi.model.tier import Tier
from platform_pulumi.model.value import OutputValue
from platform_pulumi.operations import preview, up
from platform_pulumi.operations.ports import Diagnostic, StackSnapshot, StateOutput
from platform_pulumi.operations.task import Task
from tests.operations.fakes import (
    CONTEXT,
    DEFINITIONS,
    ONE,
    PLATFORM,
    THREE,
    TWO,
    Answer,
    FakeEngine,
    Files,
    Watcher,
    definition,
    services,
)

#: The application's file alone, as its team has it in a repository of its own.
APPLICATION = PLATFORM[: PLATFORM.index("    infrastructure:")] + PLATFORM[PLATFORM.index("    application:") :]


def planned(engine: FakeEngine, task: Task, **options: Any) -> Plan:
    return preview.preview(services(engine, **options), task, Watcher())


def applied(engine: FakeEngine, task: Task, **options: Any) -> None:
    up.up(services(engine, **options), task, Watcher(), Answer())
    engine.done.clear()


def changes(plan: Plan) -> dict[str, list[tuple[str, str]]]:
    return {
        t.tier.label: [(a.capability, a.action.value) for a in t.actions if a.action is not Action.NO_OP]
        for t in plan.tiers
    }


def test_nothing_exists_and_all_tiers_are_planned(files: Files, engine: FakeEngine) -> None:
    plan = planned(engine, files.task())
    assert changes(plan) == {
        "infrastructure": [("vpc", "create")],
        "shared_primitives": [("db", "create")],
        "application": [("api", "create")],
    }
    assert (plan.context, plan.created_at, plan.simulated) == ("acme/prod/default", "2026-11-22T10:00:00.000Z", False)
    assert plan.providers == (ProviderRecord("acme", "1.0", "official"),)
    assert [t.digest[:7] for t in plan.tiers] == ["sha256:"] * 3
    assert plan.tiers[2].base["upperDigests"] == {
        "infrastructure": plan.tiers[0].digest,
        "shared_primitives": plan.tiers[1].digest,
    }


def test_a_plan_touches_nothing(files: Files, engine: FakeEngine) -> None:
    planned(engine, files.task())
    assert engine.done == [("preview", ONE), ("preview", TWO), ("preview", THREE)]
    assert engine.expected == [ONE, TWO, THREE]
    assert engine.stacks_ == {}


def test_each_tier_sees_the_planned_outputs_of_those_above(files: Files, engine: FakeEngine) -> None:
    plan = planned(engine, files.task())
    first, second, third = plan.tiers
    assert [a.waits_for for a in first.actions] == [()]
    assert [a.waits_for for a in second.actions] == [("infrastructure.vpc.id",)]
    assert first.outputs["vpc:id"].unknown
    assert second.outputs["db_host"].unknown
    assert second.outputs["db_host"].type == "string"
    assert third.capabilities[0].name == "api"


def test_what_exists_and_did_not_change_is_planned_as_such(files: Files, engine: FakeEngine) -> None:
    applied(engine, files.task())
    plan = planned(engine, files.task())
    assert not plan.changes
    assert {o.change for t in plan.tiers for o in t.outputs.values()} == {"same"}


def test_a_change_above_is_what_the_tiers_below_are_planned_against(files: Files, engine: FakeEngine) -> None:
    applied(engine, files.task())
    files.write(("10.0.0.0/16", "10.1.0.0/16"))
    plan = planned(engine, files.task())
    assert changes(plan) == {
        "infrastructure": [("vpc", "replace")],
        "shared_primitives": [("db", "update")],
        "application": [("api", "update")],
    }
    assert plan.tiers[1].actions[0].waits_for == ("infrastructure.vpc.id",)
    assert plan.tiers[2].actions[0].waits_for == ("infrastructure.vpc.id",)
    assert plan.impact[0].changed == "infrastructure.vpc"


def test_a_loss_of_data_is_planned_and_named(files: Files, engine: FakeEngine) -> None:
    applied(engine, files.task())
    files.write(("engine: postgresql", "engine: mysql"), ('version: "15"', 'version: "8"'))
    assert planned(engine, files.task()).tiers[1].data_loss == ("db",)


def test_a_violated_constraint_opens_no_engine(files: Files, engine: FakeEngine) -> None:
    files.write(("memory: 1Gi", "memory: 8Gi"))
    opened: list[bool] = []
    with pytest.raises(ConstraintError):
        planned(engine, files.task(), opened=lambda platform, request, simulated: opened.append(simulated))
    assert opened == []


def test_a_tier_that_cannot_be_planned_stops_with_its_words(files: Files, engine: FakeEngine) -> None:
    class Refusing(FakeEngine):
        def preview(self, run: Any, observer: Any) -> Any:
            result = super().preview(run, observer)
            if run.tier is not Tier.SHARED_PRIMITIVES:
                return result
            urn = next(u for u, s in result.steps.items() if s.custom)
            words = (
                Diagnostic("error", "no such engine version", urn),
                Diagnostic("error", "no such engine version", urn),
                Diagnostic("error", "update failed"),
                Diagnostic("warning", "careful", urn),
            )
            return replace(result, failed=True, diagnostics=words)

    refusing = Refusing()
    with pytest.raises(EngineError, match="shared_primitives could not be planned") as error:
        planned(refusing, files.task())
    (problem,) = error.value.problems
    assert problem.detail == "db: db: no such engine version"
    assert problem.position is not None
    assert problem.position.line == 20
    assert ("preview", THREE) not in refusing.done


@pytest.fixture
def team(tmp_path: Path) -> Files:
    """The application team's file, without the tiers above."""
    return Files(tmp_path / "application.yaml").write(text=APPLICATION)


def test_an_application_alone_meets_what_the_stacks_above_say(files: Files, team: Files, engine: FakeEngine) -> None:
    applied(engine, files.task(tier=Tier.INFRASTRUCTURE))
    applied(engine, files.task(tier=Tier.SHARED_PRIMITIVES))
    plan = planned(engine, team.task())
    assert changes(plan) == {"application": [("api", "create")]}
    assert plan.tiers[0].actions[0].after is not None
    assert plan.tiers[0].actions[0].after["env"] == {"DB_HOST": "host of db"}
    assert plan.constraints_checked == 1
    team.write(("memory: 1Gi", "memory: 8Gi"), text=APPLICATION)
    with pytest.raises(ConstraintError) as error:
        planned(engine, team.task())
    assert "4Gi" in str(error.value.problems)
    team.write(("tier2.db_host", "tier2.db_hots"), text=APPLICATION)
    with pytest.raises(InputError):
        planned(engine, team.task())


def stop(engine: FakeEngine, task: Task, kind: type[PlatformError], summary: str) -> PlatformError:
    before = dict(engine.stacks_)
    with pytest.raises(kind, match=summary) as error:
        planned(engine, task)
    assert engine.done == []
    assert engine.stacks_ == before
    return error.value


def test_an_upper_stack_that_is_missing_stops_the_run(files: Files, team: Files, engine: FakeEngine) -> None:
    applied(engine, files.task(tier=Tier.INFRASTRUCTURE))
    error = stop(engine, team.task(), EngineError, "An upper stack is missing")
    assert str(TWO) in error.detail


def test_an_upper_stack_that_cannot_be_read_stops_the_run(files: Files, team: Files, engine: FakeEngine) -> None:
    applied(engine, files.task())
    engine.unreadable.add(ONE)
    stop(engine, team.task(), EngineError, "A stack cannot be read")


def test_an_upper_stack_without_contract_stops_the_run(files: Files, team: Files, engine: FakeEngine) -> None:
    applied(engine, files.task())
    whole = engine.stacks_[ONE]
    engine.stacks_[ONE] = replace(whole, outputs={n: o for n, o in whole.outputs.items() if n != CONTRACT_OUTPUT})
    stop(engine, team.task(), EngineError, "An upper stack has no contract")
    engine.stacks_[ONE] = replace(whole, outputs={**whole.outputs, CONTRACT_OUTPUT: StateOutput("{}")})
    stop(engine, team.task(), EngineError, "A stack's contract cannot be read")


def test_another_provider_on_the_same_stacks_is_refused(files: Files, engine: FakeEngine) -> None:
    applied(engine, files.task())
    files.write(("name: acme", "name: rival"))
    error = stop(engine, files.task(), RefusedError, "The stack runs on another provider")
    assert "acme (official)" in error.detail
    assert "rival (official)" in error.detail


def test_another_plugin_mode_on_the_same_stacks_is_refused(files: Files, engine: FakeEngine) -> None:
    applied(engine, files.task())
    error = stop(engine, files.task(simulate=True), RefusedError, "The stack runs on another provider")
    assert "acme (simulated)" in error.detail


def test_a_provider_by_flag_has_a_context_of_its_own(files: Files, engine: FakeEngine) -> None:
    applied(engine, files.task())
    plan = planned(engine, files.task(provider="rival"))
    assert plan.context == "acme/prod_rival/default"
    assert {stack for _, stack in engine.done} == {
        StackName("acme-infrastructure", "prod_rival"),
        StackName("acme-shared-primitives", "prod_rival"),
        StackName("acme-application", "prod_rival.default"),
    }
    assert all(a.action is Action.CREATE for t in plan.tiers for a in t.actions)


def test_a_provider_without_a_real_side_is_simulated_unasked(files: Files, engine: FakeEngine) -> None:
    plan = planned(engine, files.task(provider="pretend"))
    assert plan.simulated
    assert plan.providers == (ProviderRecord("pretend", "1.0", "simulated"),)


ROUTED = """    - name: pretend
      capabilities: [database]
    - name: acme
"""


def test_simulated_and_real_providers_do_not_mix(files: Files, engine: FakeEngine) -> None:
    files.write(("    name: acme\n", ROUTED))
    with pytest.raises(InputError, match="Simulated and real providers are mixed") as error:
        planned(engine, files.task())
    assert error.value.detail.startswith("pretend is simulated and acme is real")
    assert planned(engine, files.task(simulate=True)).simulated


def test_faults_are_for_simulated_runs(files: Files, engine: FakeEngine, tmp_path: Path) -> None:
    (tmp_path / "faults.yaml").touch()
    with pytest.raises(InputError, match="Faults without simulation"):
        planned(engine, files.task(simulate_config=tmp_path / "faults.yaml"))


def test_only_what_is_asked_for_is_planned(files: Files, engine: FakeEngine) -> None:
    assert list(changes(planned(engine, files.task(tier=Tier.INFRASTRUCTURE)))) == ["infrastructure"]
    with pytest.raises(InputError, match="Unknown application") as error:
        planned(engine, files.task(application="shop"))
    assert error.value.detail == "No file declares the application 'shop'; declared: default."
    files.write(text=PLATFORM[: PLATFORM.index("    shared_primitives:")])
    with pytest.raises(InputError, match="Nothing to work on") as error:
        planned(engine, files.task(tier=Tier.APPLICATION))
    assert "application" in error.value.detail


def test_a_capability_that_no_longer_stands_in_the_file_is_planned_to_go(files: Files, engine: FakeEngine) -> None:
    applied(engine, files.task())
    start, end = PLATFORM.index("        - name: db\n"), PLATFORM.index("    application:")
    text = PLATFORM.replace(
        PLATFORM[start:end], "        - {name: cache, type: message_queue, properties: {engine: sqs}}\n"
    )
    files.write(('            env:\n              DB_HOST: "${tier2.db_host}"\n', ""), text=text)
    plan = planned(engine, files.task())
    assert changes(plan)["shared_primitives"] == [("cache", "create"), ("db", "delete")]
    assert plan.tiers[1].data_loss == ("db",)
    assert plan.tiers[1].outputs["db_host"].change == "removed"


def test_definitions_of_the_tests_cover_every_type() -> None:
    assert all(set(d.bindings) == set(CAPABILITY_TYPES) for d in DEFINITIONS.values())


#: The application reads a secret of the tier above beside what it has.
SECRET = (
    '              DB_HOST: "${tier2.db_host}"\n',
    '              DB_HOST: "${tier2.db_host}"\n              DB_URL: "${tier2.db_url}"\n',
)
SECRET_OUTPUT = (
    "        - name: db_host\n",
    "        - name: db_url\n          source: db.connection_string\n          type: string\n        - name: db_host\n",
)


def proven(engine: FakeEngine, task: Task, **options: Any) -> Plan:
    """Apply and plan, so that all of it is proven; give the plan that was run."""
    applied(engine, task, **options)
    plan = planned(engine, task, **options)
    assert not plan.changes
    engine.done.clear()
    engine.previews.clear()
    engine.expected.clear()
    return plan


def runs(engine: FakeEngine) -> list[StackName]:
    return [stack for verb, stack in engine.done if verb == "preview"]


def test_what_is_proven_unchanged_is_not_run_and_planned_the_same(files: Files, engine: FakeEngine) -> None:
    first = proven(engine, files.write(SECRET, SECRET_OUTPUT).task())
    again = planned(engine, files.task())
    assert (engine.done, engine.expected) == ([], [])
    assert [t.skipped for t in first.tiers] == [False] * 3
    assert [t.skipped for t in again.tiers] == [True] * 3
    assert [t.digest for t in again.tiers] == [t.digest for t in first.tiers]
    for one, other in zip(first.tiers, again.tiers, strict=True):
        assert [(a.urn, a.action, a.resource_type, a.declared_at) for a in one.actions] == [
            (a.urn, a.action, a.resource_type, a.declared_at) for a in other.actions
        ]
        assert (one.outputs, one.base, one.data_loss) == (other.outputs, other.base, other.data_loss)
        assert (one.capabilities, one.contract_changes) == (other.capabilities, other.contract_changes)
    assert (again.fidelity, again.impact, again.constraints_checked) == (
        first.fidelity,
        first.impact,
        first.constraints_checked,
    )


def test_a_change_below_runs_that_tier_alone_with_the_secrets_of_those_above(files: Files, engine: FakeEngine) -> None:
    first = proven(engine, files.write(SECRET, SECRET_OUTPUT).task())
    files.write(SECRET, SECRET_OUTPUT, ("memory: 1Gi", "memory: 2Gi"))
    plan = planned(engine, files.task())
    assert runs(engine) == [THREE] == engine.expected
    assert [t.skipped for t in plan.tiers] == [True, True, False]
    assert changes(plan) == {"infrastructure": [], "shared_primitives": [], "application": [("api", "update")]}
    assert plan.tiers[2].base["upperDigests"] == {
        "infrastructure": first.tiers[0].digest,
        "shared_primitives": first.tiers[1].digest,
    }
    values = engine.previews[0].upstream[Tier.SHARED_PRIMITIVES].values
    assert values["db_url"] == OutputValue("string", "secret connection_string of db", secret=True)
    assert values["db_host"] == OutputValue("string", "host of db")
    assert "secret connection_string of db" not in repr(plan)


def test_secrets_are_revealed_only_for_a_program_that_runs(files: Files) -> None:
    class Counting(FakeEngine):
        revealed: int = 0

        def snapshot(self, stack: StackName, *, reveal: bool = False) -> Any:
            self.revealed += reveal
            return super().snapshot(stack, reveal=reveal)

    engine = Counting()
    proven(engine, files.write(SECRET, SECRET_OUTPUT).task())
    engine.revealed = 0
    planned(engine, files.task())
    assert engine.revealed == 0
    files.write(SECRET, SECRET_OUTPUT, ("memory: 1Gi", "memory: 2Gi"))
    planned(engine, files.task())
    assert engine.revealed == 1, "of tier 2, which is the only one that has any"


@pytest.mark.parametrize(
    ("change", "ran"),
    [
        (("10.0.0.0/16", "10.1.0.0/16"), [ONE, TWO, THREE]),
        (("value: 4Gi", "value: 3Gi"), [ONE, TWO, THREE]),
        (("storage_gb: 100", "storage_gb: 200"), [TWO, THREE]),
        (("memory: 1Gi", "memory: 2Gi"), [THREE]),
    ],
)
def test_from_the_first_tier_that_changed_on_all_are_run(
    files: Files, engine: FakeEngine, change: tuple[str, str], ran: list[StackName]
) -> None:
    proven(engine, files.task())
    plan = planned(engine, files.write(change).task())
    assert runs(engine) == ran
    assert [t.skipped for t in plan.tiers] == [stack not in ran for stack in (ONE, TWO, THREE)]


def test_a_state_that_changed_proves_nothing_any_more(files: Files, engine: FakeEngine) -> None:
    proven(engine, files.task())
    engine.stacks_[TWO] = replace(engine.stacks_[TWO], updated_at="another")
    planned(engine, files.task())
    assert runs(engine) == [TWO, THREE]


def test_a_preview_with_changes_proves_nothing_of_what_changes_or_stands_below(
    files: Files, engine: FakeEngine
) -> None:
    planned(engine, files.task())
    assert engine.noops == {}
    applied(engine, files.task())
    engine.noops.clear()
    files.write(("storage_gb: 100", "storage_gb: 200"))
    planned(engine, files.task())
    assert list(engine.noops) == [ONE]


def test_an_output_that_only_passes_on_is_a_change(files: Files, engine: FakeEngine) -> None:
    applied(engine, files.task())
    engine.noops.clear()
    stale = engine.stacks_[TWO]
    engine.stacks_[TWO] = replace(stale, outputs={**stale.outputs, "db_host": StateOutput("an older host")})
    assert not planned(engine, files.task()).tiers[1].changes
    assert list(engine.noops) == [ONE]


def test_what_reads_files_is_run_always_and_all_below_it(files: Files, engine: FakeEngine) -> None:
    reading = {**DEFINITIONS, "acme": definition("acme", reads_files=True)}
    proven(engine, files.task(), definitions=reading)
    assert set(engine.noops) == {ONE, TWO, THREE}
    plan = planned(engine, files.task(), definitions=reading)
    assert runs(engine) == [ONE, TWO, THREE]
    assert [t.skipped for t in plan.tiers] == [False] * 3


def test_a_stack_without_contract_is_run(files: Files, engine: FakeEngine) -> None:
    task = files.task(tier=Tier.INFRASTRUCTURE)
    applied(engine, task)
    planned(engine, task)
    whole = engine.stacks_[ONE]
    engine.stacks_[ONE] = replace(whole, outputs={n: o for n, o in whole.outputs.items() if n != CONTRACT_OUTPUT})
    engine.remember_noop(engine.previews[-1])
    assert not planned(engine, task).tiers[0].skipped


def test_the_plugins_of_a_run_are_chosen_by_what_its_stacks_were_applied_with(files: Files, engine: FakeEngine) -> None:
    planned(engine, files.task())
    assert engine.recorded == {}
    engine.plugins["acme"] = "embedded"
    applied(engine, files.task())
    plan = planned(engine, files.task())
    assert engine.recorded == {"acme": "embedded"}
    assert plan.providers == (ProviderRecord("acme", "1.0", "embedded"),)


def test_an_application_alone_is_served_as_the_tiers_above_it(files: Files, team: Files, engine: FakeEngine) -> None:
    engine.plugins["acme"] = "embedded"
    applied(engine, files.task(tier=Tier.INFRASTRUCTURE))
    applied(engine, files.task(tier=Tier.SHARED_PRIMITIVES))
    engine.recorded = {}
    planned(engine, team.task())
    assert engine.recorded == {"acme": "embedded"}


def test_a_stack_moves_between_our_plugin_and_the_published_one_with_an_empty_plan(
    files: Files, engine: FakeEngine
) -> None:
    engine.plugins["acme"] = "embedded"
    applied(engine, files.task())
    engine.plugins["acme"] = "official"
    plan = planned(engine, files.task())
    assert plan.providers == (ProviderRecord("acme", "1.0", "official"),)
    assert not plan.changes
    assert [t.contract_changes for t in plan.tiers] == [False] * 3
    applied(engine, files.task())
    assert engine.recorded == {"acme": "embedded"}, "what nobody had to apply is recorded as it was"


def test_another_version_of_a_provider_is_told_to_the_tiers_below(files: Files, engine: FakeEngine) -> None:
    applied(engine, files.task())
    newer = replace(services(engine), record=lambda d, plugin: ProviderRecord(d.name, "2.0", plugin))
    plan = preview.preview(newer, files.task(), Watcher())
    assert [t.contract_changes for t in plan.tiers] == [True] * 3


def recorded(engine: FakeEngine, stack: StackName) -> dict[str, Any]:
    """The contract that a stack carries."""
    document: dict[str, Any] = json.loads(engine.stacks_[stack].outputs[CONTRACT_OUTPUT].value)
    return document


def record(engine: FakeEngine, stack: StackName, document: dict[str, Any]) -> None:
    snapshot = engine.stacks_[stack]
    outputs = {**snapshot.outputs, CONTRACT_OUTPUT: StateOutput(json.dumps(document))}
    engine.stacks_[stack] = replace(snapshot, outputs=outputs)


def test_an_apply_records_what_its_capabilities_use(files: Files, engine: FakeEngine) -> None:
    applied(engine, files.task())
    network = {"tier": "infrastructure", "capability": "vpc", "hard": True}
    assert recorded(engine, TWO)["uses"] == [{"consumer": "db", "need": "network", **network}]
    assert {**network, "consumer": "api", "need": "network"} in recorded(engine, THREE)["uses"]


def test_an_application_alone_records_what_it_uses_above(files: Files, engine: FakeEngine) -> None:
    applied(engine, files.task())
    together = recorded(engine, THREE)["uses"]
    files.write(text=APPLICATION)
    applied(engine, files.task())
    assert recorded(engine, THREE)["uses"] == together


def test_a_stack_of_a_version_that_recorded_no_uses_is_no_change(files: Files, engine: FakeEngine) -> None:
    applied(engine, files.task())
    for stack in (ONE, TWO, THREE):
        record(engine, stack, {name: value for name, value in recorded(engine, stack).items() if name != "uses"})
    assert not planned(engine, files.task()).changes


def test_another_use_is_a_change_of_the_contract_once_uses_are_recorded(files: Files, engine: FakeEngine) -> None:
    applied(engine, files.task())
    record(engine, THREE, {**recorded(engine, THREE), "uses": []})
    plan = planned(engine, files.task())
    assert [tier.contract_changes for tier in plan.tiers] == [False, False, True]


#: A team's application, in a file of its own.
BLOG = APPLICATION.replace("provider:", "application: blog\n  provider:", 1)


@dataclass
class Reading(FakeEngine):
    """An engine that remembers which states it was asked for."""

    read: list[StackName] = field(default_factory=list)

    def snapshot(self, stack: StackName, *, reveal: bool = False) -> StackSnapshot | None:
        self.read.append(stack)
        return super().snapshot(stack, reveal=reveal)


def reached(plan: Plan) -> dict[str, list[tuple[str | None, str]]]:
    """What changes to the (application, capability) it reaches."""
    return {found.changed: [(one.application, one.capability) for one in found.affected] for found in plan.impact}


def test_consumers_in_other_files_are_reached_by_what_their_stacks_recorded(files: Files, engine: FakeEngine) -> None:
    applied(engine, files.task())
    applied(engine, files.write(text=BLOG).task())
    upper = PLATFORM[: PLATFORM.index("    application:")]
    plan = planned(
        engine, files.write(("name: db\n", "name: shop-db\n"), ("db.host", "shop-db.host"), text=upper).task()
    )
    assert reached(plan) == {"shared_primitives.db.host": [("blog", "api"), ("default", "api")]}
    assert {found.action for found in plan.impact} == {Action.DELETE}


def test_consumers_of_a_tier_that_is_planned_alone_are_reached(files: Files, engine: FakeEngine) -> None:
    applied(engine, files.task())
    files.write(("name: vpc", "name: net"))
    plan = planned(engine, files.task(tier=Tier.INFRASTRUCTURE))
    assert reached(plan) == {"infrastructure.vpc": [(None, "db"), ("default", "api")]}


def test_states_below_are_read_only_where_a_tier_above_changes(files: Files) -> None:
    """Where the tiers above are in a file of their own; who removed an application is told of it (test_removed)."""
    engine = Reading()
    upper = PLATFORM[: PLATFORM.index("    application:")]
    for text in (upper, APPLICATION, BLOG):
        applied(engine, files.write(text=text).task())
    blog = CONTEXT.stack(Tier.APPLICATION, "blog")
    engine.read.clear()
    assert not planned(engine, files.write(text=upper).task()).changes
    assert not {blog, THREE} & set(engine.read)
    planned(engine, files.write(("storage_gb: 100", "storage_gb: 200"), text=upper).task())
    assert {blog, THREE} <= set(engine.read)


def test_a_stack_that_was_never_applied_to_its_end_recorded_nothing(files: Files, engine: FakeEngine) -> None:
    applied(engine, files.task())
    engine.failing.add("api")
    with pytest.raises(PlatformError):
        applied(engine, files.write(text=BLOG).task())
    plan = planned(engine, files.write(("storage_gb: 100", "storage_gb: 200")).task(tier=Tier.SHARED_PRIMITIVES))
    assert reached(plan) == {"shared_primitives.db": [("default", "api")]}


def test_a_state_below_that_cannot_be_read_is_never_nothing(files: Files, engine: FakeEngine) -> None:
    applied(engine, files.task())
    engine.unreadable.add(THREE)
    with pytest.raises(EngineError, match="cannot be read"):
        planned(engine, files.write(("storage_gb: 100", "storage_gb: 200")).task(tier=Tier.SHARED_PRIMITIVES))


def test_a_simulated_run_is_given_settings_that_are_no_text(files: Files, engine: FakeEngine) -> None:
    settings = '{region: ["a", 5, true, 1.5, {zones: [b, "$${c}"], none: null}]}'
    files.write(("    name: acme\n", f"    name: acme\n    config: {settings}\n"))
    planned(engine, files.task(simulate=True))
    given = {"region": ["a", 5, True, 1.5, {"zones": ["b", "${c}"], "none": None}]}
    assert [dict(run.providers["acme"].config) for run in engine.previews] == [given] * 3


def test_what_changes_of_a_declaration_is_told_whether_or_not_a_resource_does(files: Files, engine: FakeEngine) -> None:
    first = planned(engine, files.task())
    assert [(c.name, c.new, c.diff) for t in first.tiers for c in t.capabilities] == [
        ("vpc", True, ()),
        ("db", True, ()),
        ("api", True, ()),
    ]
    applied(engine, files.task())
    same = planned(engine, files.task())
    assert [(c.new, c.diff) for t in same.tiers for c in t.capabilities] == [(False, ())] * 3
    files.write(("storage_gb: 100", "storage_gb: 200"), ("DB_HOST: ", "DB_NAME: "))
    changed = planned(engine, files.task())
    found = {c.name: {d.path: (d.old, d.new) for d in c.diff} for t in changed.tiers for c in t.capabilities}
    reference = {"reference": "shared_primitives.db_host"}
    assert found["vpc"] == {}
    assert found["db"] == {"storage_gb": (100, 200)}
    assert found["api"] == {"env.DB_HOST": (reference, None), "env.DB_NAME": (None, reference)}
    assert [t.contract_changes for t in changed.tiers] == [False] * 3, "the tiers below are told the same as before"


def test_a_stack_of_a_version_that_kept_no_record_shows_every_declaration_as_new(
    files: Files, engine: FakeEngine
) -> None:
    applied(engine, files.task())
    for snapshot in engine.stacks_.values():
        output = snapshot.outputs[CONTRACT_OUTPUT]
        contract = {name: value for name, value in json.loads(output.value).items() if name != "declared"}
        snapshot.outputs[CONTRACT_OUTPUT] = replace(output, value=json.dumps(contract))  # type: ignore[index]  # a dict, here
    plan = planned(engine, files.task())
    assert [c.new for t in plan.tiers for c in t.capabilities] == [True] * 3
    assert [t.contract_changes for t in plan.tiers] == [False] * 3

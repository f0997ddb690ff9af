"""What is said of capabilities: from the stacks, from the providers that can be asked, and from neither."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from platform_pulumi.errors import EngineError, Position
from platform_pulumi.model.status import CapabilityStatus, Health, LiveState, ResourceState, StatusReport
from platform_pulumi.model.tier import Tier
from platform_pulumi.operations import status, up
from platform_pulumi.operations.ports import Lock, StateOutput
from tests.operations.fake_runtime import FakeRuntime, asked_services, hold
from tests.operations.fakes import ONE, PLATFORM, THREE, TWO, Answer, FakeEngine, Files, Watcher, services


@pytest.fixture
def runtime() -> FakeRuntime:
    return FakeRuntime()


@pytest.fixture
def applied(files: Files, engine: FakeEngine) -> FakeEngine:
    """All applied, the service with two replicas and a gateway."""
    files.write(("memory: 1Gi", "replicas: 2\n            memory: 1Gi"))
    up.up(services(engine), files.task(), Watcher(), Answer())
    hold(engine, THREE, "api", "api-gateway", "api-10", "api-2")
    return engine


def ask(engine: FakeEngine, runtime: FakeRuntime, files: Files, **options: Any) -> StatusReport:
    return status.status(asked_services(engine, runtime), files.task(**options))


def one(report: StatusReport, name: str) -> CapabilityStatus:
    return next(c for tier in report.tiers for c in tier.capabilities if c.capability == name)


def test_nothing_applied_is_pending_and_nobody_is_asked(files: Files, engine: FakeEngine, runtime: FakeRuntime) -> None:
    report = ask(engine, runtime, files)
    found = [(c.capability, c.state, c.health, c.detail) for tier in report.tiers for c in tier.capabilities]
    assert found == [(n, ResourceState.PENDING, Health.UNKNOWN, "not applied yet") for n in ("vpc", "db", "api")]
    assert [tier.last_sync for tier in report.tiers] == [None] * 3
    assert not report.all_active
    assert not report.notes
    assert runtime.made == []


def test_all_is_well(files: Files, applied: FakeEngine, runtime: FakeRuntime) -> None:
    report = ask(applied, runtime, files)
    assert report.all_active
    assert not report.notes
    assert (report.context, report.simulated, report.last_sync) == (
        "acme/prod/default", False, "2026-11-22T10:00:00Z",
    )  # fmt: skip
    api = one(report, "api")
    assert (api.state, api.health, api.replicas, api.restarts, api.detail) == (
        ResourceState.ACTIVE, Health.HEALTHY, (2, 2), 0, "",
    )  # fmt: skip
    assert api.declared_at == Position(str(files.path), 32, 11)
    assert api.endpoint == "endpoint of api"
    assert [resource.name for resource in api.resources] == ["api-2", "api-10", "api-gateway"]
    assert one(report, "vpc").replicas is None


def test_the_provider_is_asked_once_by_its_ids(files: Files, applied: FakeEngine, runtime: FakeRuntime) -> None:
    ask(applied, runtime, files, tier=Tier.APPLICATION)
    assert len(runtime.made) == 1
    assert runtime.inspected == ["id-api-2", "id-api-10", "id-api-gateway"]


def test_a_dead_replica_degrades(files: Files, applied: FakeEngine, runtime: FakeRuntime) -> None:
    runtime.states["api-2"] = LiveState(ResourceState.FAILED, Health.UNHEALTHY, 4, "exited with code 137")
    report = ask(applied, runtime, files)
    api = one(report, "api")
    assert (api.state, api.health, api.replicas, api.restarts) == (
        ResourceState.DEGRADED, Health.UNHEALTHY, (1, 2), 4,
    )  # fmt: skip
    assert api.detail == "api-2: exited with code 137"
    assert not report.all_active


def test_more_replicas_than_the_file_says_are_told(files: Files, applied: FakeEngine, runtime: FakeRuntime) -> None:
    files.write()
    assert one(ask(applied, runtime, files), "api").detail == "2 were applied, and the file says replicas: 1"


def test_the_published_address_goes_before_the_inner_one(
    files: Files, applied: FakeEngine, runtime: FakeRuntime
) -> None:
    outputs = {**applied.stacks_[TWO].outputs, "db:published_endpoint": StateOutput("127.0.0.1:5432")}
    applied.stacks_[TWO] = replace(applied.stacks_[TWO], outputs=outputs)
    assert one(ask(applied, runtime, files), "db").endpoint == "127.0.0.1:5432"
    outputs["db:published_endpoint"] = StateOutput("")
    assert one(ask(applied, runtime, files), "db").endpoint == "endpoint of db"
    outputs["db:endpoint"] = StateOutput(None, secret=True)
    assert one(ask(applied, runtime, files), "db").endpoint == ""


def test_a_provider_that_cannot_be_asked_is_named(files: Files, applied: FakeEngine) -> None:
    report = status.status(services(applied), files.task())
    assert report.notes == ("not asked: acme answers what its state says",)
    assert {c.state for tier in report.tiers for c in tier.capabilities} == {ResourceState.ACTIVE}
    assert {c.health for tier in report.tiers for c in tier.capabilities} == {Health.UNKNOWN}
    assert one(report, "api").replicas is None


def test_a_simulated_run_asks_nobody(files: Files, applied: FakeEngine, runtime: FakeRuntime) -> None:
    report = ask(applied, runtime, files, simulate=True)
    assert report.simulated
    assert report.notes == ("not asked: simulated acme answers what its state says",)
    assert runtime.made == []


@pytest.mark.parametrize(
    ("kind", "state", "word"),
    [
        ("creating", ResourceState.CREATING, "created"),
        ("updating", ResourceState.UPDATING, "changed"),
        ("deleting", ResourceState.DELETING, "deleted"),
    ],
)
def test_what_a_killed_run_left(
    kind: str, state: ResourceState, word: str, files: Files, applied: FakeEngine, runtime: FakeRuntime
) -> None:
    stack = applied.stacks_[TWO]
    urn = next(iter(stack.resources))
    applied.stacks_[TWO] = replace(stack, pending=((kind, urn),))
    db = one(ask(applied, runtime, files), "db")
    assert (db.state, db.detail) == (state, f"a run was killed while it was {word}")
    applied.stacks_[TWO] = replace(stack, pending=((kind, urn),), lock=Lock("me@here (process 1)", "today", dead=False))
    report = ask(applied, runtime, files)
    assert (one(report, "db").state, one(report, "db").detail) == (state, "")
    assert report.tiers[1].lock == "me@here (process 1) works on it since today"


def test_a_create_that_was_under_way_counts_as_a_replica(
    files: Files, applied: FakeEngine, runtime: FakeRuntime
) -> None:
    stack = applied.stacks_[THREE]
    urn = next(iter(stack.resources))
    new = f"{urn.rpartition('::')[0]}::api-3"
    applied.stacks_[THREE] = replace(
        stack, pending=(("creating", new),), parents={**stack.parents, new: stack.parents[urn]}
    )
    api = one(ask(applied, runtime, files), "api")
    assert (api.state, api.replicas) == (ResourceState.CREATING, (2, 3))


def test_a_first_apply_that_did_not_finish_has_failed(
    files: Files, applied_engine: FakeEngine, runtime: FakeRuntime
) -> None:
    applied_engine.stacks_[TWO] = replace(applied_engine.stacks_[TWO], outputs={})
    db = one(ask(applied_engine, runtime, files), "db")
    assert (db.state, db.detail) == (ResourceState.FAILED, "its first apply did not finish: `platform up` goes on")


def test_a_stub_without_resources_is_active(files: Files, applied: FakeEngine, runtime: FakeRuntime) -> None:
    stack = applied.stacks_[ONE]
    component = next(iter(stack.parents.values()))
    applied.stacks_[ONE] = replace(stack, resources={}, parents={component: ""})
    vpc = one(ask(applied, runtime, files), "vpc")
    assert (vpc.state, vpc.health, vpc.detail) == (
        ResourceState.ACTIVE, Health.NONE, "has no resources of its own",
    )  # fmt: skip


def test_what_a_destroy_kept_of_it_does_not_make_it_be(files: Files, applied: FakeEngine, runtime: FakeRuntime) -> None:
    hold(applied, TWO, "db", "db-data")
    db = one(ask(applied, runtime, files), "db")
    assert (db.state, db.endpoint) == (ResourceState.DELETED, "")
    assert db.detail == "nothing of it runs; what holds data was retained: db-data"
    hold(applied, TWO, "db-data", "db-data", "db")
    assert one(ask(applied, runtime, files), "db").state is ResourceState.ACTIVE


def test_what_no_file_declares_any_more_is_shown(files: Files, applied: FakeEngine, runtime: FakeRuntime) -> None:
    files.write(text=PLATFORM.replace("- name: api\n", "- name: web\n"))
    report = ask(applied, runtime, files)
    api = one(report, "api")
    assert (api.type, api.provider, api.declared_at) == ("container_runtime", "acme", None)
    assert api.detail == "no longer declared: the next `up` deletes it"
    assert one(report, "web").state is ResourceState.PENDING


def test_a_provider_that_does_not_answer_stops_it_at_its_capability(
    files: Files, applied: FakeEngine, runtime: FakeRuntime
) -> None:
    runtime.error = EngineError("Docker does not answer", "Start it.")
    with pytest.raises(EngineError) as caught:
        ask(applied, runtime, files)
    [problem] = caught.value.problems
    assert problem.detail == "`vpc` is served by acme. Start it."
    assert problem.position == Position(str(files.path), 10, 11)
    assert problem.also == (Position(str(files.path), 6, 5),)


def test_the_states_own_time_is_told_in_utc(files: Files, applied: FakeEngine, runtime: FakeRuntime) -> None:
    applied.stacks_[ONE] = replace(applied.stacks_[ONE], updated_at="2026-11-22T11:30:00.123456789+01:00")
    assert ask(applied, runtime, files).tiers[0].last_sync == "2026-11-22T10:30:00Z"

"""Creates that a killed run left open with a published plugin: looked up first, taken over or planned again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from platform_pulumi.errors import EngineError, LockedError
from platform_pulumi.model.context import StackName
from platform_pulumi.operations import destroy, preview, up
from platform_pulumi.operations.ports import Lock
from platform_pulumi.sdk.runtime import PendingCreate
from tests.operations.fake_runtime import FakeRuntime, asked_services
from tests.operations.fakes import ONE, TWO, Answer, FakeEngine, Files, Watcher

BEGAN = "acme-shared-primitives/prod: db was being created when a run was killed: "
LONG = "0123456789abcdef" * 4


@pytest.fixture
def engine(applied_engine: FakeEngine) -> FakeEngine:
    return applied_engine


def leave(engine: FakeEngine, stack: StackName = TWO, *, recorded: bool = False, lock: Lock | None = None) -> str:
    """A stack as a killed run left it: its resource was being created, or being replaced where it is recorded."""
    found = engine.stacks_[stack]
    (urn,) = found.resources
    engine.stacks_[stack] = replace(
        found,
        resources=found.resources if recorded else {},
        protected=found.protected if recorded else frozenset(),
        pending=(("creating", urn),),
        ids={urn: "old"} if recorded else {},
        lock=lock,
    )
    return urn


def apply(engine: FakeEngine, files: Files, runtime: FakeRuntime, *forget: str) -> list[str]:
    """What is said while it is applied."""
    watcher = Watcher()
    task = files.task(forget_pending=frozenset(forget))
    up.up(asked_services(engine, runtime), task, watcher, Answer())
    return watcher.messages


@pytest.mark.parametrize(("found", "shown"), [("db-1", "db-1"), (LONG, LONG[:12])], ids=["short", "long"])
def test_what_is_there_is_taken_over_before_anything_is_planned(
    files: Files, engine: FakeEngine, found: str, shown: str
) -> None:
    urn = leave(engine)
    runtime = FakeRuntime(there={"db": [found]})
    assert apply(engine, files, runtime) == [f"{BEGAN}{shown} is there, and taken over"]
    (target,) = engine.adopted
    assert (target.stack, target.created, target.absent) == (TWO, {urn: found}, frozenset())
    assert engine.done[0] == ("adopt", TWO)
    assert [call for call in engine.done[1:] if call[0] != "preview"] == []
    pending = PendingCreate(urn, "acme:index:database", "acme-shared-primitives/prod::db::db")
    assert runtime.looked_up == [((pending,), frozenset())]
    assert runtime.cleared == []
    assert len(runtime.made) == 1, "the live side is opened once"


def test_what_is_not_there_is_planned_again(files: Files, engine: FakeEngine) -> None:
    urn = leave(engine)
    runtime = FakeRuntime(there={"db": []})
    assert apply(engine, files, runtime) == [
        "acme-shared-primitives/prod: container db was left by a run that was killed; removed",
        f"{BEGAN}it is not there, and planned again",
    ]
    assert runtime.cleared == [(("acme-shared-primitives/prod::db::db",), frozenset())], "what is half made goes"
    assert (engine.adopted[0].created, engine.adopted[0].absent) == ({}, frozenset({urn}))
    assert [call for call in engine.done if call[0] != "preview"][:2] == [("adopt", TWO), ("up", TWO)]


def test_half_a_replacement_is_removed_and_what_it_was_to_replace_stays(files: Files, engine: FakeEngine) -> None:
    urn = leave(engine, recorded=True)
    runtime = FakeRuntime(there={"db": ["new"]})
    assert apply(engine, files, runtime) == [
        "acme-shared-primitives/prod: container db was left by a run that was killed; removed",
        f"{BEGAN}what it was to replace is there, and it is planned again",
    ]
    assert runtime.cleared == [(("acme-shared-primitives/prod::db::db",), frozenset({"old"}))]
    assert runtime.looked_up == []
    assert engine.adopted[0].absent == {urn}


def test_several_of_it_stop_the_run_before_anything_is_taken_over(files: Files, engine: FakeEngine) -> None:
    dead = Lock("ann@laptop (process 7)", "2026-11-22T10:00:00Z", dead=True)
    leave(engine, ONE)
    urn = leave(engine, lock=dead)
    runtime = FakeRuntime(there={"vpc": ["vpc-1"], "db": ["db-1", "db-2"]})
    with pytest.raises(LockedError) as error:
        apply(engine, files, runtime)
    assert engine.done == []
    (problem,) = error.value.problems
    assert problem.detail == (
        f"db ({urn}) is there 2 times and recorded nowhere: db-1, db-2. After deleting all but one, run the command "
        "again; after deleting all of them: --forget-pending db"
    )


def test_what_is_forgotten_is_not_looked_up_and_planned_again(files: Files, engine: FakeEngine) -> None:
    urn = leave(engine)
    runtime = FakeRuntime(there={"db": ["db-1", "db-2"]})
    assert apply(engine, files, runtime, "db") == [f"{BEGAN}it is forgotten, and planned again"]
    assert (engine.adopted[0].absent, runtime.looked_up, runtime.cleared) == ({urn}, [], [])


def test_what_a_provider_cannot_tell_a_person_looks_up(files: Files, engine: FakeEngine) -> None:
    leave(engine)
    with pytest.raises(LockedError, match="A run was killed before it was finished"):
        apply(engine, files, FakeRuntime())
    assert engine.done == []


def test_a_failed_takeover_stops_the_run_and_says_whose_it_is(files: Files, engine: FakeEngine) -> None:
    leave(engine)
    engine.failing.add("db")
    with pytest.raises(EngineError, match="could not be taken over") as error:
        apply(engine, files, FakeRuntime(there={"db": ["db-1"]}))
    assert error.value.detail == "Nothing else of acme-shared-primitives/prod was touched; the next run tries again."
    assert [problem.detail for problem in error.value.problems] == ["db: db: cannot be read"]
    assert [verb for verb, _ in engine.done] == ["adopt"]


def test_a_provider_that_does_not_answer_stops_it(files: Files, engine: FakeEngine) -> None:
    leave(engine)
    with pytest.raises(EngineError, match="cannot be used"):
        apply(engine, files, FakeRuntime(error=EngineError("Acme does not answer", "")))
    assert engine.done == []


@pytest.mark.parametrize(
    ("there", "recorded", "words"),
    [
        (["db-1"], False, "db-1 is there, and taken over by `up`"),
        ([], False, "it is not there, and planned again by `up`"),
        (["db-1", "db-2"], False, "2 of it are there, and refused by `up`"),
        (["db-1"], True, "what it was to replace is there, and it is planned again by `up`"),
    ],
)
def test_a_preview_says_what_an_apply_would_do_and_does_nothing(
    files: Files, engine: FakeEngine, there: list[str], recorded: bool, words: str
) -> None:
    leave(engine, recorded=recorded)
    runtime, watcher = FakeRuntime(there={"db": there}), Watcher()
    preview.preview(asked_services(engine, runtime), files.task(), watcher)
    assert watcher.messages == [
        f"{BEGAN}{words}",
        "acme-shared-primitives/prod: a run was killed; refreshing the state",
    ]
    assert {verb for verb, _ in engine.done} == {"preview"}
    assert (runtime.cleared, engine.refreshed) == ([], [TWO])


def test_a_preview_of_what_nobody_can_tell_only_looks(files: Files, engine: FakeEngine) -> None:
    leave(engine)
    watcher = Watcher()
    preview.preview(asked_services(engine, FakeRuntime()), files.task(), watcher)
    assert watcher.messages == ["acme-shared-primitives/prod: a run was killed; refreshing the state"]


def test_a_preview_beside_a_run_that_goes_on_takes_nothing_for_lost(files: Files, engine: FakeEngine) -> None:
    leave(engine, lock=Lock("ann@laptop (process 7)", "2026-11-22T10:00:00Z", dead=False))
    runtime, watcher = FakeRuntime(there={"db": ["db-1"]}), Watcher()
    preview.preview(asked_services(engine, runtime), files.task(), watcher)
    assert watcher.messages == [
        "acme-shared-primitives/prod: ann@laptop (process 7) is at work on it since 2026-11-22T10:00:00Z; planned by "
        "what is recorded by now"
    ]
    assert (runtime.looked_up, engine.refreshed) == ([], [])


def test_what_was_taken_over_is_destroyed_with_the_rest(files: Files, engine: FakeEngine) -> None:
    urn = leave(engine)
    task = files.task(allow_data_loss=frozenset({"db"}))
    runtime, answer = FakeRuntime(there={"db": ["db-1"]}), Answer()
    destroy.destroy(asked_services(engine, runtime), task, Watcher(), answer)
    assert engine.done[0] == ("adopt", TWO)
    assert urn in {action.urn for tier in answer.shown[0].tiers for action in tier.actions}
    assert engine.stacks_ == {}


def test_of_a_simulated_provider_no_runtime_is_asked_and_nothing_is_taken_away(files: Files) -> None:
    engine = FakeEngine(plugins={"acme": "simulated"})
    runtime, task = FakeRuntime(there={"db": ["db-1"]}), files.task(simulate=True)
    up.up(asked_services(engine, runtime), task, Watcher(), Answer())
    leave(engine)
    engine.done.clear()
    with pytest.raises(LockedError):
        up.up(asked_services(engine, runtime), task, Watcher(), Answer())
    assert engine.done == []
    task = replace(task, forget_pending=frozenset({"db"}))
    up.up(asked_services(engine, runtime), task, Watcher(), Answer())
    assert ("clear_pending", TWO) in engine.done
    assert (runtime.looked_up, runtime.cleared, engine.refreshed) == ([], [], [TWO])

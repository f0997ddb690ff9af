"""Destroying in reverse, over an engine in memory: never what others stand on, never data unasked."""

from __future__ import annotations

from dataclasses import replace

import pytest

from platform_pulumi.errors import EngineError, LockedError, RefusedError
from platform_pulumi.model.applied import Applied, ApplyError, Retained
from platform_pulumi.model.context import StackName
from platform_pulumi.model.plan import Action
from platform_pulumi.model.plan.ranges import Range
from platform_pulumi.model.tier import Tier, TierKey
from platform_pulumi.operations import destroy, up
from platform_pulumi.operations.ports import DestroyTarget, Lock, StackSnapshot, StateOutput
from platform_pulumi.operations.task import Task
from tests.operations.fake_runtime import FakeRuntime, asked_services
from tests.operations.fakes import (
    CONTEXT,
    DEFINITIONS,
    ONE,
    THREE,
    TWO,
    Answer,
    FakeEngine,
    Files,
    Watcher,
    definition,
    services,
)

BLOG = CONTEXT.stack(Tier.APPLICATION, "blog")
ALLOWED = frozenset({"db"})


@pytest.fixture
def engine(applied_engine: FakeEngine) -> FakeEngine:
    return applied_engine


def end(engine: FakeEngine, task: Task, answer: Answer | None = None) -> Applied:
    return destroy.destroy(services(engine), task, Watcher(), answer or Answer())


def other(stack: StackName, *, empty: bool = False) -> StackSnapshot:
    urn = f"urn:pulumi:{stack.name}::{stack.project}::acme:index:Thing::x"
    return StackSnapshot(stack, {}, {} if empty else {urn: "acme:index:Thing"})


def test_tiers_go_in_reverse_order(files: Files, engine: FakeEngine) -> None:
    answer = Answer()
    applied = end(engine, files.task(allow_data_loss=ALLOWED), answer)
    assert engine.done == [("destroy", THREE), ("destroy", TWO), ("destroy", ONE)]
    assert engine.stacks_ == {}
    assert answer.asked == [Tier.SHARED_PRIMITIVES, Tier.INFRASTRUCTURE], "tier 3 applies by itself"
    assert [(t.tier, t.outcome.value, t.done, str(t.total)) for t in applied.tiers] == [
        (Tier.APPLICATION, "destroyed", 1, "1"),
        (Tier.SHARED_PRIMITIVES, "destroyed", 1, "1"),
        (Tier.INFRASTRUCTURE, "destroyed", 1, "1"),
    ]


def test_the_plan_names_every_delete_with_its_line(files: Files, engine: FakeEngine) -> None:
    answer = Answer()
    end(engine, files.task(allow_data_loss=ALLOWED), answer)
    (plan,) = answer.shown
    found = [(a.action, a.capability, a.loses_data, a.declared_at is not None) for t in plan.tiers for a in t.actions]
    assert found == [
        (Action.DELETE, "api", False, True),
        (Action.DELETE, "db", True, True),
        (Action.DELETE, "vpc", False, True),
    ]


def test_data_is_not_lost_unasked(files: Files, engine: FakeEngine) -> None:
    with pytest.raises(RefusedError, match="Data would be lost"):
        end(engine, files.task())
    assert engine.done == []
    end(engine, files.task(allow_data_loss=ALLOWED))
    assert [t.ignore_protect for t in engine.destroyed] == [False, True, False]


def test_a_tier_another_application_stands_on_stays(files: Files, engine: FakeEngine) -> None:
    engine.stacks_[BLOG] = other(BLOG)
    for tier in (None, Tier.SHARED_PRIMITIVES, Tier.INFRASTRUCTURE):
        with pytest.raises(RefusedError, match="The tier is in use") as error:
            end(engine, files.task(tier=tier, allow_data_loss=ALLOWED))
        assert str(BLOG) in error.value.detail
        assert "Nothing was touched" in error.value.detail
    assert engine.done == []
    end(engine, files.task(tier=Tier.APPLICATION))
    assert engine.done == [("destroy", THREE)]


def test_a_tier_with_its_own_lower_tier_still_there_stays(files: Files, engine: FakeEngine) -> None:
    with pytest.raises(RefusedError) as error:
        end(engine, files.task(tier=Tier.INFRASTRUCTURE))
    assert "used by acme-application/prod.default, acme-shared-primitives/prod" in _sorted(error.value.detail)
    with pytest.raises(RefusedError):
        end(engine, files.task(tier=Tier.SHARED_PRIMITIVES, allow_data_loss=ALLOWED))
    assert engine.done == []


def _sorted(detail: str) -> str:
    head, _, rest = detail.partition("used by ")
    listed, _, tail = rest.partition(". Destroy")
    return f"{head}used by {', '.join(sorted(listed.split(', ')))}. Destroy{tail}"


def test_stacks_of_other_environments_and_empty_ones_are_no_users(files: Files, engine: FakeEngine) -> None:
    for name in ("dev.default", "prod2.shop", "prod_rival.default", "production.default"):
        stack = StackName(THREE.project, name)
        engine.stacks_[stack] = other(stack)
    engine.stacks_[BLOG] = other(BLOG, empty=True)
    end(engine, files.task(allow_data_loss=ALLOWED))
    assert not {ONE, TWO, THREE} & set(engine.stacks_)


def test_a_stack_that_cannot_be_read_is_not_taken_for_no_user(files: Files, engine: FakeEngine) -> None:
    engine.unreadable.add(BLOG)
    with pytest.raises(EngineError, match="A stack cannot be read"):
        end(engine, files.task(allow_data_loss=ALLOWED))
    assert engine.done == []


def test_a_tier_that_fails_leaves_those_above_it(files: Files, engine: FakeEngine) -> None:
    engine.failing.add("db")
    with pytest.raises(ApplyError, match="shared_primitives failed after 0 of 1 resources") as error:
        end(engine, files.task(allow_data_loss=ALLOWED))
    assert [t.outcome.value for t in error.value.tiers] == ["destroyed", "failed", "untouched"]
    assert set(engine.stacks_) == {ONE, TWO}
    engine.failing.clear()
    end(engine, files.task(allow_data_loss=ALLOWED))
    assert engine.stacks_ == {}


def test_what_is_not_approved_and_all_above_it_stays(files: Files, engine: FakeEngine) -> None:
    with pytest.raises(RefusedError, match="Not approved") as error:
        end(engine, files.task(allow_data_loss=ALLOWED), Answer(no=frozenset({Tier.SHARED_PRIMITIVES})))
    assert "It was not destroyed, nor was anything above it." in error.value.detail
    assert set(engine.stacks_) == {ONE, TWO}


def test_another_provider_is_refused(files: Files, engine: FakeEngine) -> None:
    files.write(("name: acme", "name: rival"))
    with pytest.raises(RefusedError, match="The stack runs on another provider"):
        end(engine, files.task(allow_data_loss=ALLOWED))
    assert engine.done == []


def test_locks_and_pending_creates_stop_it_before_anything_is_shown(files: Files, engine: FakeEngine) -> None:
    whole = engine.stacks_[ONE]
    (urn,) = whole.resources
    for broken in (
        replace(whole, lock=Lock("ann@laptop (process 7)", "2026-11-22T10:00:00Z", dead=False)),
        replace(whole, pending=(("creating", urn),)),
    ):
        engine.stacks_[ONE] = broken
        answer = Answer()
        with pytest.raises(LockedError):
            end(engine, files.task(allow_data_loss=ALLOWED), answer)
        assert (engine.done, answer.shown) == ([], [])
    end(engine, files.task(allow_data_loss=ALLOWED, forget_pending=frozenset({"vpc"})))
    assert engine.stacks_ == {}


def test_a_half_applied_stack_without_contract_can_be_destroyed(files: Files, engine: FakeEngine) -> None:
    engine.stacks_[TWO] = replace(engine.stacks_[TWO], outputs={})
    end(engine, files.task(allow_data_loss=ALLOWED))
    assert engine.stacks_ == {}


def test_where_nothing_stands_nothing_is_done(files: Files) -> None:
    engine, answer = FakeEngine(), Answer()
    applied = end(engine, files.task(), answer)
    assert applied.tiers == ()
    assert (engine.done, answer.asked) == ([], [])


def test_values_that_are_not_there_do_not_keep_a_platform_alive(files: Files, engine: FakeEngine) -> None:
    files.write(('DB_HOST: "${tier2.db_host}"', 'DB_HOST: "${env:NOWHERE}"'))
    end(engine, files.task(allow_data_loss=ALLOWED))
    assert engine.stacks_ == {}


def test_a_stack_with_outputs_alone_is_a_user(files: Files, engine: FakeEngine) -> None:
    engine.stacks_[BLOG] = replace(other(BLOG, empty=True), outputs={"a": StateOutput(1)})
    with pytest.raises(RefusedError, match="The tier is in use"):
        end(engine, files.task(allow_data_loss=ALLOWED))


#: A provider that leaves databases where they are, and a platform with two of them beside what goes.
KEEPING = {
    **DEFINITIONS,
    "acme": definition("acme", retained_types=frozenset({"acme:index:database", "acme:index:cache"})),
}
MORE = (
    "      outputs:\n",
    "        - {name: log, type: database, properties: {engine: mysql, version: '8'}}\n"
    "        - {name: space, type: namespace}\n      outputs:\n",
)
HEAD = f"urn:pulumi:{TWO.name}::{TWO.project}::platform:acme:"
DB = f"{HEAD}database$acme:index:database::db"
LOG = f"{HEAD}database$acme:index:database::log"
SPACE = f"{HEAD}namespace$acme:index:namespace::space"


@pytest.fixture
def keeping(files: Files) -> FakeEngine:
    """An engine on which that platform stands."""
    made = FakeEngine()
    up.up(services(made, definitions=KEEPING), files.write(MORE).task(), Watcher(), Answer())
    made.stacks_[TWO] = replace(made.stacks_[TWO], ids={DB: "acme-db-1", LOG: "acme-log-1", SPACE: "space-1"})
    made.done.clear()
    return made


def keep(engine: FakeEngine, task: Task, answer: Answer | None = None) -> Applied:
    return destroy.destroy(services(engine, definitions=KEEPING), task, Watcher(), answer or Answer())


KEPT_DB = Retained("db", "acme:index:database", "acme-db-1")
KEPT_LOG = Retained("log", "acme:index:database", "acme-log-1")


def test_what_is_kept_stays_and_is_named_and_all_else_goes(files: Files, keeping: FakeEngine) -> None:
    answer = Answer()
    applied = keep(keeping, files.task(), answer)
    assert keeping.destroyed[1] == DestroyTarget(
        TierKey(Tier.SHARED_PRIMITIVES), TWO, total=Range.exactly(1), retained=True
    )
    assert {stack: set(found.resources) for stack, found in keeping.stacks_.items()} == {TWO: {DB, LOG}}
    assert [(t.outcome.value, t.summary, t.done, str(t.total), t.retained) for t in applied.tiers] == [
        ("destroyed", {"delete": 1}, 1, "1", ()),
        ("destroyed", {"delete": 1}, 1, "1", (KEPT_DB, KEPT_LOG)),
        ("destroyed", {"delete": 1}, 1, "1", ()),
    ]
    shown = answer.shown[0].tiers[1]
    assert [(a.resource_name, a.action, a.retained, a.loses_data) for a in shown.actions] == [
        ("db", Action.NO_OP, True, False),
        ("log", Action.NO_OP, True, False),
        ("space", Action.DELETE, False, False),
    ]
    assert (shown.data_loss, shown.summary["delete"]) == ((), 1)


def test_the_loss_of_one_of_two_is_allowed_and_the_other_one_is_kept(files: Files, keeping: FakeEngine) -> None:
    answer = Answer()
    applied = keep(keeping, files.task(allow_data_loss=ALLOWED), answer)
    assert keeping.destroyed[1] == DestroyTarget(
        TierKey(Tier.SHARED_PRIMITIVES),
        TWO,
        ignore_protect=False,
        total=Range.exactly(2),
        unprotect=(DB,),
        retained=True,
    )
    assert set(keeping.stacks_[TWO].resources) == {LOG}
    assert applied.tiers[1].retained == (KEPT_LOG,)
    assert answer.shown[0].tiers[1].data_loss == ("db",)


def test_all_may_go_by_name_and_the_stack_with_it(files: Files, keeping: FakeEngine) -> None:
    applied = keep(keeping, files.task(allow_data_loss=frozenset({"db", "log"})))
    assert keeping.destroyed[1] == DestroyTarget(
        TierKey(Tier.SHARED_PRIMITIVES), TWO, ignore_protect=True, total=Range.exactly(3)
    )
    assert keeping.stacks_ == {}
    assert [t.retained for t in applied.tiers] == [(), (), ()]


def test_where_nothing_but_what_is_kept_is_left_nothing_is_asked_or_done(files: Files, keeping: FakeEngine) -> None:
    keep(keeping, files.task())
    keeping.done.clear()
    answer = Answer()
    applied = keep(keeping, files.task(), answer)
    assert [(t.tier, t.outcome.value, str(t.total), t.retained) for t in applied.tiers] == [
        (Tier.SHARED_PRIMITIVES, "unchanged", "0", (KEPT_DB, KEPT_LOG))
    ]
    assert (keeping.done, answer.asked) == ([], [])
    assert not applied.plan.changes
    keep(keeping, files.task(allow_data_loss=frozenset({"db", "log"})))
    assert keeping.stacks_ == {}


def test_what_is_kept_keeps_no_tier_above_it_alive(files: Files, keeping: FakeEngine) -> None:
    with pytest.raises(RefusedError, match="The tier is in use"):
        keep(keeping, files.task(tier=Tier.INFRASTRUCTURE))
    for tier in reversed(Tier):
        keep(keeping, files.task(tier=tier))
    assert {stack: set(found.resources) for stack, found in keeping.stacks_.items()} == {TWO: {DB, LOG}}


def test_kept_data_whose_loss_is_allowed_is_a_user_again(files: Files, keeping: FakeEngine) -> None:
    keep(keeping, files.task(tier=Tier.APPLICATION))
    keep(keeping, files.task(tier=Tier.SHARED_PRIMITIVES))
    with pytest.raises(RefusedError, match="The tier is in use"):
        keep(keeping, files.task(tier=Tier.INFRASTRUCTURE, allow_data_loss=ALLOWED))
    assert ("destroy", ONE) not in keeping.done


def test_what_is_not_protected_or_of_another_type_is_not_kept(files: Files, keeping: FakeEngine) -> None:
    keeping.stacks_[TWO] = replace(keeping.stacks_[TWO], protected=frozenset({DB, SPACE}))
    with pytest.raises(RefusedError, match="Data would be lost") as error:
        keep(keeping, files.task())
    assert [problem.detail for problem in error.value.problems] == [
        "space would be deleted (acme:index:namespace) and loses its data. If that is meant: --allow-data-loss space"
    ]
    assert keeping.done == []
    keep(keeping, files.task(allow_data_loss=frozenset({"space"})))
    assert keeping.destroyed[1].unprotect == (SPACE,)
    assert set(keeping.stacks_[TWO].resources) == {DB}


def test_a_provider_that_keeps_nothing_refuses_as_ever(files: Files, keeping: FakeEngine) -> None:
    with pytest.raises(RefusedError, match="Data would be lost") as error:
        end(keeping, files.task())
    assert [problem.detail.partition(" ")[0] for problem in error.value.problems] == ["db", "log"]
    assert keeping.done == []


def test_a_tier_that_fails_while_it_keeps_says_both(files: Files, keeping: FakeEngine) -> None:
    keeping.failing.add("space")
    with pytest.raises(ApplyError, match="shared_primitives failed after 0 of 1 resources") as error:
        keep(keeping, files.task())
    assert [(t.outcome.value, t.retained) for t in error.value.tiers] == [
        ("destroyed", ()),
        ("failed", (KEPT_DB, KEPT_LOG)),
        ("untouched", ()),
    ]


def test_what_a_killed_run_left_is_taken_away_by_plugins_of_ours(files: Files, engine: FakeEngine) -> None:
    (urn,) = engine.stacks_[ONE].resources
    engine.stacks_[ONE] = replace(engine.stacks_[ONE], pending=(("creating", urn),), ids={urn: "vpc-1"})
    engine.plugins["acme"] = "embedded"
    runtime, watcher = FakeRuntime(), Watcher()
    task = files.task(allow_data_loss=ALLOWED)
    destroy.destroy(asked_services(engine, runtime), task, watcher, Answer())
    assert runtime.cleared == [(("acme-infrastructure/prod::vpc::vpc",), frozenset({"vpc-1"}))]
    assert engine.done[-2:] == [("clear_pending", ONE), ("destroy", ONE)]
    assert watcher.messages[-1] == (
        "acme-infrastructure/prod: container vpc was left by a run that was killed; removed"
    )

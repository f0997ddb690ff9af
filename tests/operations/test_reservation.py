"""What an application takes of its namespaces is written down before it is made, and checked once more."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from platform_pulumi.errors import ConstraintError, EngineError
from platform_pulumi.model.applied import ApplyError
from platform_pulumi.model.context import StackName
from platform_pulumi.model.contract import CONTRACT_OUTPUT
from platform_pulumi.model.tier import Tier
from platform_pulumi.operations import up
from platform_pulumi.operations.ports import StackSnapshot, StateOutput
from tests.operations.fakes import CONTEXT, TWO, Answer, FakeEngine, Files, Watcher, services

HEAD = "platform:\n  org: acme\n  environment: prod\n  provider: {name: acme}\n"
UPPER = """\
  tiers:
    infrastructure: {}
    shared_primitives:
      capabilities: [{name: ns, type: namespace, properties: {resource_quotas: {pods: 8, memory: 8Gi}}}]
"""
SHOP, DESK = (CONTEXT.stack(Tier.APPLICATION, name) for name in ("shop", "desk"))


def team(stack: StackName, replicas: int, limits: str = "memory: 1Gi") -> str:
    properties = f"image: a, replicas: {replicas}, {limits}"
    container = f"{{name: api, type: container_runtime, properties: {{{properties}}}}}"
    return f"{HEAD}  application: {stack.application}\n  tiers: {{application: {{capabilities: [{container}]}}}}\n"


@pytest.fixture
def engine(files: Files) -> FakeEngine:
    made = FakeEngine()
    apply(made, files, HEAD + UPPER)
    made.done.clear()
    return made


def apply(engine: FakeEngine, files: Files, text: str) -> None:
    up.up(services(engine), files.write(text=text).task(), Watcher(), Answer())


def usage(engine: FakeEngine, stack: StackName) -> object:
    output = engine.stacks_[stack].outputs.get(CONTRACT_OUTPUT)
    return json.loads(output.value)["usage"] if output is not None else None


def taken(count: int) -> dict[str, object]:
    """The usage of this many pods, without a limit of CPU."""
    return {"ns": {"memory": f"{count * 1024}Mi", "pods": count}}


def meanwhile(engine: FakeEngine, other: Callable[[], None]) -> None:
    """Somebody else did something between our plan and our apply, and saw nothing of ours yet."""

    def once() -> None:
        engine.forgotten = lambda: None
        ours = engine.stacks_.pop(SHOP)
        if shop is not None:
            engine.stacks_[SHOP] = shop
        other()
        engine.stacks_[SHOP] = ours

    shop = engine.stacks_.get(SHOP)
    engine.forgotten = once


def at_once(engine: FakeEngine, other: Callable[[], None]) -> None:
    """Somebody else does something after we have written down what we take."""

    def once() -> None:
        engine.forgotten = lambda: None
        other()

    engine.forgotten = once


def test_it_is_recorded_before_anything_is_made_and_stays(files: Files, engine: FakeEngine) -> None:
    seen: list[object] = []
    at_once(engine, lambda: seen.append(usage(engine, SHOP)))
    apply(engine, files, team(SHOP, 5))
    assert seen == [taken(5)]
    assert usage(engine, SHOP) == taken(5)
    assert engine.done == [("preview", SHOP), ("record", SHOP), ("up", SHOP)]


def test_a_place_that_somebody_has_taken_meanwhile_is_not_taken_twice(files: Files, engine: FakeEngine) -> None:
    meanwhile(engine, lambda: apply(engine, files, team(DESK, 3)))
    apply(engine, files, team(SHOP, 5))
    other = Files(files.path.with_name("other.yaml"))
    apply(engine, files, team(DESK, 1))
    meanwhile(engine, lambda: apply(engine, other, team(DESK, 2)))
    with pytest.raises(ConstraintError) as refused:
        apply(engine, files, team(SHOP, 7))
    told = " ".join(problem.detail for problem in refused.value.problems)
    assert "They take 9: desk 2, shop 7." in told or "They take 9: shop 7, desk 2." in told
    assert (usage(engine, SHOP), usage(engine, DESK)) == (taken(5), taken(2))


def test_of_two_at_once_one_sees_the_other(files: Files, engine: FakeEngine) -> None:
    other, refused = Files(files.path.with_name("other.yaml")), []

    def desk() -> None:
        with pytest.raises(ConstraintError) as error:
            apply(engine, other, team(DESK, 5))
        refused.append(error.value)

    at_once(engine, desk)
    apply(engine, files, team(SHOP, 5))
    assert len(refused) == 1
    assert DESK not in engine.stacks_


def test_a_new_application_that_finds_no_place_leaves_none_taken(files: Files, engine: FakeEngine) -> None:
    other = Files(files.path.with_name("other.yaml"))
    meanwhile(engine, lambda: apply(engine, other, team(DESK, 4)))
    with pytest.raises(ConstraintError):
        apply(engine, files, team(SHOP, 5))
    assert usage(engine, SHOP) is None
    assert not engine.stacks_[SHOP].resources
    apply(engine, other, team(DESK, 8))


def test_quotas_that_were_tightened_meanwhile_hold(files: Files, engine: FakeEngine) -> None:
    other = Files(files.path.with_name("other.yaml"))
    meanwhile(engine, lambda: apply(engine, other, (HEAD + UPPER).replace("pods: 8", "pods: 4")))
    with pytest.raises(ConstraintError):
        apply(engine, files, team(SHOP, 5))
    assert ("up", SHOP) not in engine.done


def test_what_fails_counts_as_much_as_it_may_have_left(files: Files, engine: FakeEngine) -> None:
    apply(engine, files, team(SHOP, 5))
    engine.failing = {"api"}
    for count, most in ((2, 5), (7, 7), (3, 7)):
        with pytest.raises(ApplyError):
            apply(engine, files, team(SHOP, count))
        assert usage(engine, SHOP) == taken(most)
    with pytest.raises(ConstraintError):
        apply(engine, files, team(DESK, 2))
    engine.failing = set()
    apply(engine, files, team(SHOP, 3))
    assert usage(engine, SHOP) == taken(3)
    apply(engine, files, team(DESK, 5))


def test_nothing_is_written_down_where_no_quota_is(files: Files, engine: FakeEngine) -> None:
    apply(engine, files, (HEAD + UPPER).replace(", properties: {resource_quotas: {pods: 8, memory: 8Gi}}", ""))
    engine.done.clear()
    apply(engine, files, team(SHOP, 500))
    assert engine.done == [("preview", SHOP), ("up", SHOP)]


def test_an_application_without_a_limit_takes_all_of_it(files: Files, engine: FakeEngine) -> None:
    free = (HEAD + UPPER).replace("{pods: 8, memory: 8Gi}", "{pods: 8}")
    apply(engine, files, free)
    apply(engine, files, team(SHOP, 2, "cpu: 1"))
    rewrite(engine, TWO, lambda contract: contract["quotas"]["ns"].update(memory="8Gi"))
    for earlier in (False, True):
        if earlier:  # versions that took it for 0
            rewrite(engine, SHOP, lambda contract: contract["usage"]["ns"].update(memory="0Mi"))
        for text in (team(DESK, 1), (HEAD + UPPER).replace("memory: 8Gi", "memory: 9Gi")):
            with pytest.raises(ConstraintError) as refused:
                apply(engine, files, text)
            assert "Application `shop` was applied without a limit of memory: apply it with one first." in (
                refused.value.problems[0].detail
            )


def rewrite(engine: FakeEngine, stack: StackName, change: Callable[[dict[str, Any]], None]) -> None:
    """Record a contract as somebody else, or another version, did."""
    snapshot = engine.stacks_[stack]
    contract = json.loads(snapshot.outputs[CONTRACT_OUTPUT].value)
    change(contract)
    outputs = {**snapshot.outputs, CONTRACT_OUTPUT: StateOutput(json.dumps(contract))}
    engine.stacks_[stack] = replace(snapshot, outputs=outputs)


def test_an_application_that_was_never_applied_to_its_end_takes_nobody_knows_how_much(
    files: Files, engine: FakeEngine
) -> None:
    engine.stacks_[SHOP] = StackSnapshot(SHOP, {}, {}, pending=(("creating", "urn:pulumi:x::y::acme:index:Thing::a"),))
    with pytest.raises(EngineError, match="What another application takes is not known"):
        apply(engine, files, team(DESK, 1))
    assert TWO in engine.stacks_


@pytest.mark.parametrize(
    ("quota", "exceeded"),
    [("pods: 8", False), ("pods: 5", False), ("pods: 4", True), ("cpu: 2, pods: 8", True), ("pods: 9", False)],
)
def test_a_quota_is_not_set_below_what_applications_of_other_files_take(
    quota: str, exceeded: bool, files: Files, engine: FakeEngine
) -> None:
    apply(engine, files, team(SHOP, 3))
    apply(engine, files, team(DESK, 2))
    engine.done.clear()
    changed = (HEAD + UPPER).replace("pods: 8", quota)
    if not exceeded:
        apply(engine, files, changed)
        return
    with pytest.raises(ConstraintError) as refused:
        apply(engine, files, changed)
    (problem, *_) = refused.value.problems
    assert problem.position is not None
    assert problem.position.line == changed.splitlines().index(next(x for x in changed.splitlines() if quota in x)) + 1
    assert "desk" in problem.detail
    assert engine.done == []


def test_what_an_application_of_no_quota_has_left_half_made_stops_nobody(files: Files, engine: FakeEngine) -> None:
    """Its contract says so, also where its first apply failed; and where there are no quotas nobody has to know."""
    two = (HEAD + UPPER).replace("capabilities: [", "capabilities: [{name: free, type: namespace}, ")
    apply(engine, files, two)
    engine.failing = {"api"}
    with pytest.raises(ApplyError):
        apply(engine, files, team(SHOP, 3, "memory: 1Gi, namespace: free"))
    engine.failing = set()
    apply(engine, files, team(DESK, 8, "memory: 1Gi, namespace: ns"))


def test_nor_without_any_quota(files: Files, engine: FakeEngine) -> None:
    apply(engine, files, (HEAD + UPPER).replace("properties: {resource_quotas: {pods: 8, memory: 8Gi}}", "labels: {}"))
    engine.failing = {"api"}
    with pytest.raises(ApplyError):
        apply(engine, files, team(SHOP, 3))
    engine.failing = set()
    apply(engine, files, team(DESK, 8))

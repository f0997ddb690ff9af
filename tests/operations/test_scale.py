"""Another number of replicas: checked as if it were declared, applied alone, and known not to last."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from platform_pulumi.errors import ConstraintError, InputError, Position, RefusedError
from platform_pulumi.model.applied import Outcome
from platform_pulumi.model.tier import Tier
from platform_pulumi.operations import scale, up
from platform_pulumi.operations.scale import Scaled
from tests.operations.fakes import PLATFORM, THREE, Answer, FakeEngine, Files, Watcher, services

REPLICAS = ("memory: 1Gi", "replicas: 3\n            memory: 1Gi")
LIMIT = ("value: 4Gi", 'value: 4Gi\n        - field: replicas\n          operator: "<="\n          value: 5')


@pytest.fixture
def applied(files: Files, engine: FakeEngine) -> FakeEngine:
    files.write(REPLICAS, LIMIT)
    up.up(services(engine), files.task(), Watcher(), Answer())
    engine.done.clear()
    engine.ups.clear()
    return engine


def run(
    engine: FakeEngine, files: Files, replicas: int, name: str = "api", answer: Answer | None = None, **options: Any
) -> Scaled:
    return scale.scale(services(engine), files.task(**options), name, replicas, Watcher(), answer or Answer())


def test_only_its_tier_is_planned_and_applied(files: Files, applied: FakeEngine) -> None:
    answer = Answer()
    scaled = run(applied, files, 5, answer=answer)
    assert applied.done == [("preview", THREE), ("up", THREE)]
    assert dict(applied.ups[0].capabilities[0].properties)["replicas"] == 5
    assert [tier.outcome for tier in scaled.applied.tiers] == [Outcome.APPLIED]
    assert [section.tier for section in answer.shown[0].tiers] == [Tier.APPLICATION]
    assert answer.asked == [], "the tier applies by itself, and nothing else changes"


def test_it_says_what_the_file_says(files: Files, applied: FakeEngine) -> None:
    scaled = run(applied, files, 5)
    assert (scaled.replicas, scaled.declared, scaled.written) == (5, 3, True)
    assert scaled.declared_at == Position(str(files.path), 39, 23)
    files.write()
    up.up(services(applied), files.task(), Watcher(), Answer())
    scaled = run(applied, files, 2)
    assert (scaled.declared, scaled.written) == (1, False)
    assert scaled.declared_at == Position(str(files.path), 32, 11)


def test_the_same_number_changes_nothing(files: Files, applied: FakeEngine) -> None:
    scaled = run(applied, files, 3)
    assert not scaled.applied.plan.changes
    assert applied.done == [("preview", THREE)]


def test_the_next_up_returns_to_the_file(files: Files, applied: FakeEngine) -> None:
    run(applied, files, 5)
    plan = up.up(services(applied), files.task(), Watcher(), Answer()).plan
    [diff] = [diff for tier in plan.tiers for action in tier.actions for diff in action.diff]
    assert (diff.path, diff.old, diff.new) == ("replicas", 5, 3)


def test_constraints_hold_at_the_line_of_the_file(files: Files, applied: FakeEngine) -> None:
    with pytest.raises(ConstraintError) as caught:
        run(applied, files, 6)
    [problem] = caught.value.problems
    assert problem.code == "P3001"
    assert problem.position == Position(str(files.path), 39, 23)
    assert "replicas <= 5, set by infrastructure" in problem.detail
    assert "6" in problem.detail
    assert applied.done == []


@pytest.mark.parametrize("replicas", [-1, 1001, 10**9])
def test_numbers_that_cannot_be(replicas: int, files: Files, applied: FakeEngine) -> None:
    with pytest.raises(InputError) as caught:
        run(applied, files, replicas)
    [problem] = caught.value.problems
    assert (problem.code, problem.position) == ("P2091", Position(str(files.path), 39, 23))
    assert problem.detail == f"A container_runtime has 0 to 1000 replicas, and {replicas} were asked for."
    assert applied.done == []


def test_a_type_without_replicas_says_so(files: Files, applied: FakeEngine) -> None:
    with pytest.raises(InputError) as caught:
        run(applied, files, 2, "db")
    [problem] = caught.value.problems
    assert (problem.code, caught.value.exit_code) == ("P2090", 2)
    assert problem.position == Position(str(files.path), 24, 17)
    assert problem.detail.startswith("A database has no replicas, so there is nothing to scale.")


def test_an_unknown_name_gets_a_hint(files: Files, applied: FakeEngine) -> None:
    with pytest.raises(InputError) as caught:
        run(applied, files, 2, "apii")
    assert caught.value.detail.endswith("Did you mean `api`?")


def test_what_was_never_applied_is_not_scaled(files: Files, engine: FakeEngine) -> None:
    up.up(services(engine), files.task(tier=Tier.INFRASTRUCTURE), Watcher(), Answer())
    up.up(services(engine), files.task(tier=Tier.SHARED_PRIMITIVES), Watcher(), Answer())
    engine.done.clear()
    with pytest.raises(InputError, match="Nothing was applied yet"):
        run(engine, files, 2)
    assert engine.done == [("preview", THREE)]


def test_what_is_new_beside_applied_ones_is_not_scaled(files: Files, applied: FakeEngine) -> None:
    text = files.path.read_text(encoding="utf-8")
    tail = text[text.index("        - name: api") :]
    files.write(text=text + tail.replace("- name: api", "- name: web"))
    with pytest.raises(InputError, match="Nothing was applied yet"):
        run(applied, files, 2, "web")


def test_other_changes_that_come_with_it_are_asked_about(files: Files, applied: FakeEngine) -> None:
    text = files.path.read_text(encoding="utf-8")
    tail = text[text.index("        - name: api") :]
    files.write(text=text + tail.replace("- name: api", "- name: web"))
    with pytest.raises(RefusedError) as caught:
        run(applied, files, 4, answer=Answer(no=frozenset({Tier.APPLICATION})))
    assert caught.value.detail.startswith("The file has other changes as well: web.")
    assert ("up", THREE) not in applied.done
    answer = Answer()
    run(applied, files, 4, answer=answer)
    assert answer.asked == [Tier.APPLICATION]


def test_only_its_own_application_is_scaled(files: Files, engine: FakeEngine, tmp_path: Path) -> None:
    head, _, tail = PLATFORM.partition("    application:\n")
    one = tail.replace("\n", "\n    ").replace("      capabilities", "          capabilities", 1)
    both = "".join(f"        {name}:\n{one.rstrip()}\n" for name in ("left", "right"))
    files.write(text=f"{head}    application:\n      applications:\n{both}")
    up.up(services(engine), files.task(), Watcher(), Answer())
    engine.done.clear()
    run(engine, files, 4, application="right")
    assert [stack.name for _, stack in engine.done] == ["prod.right", "prod.right"]

"""What the golden cases do not say of constraints: counting, warnings, precedence."""

from __future__ import annotations

from typing import Any

from platform_pulumi import declarations
from tests.declarations.conftest import Load
from tests.declarations.platforms import SHARED, container, platform


def limits(*entries: str) -> str:
    lines = "".join(f"        - {{{entry}}}\n" for entry in entries)
    return f"\n    infrastructure:\n      constraints_for_downstream:\n{lines}"


def test_pairs_of_capability_and_constraint_are_counted(load: Load) -> None:
    loaded = load(
        platform(
            limits("field: memory, operator: <=, value: 4Gi", "field: version, operator: '>=', value: '14'"),
            SHARED,
            container(
                "image: a, memory: 1Gi", more="          constraints: [{field: memory, operator: <=, value: 2Gi}]\n"
            ),
        )
    )
    assert declarations.constraints_checked(loaded) == 3


def test_constraints_reach_downwards_only_and_accumulate(load: Load, refused: Any) -> None:
    own = SHARED.rstrip() + "\n      constraints_for_downstream: [{field: version, operator: '==', value: '1'}]\n"
    assert [w.code for w in load(platform(own, container("image: a"))).warnings] == ["P2061"]  # not version of db
    error = refused(
        platform(
            limits("field: memory, operator: <=, value: 4Gi"),
            SHARED.rstrip() + "\n      constraints_for_downstream: [{field: memory, operator: <=, value: 2Gi}]\n",
            container("image: a, memory: 3Gi"),
        )
    )
    (problem,) = error.problems
    assert "memory <= 2Gi, set by shared_primitives" in problem.detail


def test_a_constraint_on_nothing_is_a_warning_at_its_line(load: Load) -> None:
    loaded = load(platform(limits("field: memroy, operator: <=, value: 4Gi"), container("image: a")))
    (warning,) = loaded.warnings
    assert (warning.code, warning.warning) == ("P2061", True)
    assert warning.position is not None
    assert warning.position.line == 8
    assert "Did you mean `memory`?" in warning.detail


def test_constraints_of_the_lowest_tier_are_a_warning(load: Load) -> None:
    text = platform(
        container("image: a") + "      constraints_for_downstream: [{field: memory, operator: <=, value: 1Gi}]\n"
    )
    assert [warning.code for warning in load(text).warnings] == ["P2061"]


def test_mistakes_come_before_violations(refused: Any) -> None:
    error = refused(
        platform(limits("field: memory, operator: <=, value: 4Gi"), container("image: a, memory: 8Gi, replica: 1"))
    )
    assert error.exit_code == 2
    assert {problem.code for problem in error.problems} == {"P2014"} | {
        problem.code for problem in error.problems if problem.code.startswith("P3")
    }


def test_a_violation_names_value_and_constraint(refused: Any) -> None:
    error = refused(platform(limits("field: memory, operator: <=, value: 4Gi"), container("image: a, memory: 8Gi")))
    assert error.exit_code == 3
    (problem,) = error.problems
    assert (problem.position.line, problem.also[0].line) == (14, 8)
    assert problem.length == len("8Gi")
    assert problem.detail == (
        f"memory <= 4Gi, set by infrastructure at {problem.position.file}:8 for everything below it. 8Gi is twice that."
    )


def test_a_secret_value_is_compared_and_not_shown(refused: Any) -> None:
    error = refused(
        platform(limits("field: env.KEY, operator: in, value: [a]"), container('image: a, env: {KEY: "${env:S}"}')),
        environment={"S": "canary"},
    )
    assert "canary" not in str(error.problems)
    assert "[secret]" in error.problems[0].detail

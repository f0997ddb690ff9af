"""Limits that change, each with what it was and is, and whether it allows more."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from platform_pulumi.model.constraint import Constraint
from platform_pulumi.model.plan.limits import LimitChange, limit_changes
from platform_pulumi.model.platform import Mode
from platform_pulumi.model.tier import Tier
from tests.model.test_contract_reader import CONTRACT, HERE


def limit(operator: str, value: Any, field: str = "f") -> Constraint:
    return Constraint(field, operator, value, "infrastructure", HERE)


def changes(old: tuple[Constraint, ...], new: tuple[Constraint, ...]) -> list[tuple[str, str | None, str | None, str]]:
    found = limit_changes(replace(CONTRACT, constraints=old), replace(CONTRACT, constraints=new))
    return [(one.limit, one.old, one.new, one.kind) for one in found]


@pytest.mark.parametrize(
    ("operator", "old", "new", "kind"),
    [
        ("<=", "1Gi", "100Gi", "loosened"),
        ("<=", "1Gi", "512Mi", "tightened"),
        (">=", 2, 3, "tightened"),
        (">=", "500m", "0.4", "loosened"),
        ("<=", "10s", "5m", "loosened"),
        ("<=", "1.29", "1.30", "loosened"),
        ("<=", "1.30", "1.4", "loosened"),  # as a number it is more, as a version less
        ("<=", "5m", "10s", "tightened"),
        ("<=", "1Gi", "10s", "loosened"),
        ("<=", "1h", 1, "loosened"),
        ("in", ("a", "b"), ("a",), "tightened"),
        ("in", ("a",), ("b",), "loosened"),
        ("not_in", ("a",), ("a", "b"), "tightened"),
        ("not_in", ("a", "b"), ("a",), "loosened"),
        ("==", True, False, "loosened"),
    ],
)
def test_a_limit_that_becomes_another_one(operator: str, old: Any, new: Any, kind: str) -> None:
    ((_, _, _, found),) = changes((limit(operator, old),), (limit(operator, new),))
    assert found == kind


def test_limits_come_and_go() -> None:
    memory, cpu = limit("<=", "1Gi", "memory"), limit("<=", 2, "cpu")
    assert changes((memory, cpu), ()) == [("memory <=", "1Gi", None, "dropped"), ("cpu <=", "2", None, "dropped")]
    assert changes((), (cpu,)) == [("cpu <=", None, "2", "added")]
    moved = replace(memory, declared_at=replace(HERE, line=99))
    assert changes((memory, cpu), (cpu, moved)) == []
    other = limit(">=", "1Gi", "memory")
    assert changes((memory,), (other,)) == [("memory <=", "1Gi", None, "dropped"), ("memory >=", None, "1Gi", "added")]
    twice = (memory, limit("<=", "4Gi", "memory"))
    assert changes(twice, (memory,)) == [("memory <=", "4Gi", None, "dropped")]


def test_long_values_are_told_apart() -> None:
    old, new = ("x" * 80,), ("x" * 80 + "y",)
    assert changes((limit("in", old),), (limit("in", new),)) == [("f in", f"[{old[0]}]", f"[{new[0]}]", "loosened")]


def test_quotas_and_modes_are_limits() -> None:
    quotas = {"ns": {"cpu": "8", "memory": "16Gi", "pods": 20, "at": str(HERE)}, "new": {"pods": 1}}
    floors = {Tier.APPLICATION: Mode.PLAN_AND_APPROVE}
    plain = replace(CONTRACT, floors={})
    after = replace(plain, quotas=quotas, mode=Mode.AUTO_APPLY, floors=floors)
    assert limit_changes(plain, after) == (
        LimitChange("cpu of ns", "8000m", "8", "tightened", HERE),
        LimitChange("pods of ns", "8", "20", "loosened", HERE),
        LimitChange("pods of new", None, "1", "added"),
        LimitChange("mode", "plan_and_approve", "auto_apply", "loosened"),
        LimitChange("mode of application", None, "plan_and_approve", "added"),
    )
    earlier = replace(plain, lacking=frozenset({"floors"}))
    assert [one.limit for one in limit_changes(earlier, after)][-1] == "mode"
    back = limit_changes(after, plain)
    assert [(one.limit, one.kind, one.loosens) for one in back][-3:] == [
        ("pods of new", "dropped", True),
        ("mode", "tightened", False),
        ("mode of application", "dropped", True),
    ]

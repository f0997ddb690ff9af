"""What changes of a declaration since the last apply."""

from __future__ import annotations

from typing import Any

import pytest

from platform_pulumi.model.plan import Diff
from platform_pulumi.model.plan.declared import declared_changes

SECRET, REFERENCE = {"secret": True}, {"reference": "${tier2.url}"}


def declared(properties: Any, **fields: Any) -> dict[str, Any]:
    return {"name": "db", "type": "database", "provider": "aws", "properties": properties, "bindings": {}, **fields}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({"a": 1}, {"a": 1}, []),
        ({"a": 1}, {"a": 2}, [Diff("a", 1, 2)]),
        ({"a": {"b": 1, "c": 1}}, {"a": {"b": 2, "c": 1}}, [Diff("a.b", 1, 2)]),
        ({"a": None}, {"a": {"b": 1}}, [Diff("a", None, {"b": 1})]),
        ({"a": 1}, {}, [Diff("a", 1, None)]),
        ({"a": [{"b": 1}, {"b": 1}]}, {"a": [{"b": 1}, {"b": 2}]}, [Diff("a[1].b", 1, 2)]),
        ({"a": [1]}, {"a": [1, 2]}, [Diff("a", [1], [1, 2])]),
        ({"env": {"X": "x"}}, {"env": {"X": REFERENCE}}, [Diff("env.X", "x", REFERENCE)]),
        ({"env": {"X": REFERENCE}}, {"env": {"X": {"reference": "b"}}}, [Diff("env.X", REFERENCE, {"reference": "b"})]),
        ({"env": {"X": "x"}}, {"env": {"X": SECRET}}, [Diff("env.X", secret=True)]),
        ({"env": {"X": SECRET}}, {"env": {"X": SECRET}}, []),
        # As an earlier version recorded it: what is a secret now was not one.
        ({"password": "x", "env": {"DB_PWD": "x"}}, {"password": SECRET, "env": {"DB_PWD": SECRET}}, []),
        ({"password": REFERENCE}, {"password": SECRET}, []),
        ({"password": {"template": ["x", REFERENCE]}}, {}, [Diff("password", secret=True)]),
        ({"env": {"DB_PWD": "x"}}, {"env": {}}, [Diff("env.DB_PWD", secret=True)]),
        ({"env": {"X": "redis://:x@h"}}, {"env": {"X": "redis://h"}}, [Diff("env.X", secret=True)]),
    ],
)
def test_properties_by_their_own_names(old: Any, new: Any, expected: list[Diff]) -> None:
    assert list(declared_changes(declared(old), declared(new))) == expected


def test_wiring_and_provider_are_declared_too() -> None:
    old, new = declared({}, bindings={"network": "a"}), declared({}, bindings={"network": "b"}, provider="docker")
    assert list(declared_changes(old, new)) == [Diff("bindings.network", "a", "b"), Diff("provider", "aws", "docker")]

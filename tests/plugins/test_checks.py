"""Inputs against types."""

from __future__ import annotations

from typing import Any

import pytest

from platform_pulumi.plugins.checks import check
from platform_pulumi.plugins.schema import ObjectSchema, ResourceSchema
from platform_pulumi.plugins.values import UNKNOWN, Sealed

OBJECTS = {"Scaling": ObjectSchema({"minSize": "number", "maxSize": "number"}, ("minSize",))}
SCHEMA = ResourceSchema(
    "aws:eks/nodeGroup:NodeGroup",
    inputs={
        "name": "string",
        "spot": "boolean",
        "scaling": {"object": "Scaling"},
        "subnets": {"list": "string"},
        "labels": {"map": "string"},
        "mode": {"enum": ["on", "off"]},
        "policy": {"one": [{"object": "Scaling"}, "string"]},
        "anything": "any",
    },
    required=("name",),
)


def failures(**inputs: Any) -> list[tuple[str, str]]:
    return [(f.path, f.reason) for f in check(SCHEMA, OBJECTS, {"name": "n", **inputs})]


@pytest.mark.parametrize(
    ("inputs", "path", "reason"),
    [
        ({"name": None}, "name", "missing required property 'name' of aws:eks/nodeGroup:NodeGroup"),
        ({"sopt": True}, "sopt", "aws:eks/nodeGroup:NodeGroup has no property 'sopt'; did you mean 'spot'?"),
        ({"spot": "yes"}, "spot", "should be a boolean, not a string"),
        ({"name": 3}, "name", "should be a string, not a number"),
        ({"scaling": {"minSize": True}}, "scaling.minSize", "should be a number, not a boolean"),
        ({"scaling": {}}, "scaling.minSize", "missing required property 'minSize' of Scaling"),
        (
            {"scaling": {"minSize": 1, "max": 2}},
            "scaling.max",
            "Scaling has no property 'max'; did you mean 'maxSize'?",
        ),
        ({"scaling": "x"}, "scaling", "should be an object, not a string"),
        ({"subnets": "a"}, "subnets", "should be a list, not a string"),
        ({"subnets": ["a", 1]}, "subnets[1]", "should be a string, not a number"),
        ({"labels": ["a"]}, "labels", "should be a mapping, not a list"),
        ({"labels": {"a:b": {}}}, 'labels["a:b"]', "should be a string, not an object"),
        ({"mode": "of"}, "mode", "should be one of 'on', 'off', not 'of'"),
        ({"policy": 3}, "policy", "should be an object, not a number"),
        ({"policy": {"minSize": "x"}}, "policy.minSize", "should be a number, not a string"),
    ],
)
def test_a_mistake_is_told_at_its_path(inputs: dict[str, Any], path: str, reason: str) -> None:
    assert failures(**inputs) == [(path, reason)]


def test_what_is_right_passes() -> None:
    inputs = {
        "spot": True,
        "scaling": {"minSize": 1, "maxSize": 2.5},
        "subnets": ["a"],
        "labels": {"x": "y"},
        "mode": "on",
        "policy": "{}",
        "anything": [1, {"x": None}],
        "__defaults": [],
    }
    assert failures(**inputs) == []


def test_what_is_not_known_yet_passes() -> None:
    assert failures(name=UNKNOWN, scaling=UNKNOWN, subnets=[UNKNOWN], mode=Sealed(UNKNOWN)) == []


def test_a_secret_is_checked_and_not_shown() -> None:
    [(path, reason)] = failures(mode=Sealed("hunter2"))
    assert path == "mode"
    assert "hunter2" not in reason
    assert failures(name=Sealed(3)) == [("name", "should be a string, not a number")]


def test_all_mistakes_at_once() -> None:
    assert [path for path, _ in failures(spot=1, subnets={}, mode="x")] == ["spot", "subnets", "mode"]

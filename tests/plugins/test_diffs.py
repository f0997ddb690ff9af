"""What changes, and what that does to a resource."""

from __future__ import annotations

from typing import Any

import pytest

from platform_pulumi.model.property_path import overlap
from platform_pulumi.plugins.diffs import Change, Kind, compare
from platform_pulumi.plugins.values import UNKNOWN, Sealed


@pytest.mark.parametrize(
    ("old", "new", "changes"),
    [
        ({"a": 1}, {"a": 1}, []),
        ({"a": Sealed("x")}, {"a": Sealed("x")}, []),
        ({"a": Sealed("x")}, {"a": "x"}, []),
        ({"a": [1, 2]}, {"a": [1, 3, 4]}, [Change("a[1]", Kind.UPDATE), Change("a[2]", Kind.ADD)]),
        ({"a": [1, 2]}, {"a": [1]}, [Change("a[1]", Kind.DELETE)]),
        ({"t": {"x": 1}}, {"t": {"a:b": 1}}, [Change('t["a:b"]', Kind.ADD), Change("t.x", Kind.DELETE)]),
        ({"a": 1}, {"a": UNKNOWN}, [Change("a", Kind.UPDATE)]),
        ({}, {"a": UNKNOWN}, [Change("a", Kind.ADD)]),
        ({"a": {"b": 1}}, {"a": {"b": UNKNOWN}}, [Change("a.b", Kind.UPDATE)]),
        ({"a": {"b": 1}}, {"a": "b"}, [Change("a", Kind.UPDATE)]),
        ({"a": Sealed("x")}, {"a": Sealed("y")}, [Change("a", Kind.UPDATE)]),
        ({"__defaults": [1]}, {"__defaults": []}, []),
    ],
)
def test_changes(old: dict[str, Any], new: dict[str, Any], changes: list[Change]) -> None:
    assert compare(old, new, ()) == changes


@pytest.mark.parametrize(
    ("key", "path", "hit"),
    [
        ("cidr", "cidr", True),
        ("cidr", "cidrBlock", False),
        ("metadata.name", "metadata.name", True),
        ("metadata.name", "metadata.labels.app", False),
        ("metadata.name", "metadata", True),
        ("subnetIds", "subnetIds[2]", True),
        ("spec.selector", "spec.selector.matchLabels.app", True),
    ],
)
def test_a_replace_key_covers_what_lies_at_or_below_it(key: str, path: str, hit: bool) -> None:
    assert overlap(key, path, indexes=False) is hit


def test_an_unknown_replace_key_replaces() -> None:
    [change] = compare({"vpcId": "vpc-1"}, {"vpcId": UNKNOWN}, ("vpcId",))
    assert change.replaces

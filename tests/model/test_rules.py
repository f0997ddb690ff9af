"""Constraints against properties, without files."""

from __future__ import annotations

from typing import Any

import pytest

from platform_pulumi.errors import Position
from platform_pulumi.model import rules
from platform_pulumi.model.capabilities import CAPABILITY_TYPES
from platform_pulumi.model.capability import CapabilityProperties
from platform_pulumi.model.constraint import Constraint
from platform_pulumi.model.tier import Tier
from platform_pulumi.model.value import Secret, TierOutput

CONTAINER = CAPABILITY_TYPES["container_runtime"]
CLUSTER = CAPABILITY_TYPES["kubernetes_cluster"]
HERE = Position("platform.yaml", 1, 1)


def limit(field: str, operator: str, value: Any) -> Constraint:
    return Constraint(field, operator, value, "infrastructure", HERE)


def breach(constraint: Constraint, properties: CapabilityProperties) -> rules.Breach | None:
    where = rules.fields(type(properties), constraint.field)
    assert where is not None
    return rules.breach(constraint, properties, where)


def container(**properties: Any) -> CapabilityProperties:
    return CONTAINER.model_validate({"image": "a", **properties})


@pytest.mark.parametrize(
    ("field", "kind", "paths", "has_default"),
    [
        ("memory", "quantity", 3, False),
        ("resources.limits.memory", "quantity", 1, False),
        ("replicas", "number", 1, True),
        ("ports.container_port", "number", 1, False),
        ("ports[].container_port", "number", 1, False),
        ("ingress.tls", "boolean", 1, True),
        ("health_check.interval", "duration", 1, True),
        ("image", "text", 1, False),
        ("env.LOG_LEVEL", "text", 1, False),
    ],
)
def test_fields(field: str, kind: str, paths: int, has_default: bool) -> None:
    where = rules.fields(CONTAINER, field)
    assert where is not None
    assert (where.kind, len(where.paths), where.has_default) == (kind, paths, has_default)


@pytest.mark.parametrize("alias", sorted(CONTAINER.STANDS_FOR))
@pytest.mark.parametrize("is_short", [True, False])
def test_a_limit_by_one_name_binds_the_value_by_the_other(alias: str, is_short: bool) -> None:
    """Whichever of both names the constraint uses, and whichever the declaration."""
    _, group, name = alias.split(".")
    least, most = ("100m", "200m") if name == "cpu" else ("1Gi", "2Gi")
    given = {name: most} if is_short else {"resources": {group: {name: most}}}
    declared = container(**given)
    for field in {alias, name} if group == "limits" or is_short else {alias}:
        assert breach(limit(field, "<=", most), declared) is None
        broken = breach(limit(field, "<=", least), declared)
        assert broken is not None
        assert broken.actual == most
    assert breach(limit(alias, "<=", most), container()) is not None  # left out by both names


@pytest.mark.parametrize(
    "field", ["storage_gb", "ports", "resources.limits", "env", "image.tag", "memory.x", "", "a.b", "__class__"]
)
def test_what_is_no_field(field: str) -> None:
    assert rules.fields(CONTAINER, field) is None


@pytest.mark.parametrize(
    ("kind", "operator", "value", "bound", "kept"),
    [
        ("quantity", "<=", "4096Mi", "4Gi", True), ("quantity", "<=", "4097Mi", "4Gi", False),
        ("quantity", "==", "0.5", "500m", True), ("quantity", "in", "1Gi", ["1024Mi"], True),
        ("number", ">=", 3, "3", True), ("number", "<=", 11, 10, False), ("number", "not_in", 3, [3], False),
        ("duration", "<=", "1m", "60s", True), ("duration", "<=", "2m", "60s", False),
        ("boolean", "==", True, True, True), ("boolean", "in", False, [True], False),
        ("text", "in", "a", ["a", "b"], True), ("text", "not_in", "a", ["b"], True), ("text", "==", "15", 15, True),
        ("text", "<=", "1.9", "1.10", True), ("text", ">=", "15", "14.10", True), ("text", "<=", "1.0", "1", True),
        ("text", "==", Secret("a"), "a", True),
    ],
)  # fmt: skip
def test_operators(kind: str, operator: str, value: Any, bound: Any, kept: bool) -> None:
    assert rules.holds(kind, operator, value, bound) is kept


@pytest.mark.parametrize(
    ("kind", "operator", "value", "bound"),
    [
        ("quantity", "<=", "1Gi", "lots"), ("number", "<=", 1, True), ("number", "<=", 1, [1]),
        ("boolean", "==", True, 1), ("boolean", "<=", True, True), ("text", "<=", "abc", "b"),
        ("text", "==", "1.10", 1.1), ("text", "in", "a", "abc"),
        ("duration", "<=", "10s", "10"), ("text", "==", TierOutput(Tier.INFRASTRUCTURE, "x"), "x"),
    ],
)  # fmt: skip
def test_what_cannot_be_compared_is_never_kept(kind: str, operator: str, value: Any, bound: Any) -> None:
    with pytest.raises(rules.IncomparableError):
        rules.holds(kind, operator, value, bound)


def test_omission_is_no_escape() -> None:
    assert breach(limit("memory", "<=", "1Gi"), container()) == rules.Breach(None, (), "")
    assert breach(limit("memory", "<=", "1Gi"), container(resources={"limits": {"memory": "1Gi"}})) is None
    assert breach(limit("replicas", "<=", 10), container()) is None
    assert breach(limit("ingress.tls", "==", True), container()) is None
    assert breach(limit("ports.container_port", ">=", 1024), container()) is None
    assert breach(limit("env.LOG_LEVEL", "in", ["info"]), container()) == rules.Breach(None, (), "")


def test_a_default_is_compared() -> None:
    found = breach(limit("database_connections", "<=", 5), container())
    assert found is not None
    assert (found.actual, found.places) == (10, (("database_connections",),))


def test_every_element_of_a_list_is_compared() -> None:
    properties = CLUSTER.model_validate(
        {
            "version": "1.29",
            "node_groups": [
                {"name": "a", "instance_type": "m", "max_size": 5},
                {"name": "b", "instance_type": "m", "max_size": 50},
            ],
        }
    )
    found = breach(limit("node_groups.max_size", "<=", 10), properties)
    assert found == rules.Breach(50, (("node_groups", 1, "max_size"),), "")


def test_fields_that_stand_for_others_are_bound() -> None:
    found = breach(limit("memory", "<=", "1Gi"), container(resources={"limits": {"memory": "2Gi"}}))
    assert found is not None
    assert ("resources", "limits", "memory") in found.places

    class Scaling(CapabilityProperties):
        """Stands for a field it does not have."""

        STANDS_FOR = {"max_replicas": "replicas"}  # noqa: RUF012
        max_replicas: int | None = None

    assert breach(limit("replicas", "<=", 10), Scaling(max_replicas=11)) == rules.Breach(11, (("max_replicas",),), "")
    assert breach(limit("replicas", "<=", 10), Scaling()) == rules.Breach(None, (), "")


@pytest.mark.parametrize(
    ("own", "above", "loose"),
    [
        (("<=", "2Gi"), ("<=", "4Gi"), False),
        (("<=", "8Gi"), ("<=", "4Gi"), True),
        ((">=", "1Gi"), (">=", "2Gi"), True),
        (("==", "8Gi"), ("<=", "4Gi"), True),
        (("in", ["1Gi", "8Gi"]), ("<=", "4Gi"), True),
        (("in", ["1Gi"]), ("in", ["1Gi", "2Gi"]), False),
        (("in", ["3Gi"]), ("in", ["1Gi", "2Gi"]), True),
        ((">=", "1Gi"), ("<=", "4Gi"), False),
        (("not_in", ["1Gi"]), ("not_in", ["2Gi"]), False),
    ],
)
def test_own_constraints_may_only_tighten(own: tuple[str, Any], above: tuple[str, Any], loose: bool) -> None:
    where = rules.fields(CONTAINER, "memory")
    assert where is not None
    assert rules.loosens(limit("memory", *own), limit("memory", *above), where) is loose


@pytest.mark.parametrize(
    ("kind", "value", "bound", "ratio"),
    [
        ("quantity", "8Gi", "4Gi", 2),
        ("duration", "1m", "30s", 2),
        ("number", 15, 10, "1.5"),
        ("text", "2", "1", None),
        ("number", 1, 0, None),
    ],
)
def test_how_many_times(kind: str, value: Any, bound: Any, ratio: Any) -> None:
    found = rules.ratio(kind, value, bound)
    assert (found is None) == (ratio is None)
    assert found is None or str(found.normalize()) == str(ratio)


def test_a_request_is_no_limit() -> None:
    asked = CONTAINER.model_validate({"image": "a", "resources": {"requests": {"memory": "512Mi", "cpu": 1}}})
    for constraint in (limit("memory", "<=", "1Gi"), limit("cpu", "<=", 2)):
        assert breach(constraint, asked) == rules.Breach(None, (), "")
    both = CONTAINER.model_validate({"image": "a", "memory": "1Gi", "resources": {"requests": {"memory": "512Mi"}}})
    assert breach(limit("memory", "<=", "1Gi"), both) is None
    said = CONTAINER.model_validate({"image": "a", "resources": {"limits": {"memory": "1Gi"}}})
    assert breach(limit("memory", "<=", "1Gi"), said) is None

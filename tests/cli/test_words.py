from __future__ import annotations

import io
import math
from decimal import Decimal

import pytest
from rich.console import Console

from platform_pulumi.cli.live import LiveDisplay
from platform_pulumi.cli.views import words
from platform_pulumi.cli.views.fields import Hidden, field_name, hidden_fields
from platform_pulumi.model import json_form
from platform_pulumi.model.plan import Action, Diff
from platform_pulumi.model.plan.ranges import Range
from platform_pulumi.model.tier import Tier, TierKey
from platform_pulumi.model.value import OutputValue, Secret
from platform_pulumi.operations.events import TierFinished, TierStarted
from tests.cli import samples


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Action.CREATE, "create"),
        (1.5, 1.5),
        (math.nan, "nan"),
        (-math.inf, "-inf"),
        (Decimal("1.10"), "1.10"),
        ({1: (True, None)}, {"1": [True, None]}),
        (frozenset({"b", "a"}), ["a", "b"]),
        (Secret("x"), "[secret]"),
        (OutputValue("string", "x", secret=True), "OutputValue(string, [secret])"),
    ],
)
def test_plain_values(value: object, expected: object) -> None:
    assert json_form.plain(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("plain", "plain"),
        ("two words", '"two words"'),
        ("", '""'),
        (None, "null"),
        (samples.UNKNOWN, "(known later)"),
        ([samples.UNKNOWN, {"a": samples.UNKNOWN}], '["(known later)", {"a": "(known later)"}]'),
        ({"unknown": True, "other": 1}, '{"unknown": true, "other": 1}'),
        # As a declaration is recorded.
        ({"reference": "shared_primitives.url"}, "${shared_primitives.url}"),
        ({"template": ["http://", {"reference": "tier.host"}, ":80"]}, "http://${tier.host}:80"),
    ],
)
def test_shown_values(value: object, expected: str) -> None:
    assert words.format_value(value) == expected


def test_changes() -> None:
    assert words.change(Diff("p", "a", None)) == "a -> unset"
    assert words.change(Diff("p", None, unknown=True), ("infrastructure.vpc.id",)).startswith(
        "known after infrastructure"
    )
    assert words.change(Diff("p", "a", unknown=True)) == "a -> known after the apply"
    assert words.change(Diff("p", "a", "b", secret=True)) == "secret, changed"
    assert words.change(Diff("p", unknown=True, secret=True)) == "secret, may change"


def test_what_is_waited_for_names_each_tier_once() -> None:
    assert words.waits_for(["infrastructure.a.x", "infrastructure.a.y", "infrastructure.b.x"]) == "infrastructure.a, .b"
    assert words.known_after(["a.b.c", "d.e.f"]) == "known after a and d are applied"


def test_what_is_waited_for_in_the_same_tier_is_told_from_what_is_above() -> None:
    two = "shared_primitives"
    waits = ["infrastructure.vpc.id", f"{two}.db.db-access", f"{two}.db.db-group", f"{two}.queue.queue"]
    assert words.waits_for(waits, two) == "infrastructure.vpc, db and queue of its own tier"
    assert words.waits_for([f"{two}.db.db"], two) == "db of its own tier"


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        (None, []),
        ({"env": {"A": samples.UNKNOWN, "B": "[secret]"}}, [("env.A", Hidden.UNKNOWN), ("env.B", Hidden.SECRET)]),
        ({"envs": ["A=1", "[secret]"]}, [("env[1]", Hidden.SECRET)]),
        ({"env": [{"name": "A", "valueFrom": {"key": samples.UNKNOWN}}]}, [("env.A", Hidden.UNKNOWN)]),
        ({"a": [samples.UNKNOWN, {"b": "[secret]"}]}, [("a[1].b", Hidden.SECRET)]),
    ],
)
def test_hidden_fields(inputs: dict[str, object] | None, expected: list[tuple[str, Hidden]]) -> None:
    assert list(hidden_fields(inputs)) == expected


def test_a_variable_is_called_by_its_name_where_that_is_known() -> None:
    inputs = {"spec": {"containers": [{"env": [{"name": "A", "value": "1"}]}]}}
    assert field_name("spec.containers[0].env[0].value", inputs) == "env.A"
    assert field_name("spec.containers[0].env[0].value", None, inputs) == "env.A"
    assert field_name("spec.containers[0].env[7].value", inputs) == "spec.containers[0].env[7].value"
    assert field_name("spec.replicas", inputs) == "spec.replicas"


def test_two_applications_at_once_share_the_display() -> None:
    text = io.StringIO()
    display = LiveDisplay(Console(file=text, force_terminal=True, width=120))
    display(TierStarted(TierKey(Tier.APPLICATION, "api"), "applying", Range.exactly(1)))
    display(TierStarted(TierKey(Tier.APPLICATION, "jobs"), "applying", None))
    display(TierFinished(TierKey(Tier.APPLICATION, "api"), True))
    display(TierFinished(TierKey(Tier.APPLICATION, "jobs"), False))
    display.close()
    assert "3 application/api  failed after 0 of 1 resource," in text.getvalue()
    assert "3 application/jobs  applied, 0 resources" in text.getvalue()

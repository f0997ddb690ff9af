"""Counts of a plan as ranges: what waits may weaken, and nothing that may happen is left out."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from platform_pulumi.model.plan import Action, PlanAction, document
from platform_pulumi.model.plan.ranges import Range, changing, ranges, readings
from platform_pulumi.model.plan.refinement import refines
from tests.cli import samples

WAITS = ("infrastructure.vpc.id",)
SCHEMA = Path(__file__).parents[2] / "docs" / "plan-v1.schema.json"


def act(kind: Action, name: str = "one", *, waits: bool = False) -> PlanAction:
    return samples.action(kind, "c", name, "aws:s3/bucket:Bucket", waits_for=WAITS if waits else ())


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (Action.REPLACE, {"replace": Range(0, 1), "update": Range(0, 1), "no-op": Range(0, 1)}),
        (Action.UPDATE, {"update": Range(0, 1), "no-op": Range(0, 1)}),
        (Action.NO_OP, {"no-op": Range(1, 1)}),
        (Action.CREATE, {"create": Range(1, 1)}),
        (Action.DELETE, {"delete": Range(1, 1)}),
        (Action.IMPORT, {"import": Range(1, 1)}),
        (Action.OTHER, {"other": Range(1, 1)}),
    ],
)
def test_what_a_conditional_action_may_turn_out_to_be(kind: Action, expected: dict[str, Range]) -> None:
    assert ranges([act(kind, waits=True)]) == expected
    assert ranges([act(kind)]) == {kind.value: Range(1, 1)}


@pytest.mark.parametrize(("was", "now"), list(product(Action, Action)))
@pytest.mark.parametrize("waits", [True, False])
def test_a_reading_is_what_an_approval_lets_pass(was: Action, now: Action, waits: bool) -> None:
    """What is shown and what refinement checks is one rule, but for reads, which change nothing."""
    still = {Action.NO_OP, Action.READ}
    planned = act(was, waits=waits)
    held = refines(samples.tier_plan(samples.TWO, (planned,)), samples.tier_plan(samples.TWO, (act(now),))).holds
    assert held == (now in readings(planned) or {was, now} <= still)


def test_certain_and_conditional_ones_make_a_range() -> None:
    plan = [act(Action.UPDATE, f"u{n}", waits=n > 1) for n in range(5)] + [act(Action.REPLACE, "r", waits=True)]
    assert {name: str(count) for name, count in ranges(plan).items()} == {
        "update": "2-6",
        "replace": "0-1",
        "no-op": "0-4",
    }
    assert changing(plan) == Range(2, 6)
    assert changing([act(Action.NO_OP), act(Action.READ), act(Action.CREATE, waits=True)]) == Range(1, 1)


def test_a_range_that_may_be_more_than_nothing_is_true() -> None:
    assert (bool(Range(0, 0)), bool(Range(0, 1)), str(Range(0, 1)), str(Range(2, 2))) == (False, True, "0-1", "2")


def test_the_document_holds_the_strongest_reading_and_the_range() -> None:
    plan = samples.plan(samples.tier_plan(samples.TWO, (act(Action.DELETE, "a"), act(Action.REPLACE, "b", waits=True))))
    section: dict[str, Any] = document.write(plan)["tiers"][0]
    assert (section["summary"]["delete"], section["summary"]["replace"], section["summary"]["update"]) == (1, 1, 0)
    assert section["ranges"]["replace"] == {"least": 0, "most": 1}
    assert section["ranges"]["update"] == {"least": 0, "most": 1}
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    assert "ranges" in schema["$defs"]["tier"]["required"]

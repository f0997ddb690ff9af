from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from platform_pulumi.model.plan import Plan, document
from tests.cli import samples

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "plan-v1.schema.json").read_text(encoding="utf-8"))


def closed(schema: Any) -> Any:
    """The schema with every described object closed: what a document says has to be described."""
    if isinstance(schema, dict):
        inner = {key: closed(value) for key, value in schema.items()}
        if schema.get("type") == "object" and "properties" in schema and "additionalProperties" not in schema:
            inner["additionalProperties"] = False
        return inner
    return [closed(item) for item in schema] if isinstance(schema, list) else schema


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("make", samples.PLANS.values())
def test_every_plan_keeps_to_it_and_every_field_is_described(make: Callable[[], Plan]) -> None:
    validator = Draft202012Validator(closed(SCHEMA))
    errors = [f"{error.json_path}: {error.message}" for error in validator.iter_errors(document.write(make()))]
    assert errors == []


def test_every_described_field_occurs_in_some_plan() -> None:
    """A field that is only promised would never be noticed missing."""
    seen: set[str] = set()
    for make in samples.PLANS.values():
        collect(document.write(make()), seen)
    described = {
        name
        for definition in (SCHEMA, *SCHEMA["$defs"].values())
        for name in definition["properties"]
        if definition is not SCHEMA["$defs"]["approval"]
    }
    assert described - seen == set()


def collect(value: Any, seen: set[str]) -> None:
    if isinstance(value, dict):
        seen.update(value)
        for item in value.values():
            collect(item, seen)
    elif isinstance(value, list):
        for item in value:
            collect(item, seen)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda plan: plan.pop("tiers"),
        lambda plan: plan["tiers"][0].update(digest="md5:1"),
        lambda plan: plan["tiers"][0]["actions"][0].update(certainty="conditional"),
        lambda plan: plan["tiers"][0]["actions"][0].update(waitsFor=["a.b"]),
        lambda plan: plan["tiers"][1]["outputs"]["db_password"].update(value="x"),
        lambda plan: plan["tiers"][0]["outputs"]["vpc_cidr"].pop("value"),
        lambda plan: plan.update(context="acme"),
    ],
)
def test_it_refuses_what_is_no_plan(spoil: Callable[[dict[str, Any]], Any]) -> None:
    plan = document.write(samples.from_nothing())
    spoil(plan)
    assert not Draft202012Validator(SCHEMA).is_valid(plan)


def test_a_secret_value_that_slips_into_the_model_is_not_in_the_document() -> None:
    output = samples.PlannedOutput("string", "new", samples.CANARY, secret=True)
    diff = samples.Diff("password", samples.CANARY, samples.CANARY, secret=True)
    action = samples.action(samples.Action.UPDATE, "a", "a", "aws:s3/bucket:Bucket", diff=(diff,))
    secret = samples.action(
        samples.Action.CREATE, "b", "b", "aws:s3/bucket:Bucket", after={"x": [samples.Secret(samples.CANARY)]}
    )
    plan = samples.plan(samples.tier_plan(samples.ONE, (action, secret), outputs={"o": output}))
    assert samples.CANARY not in json.dumps(document.write(plan))

"""Fields of an action as they are named on a page: variables by their names, wherever in a list they stand."""

from __future__ import annotations

from typing import Any

import pytest

from platform_pulumi.cli.views.fields import field_changes
from platform_pulumi.cli.views.words import change
from platform_pulumi.model.plan import Action, Diff, PlanAction
from platform_pulumi.model.redaction import REDACTED

ENV = "spec.containers[0].env"
REFERENCE = {"valueFrom": {"secretKeyRef": {"name": "keys", "key": "TOKEN"}}}
UNKNOWN = {"unknown": True, "type": "string"}


def variables(**values: Any) -> list[dict[str, Any]]:
    return [{"name": name, **(held if "valueFrom" in held else {"value": held})} for name, held in values.items()]


def update(before: list[dict[str, Any]], after: list[dict[str, Any]], *diffs: Diff) -> list[str]:
    """What a page says of an update of a Deployment's environment."""
    action = PlanAction(
        action=Action.UPDATE,
        capability="api",
        resource_name="api",
        resource_type="kubernetes:apps/v1:Deployment",
        provider="",
        urn="urn:pulumi:dev::acme::kubernetes:apps/v1:Deployment::api",
        before={"spec": {"containers": [{"env": before}]}},
        after={"spec": {"containers": [{"env": after}]}},
        diff=diffs,
    )
    return [f"{name}: {change(diff)}" for name, diff in field_changes(action, diffs)]


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        (
            variables(DB="db-1", TOKEN=REFERENCE, MODE="10"),
            variables(AAA="x", DB="db-1", TOKEN=REFERENCE, MODE="10"),
            ["env.AAA: unset -> x"],
        ),
        (variables(A="1"), variables(A="1", B="3"), ["env.B: unset -> 3"]),
        (
            variables(A="1", TOKEN=REFERENCE, MODE="10"),
            variables(TOKEN=REFERENCE, MODE=UNKNOWN),
            ["env.MODE: 10 -> known after the apply", "env.A: 1 -> unset"],
        ),
        (variables(A="1", B="2"), variables(B="2", A="1"), ['env, in this order: ["A", "B"] -> ["B", "A"]']),
        (variables(A="1", B=REDACTED), variables(B=REDACTED), ["env.B: secret, may change", "env.A: 1 -> unset"]),
        (variables(A="1"), variables(B=REDACTED, A="1"), ["env.B: secret"]),
    ],
)
def test_variables_that_have_moved_are_compared_by_name(before: Any, after: Any, shown: list[str]) -> None:
    assert update(before, after, Diff(f"{ENV}[0].name"), Diff(f"{ENV}[0].value"), Diff(f"{ENV}[1]")) == shown


def test_variables_in_their_places_are_as_the_engine_says() -> None:
    assert update(variables(A="1", B="2"), variables(A="1", B="3"), Diff(f"{ENV}[1].value", "2", "3")) == [
        "env.B: 2 -> 3"
    ]


def test_what_else_changes_stays_in_its_order() -> None:
    others = Diff("spec.replicas", 1, 2), Diff("spec.paused", None, True)
    assert update(variables(A="1"), variables(B="1"), others[0], Diff(f"{ENV}[0].name", "A", "B"), others[1]) == [
        "spec.replicas: 1 -> 2",
        "env.B: unset -> 1",
        "env.A: 1 -> unset",
        "spec.paused: unset -> true",
    ]

"""The comparison sees every kind of lie: a plan that is true, and one with a single sentence changed."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from tests.truth.comparison import compare
from tests.truth.impact import compare_impact
from tests.truth.running import Happened, Recorded

STACK = "acme-infrastructure/fuzz"
URN = "urn:pulumi:fuzz::acme-infrastructure::platform:mock:Network$mock:index:Network::net"
USER = "urn:pulumi:fuzz::acme-infrastructure::platform:mock:LoadBalancer$mock:index:LoadBalancer::door"
PARENTS = {
    URN: "urn:pulumi:fuzz::acme-infrastructure::platform:mock:Network::net",
    USER: "urn:pulumi:fuzz::acme-infrastructure::platform:mock:LoadBalancer::door",
}


def action(urn: str, what: str, **more: Any) -> dict[str, Any]:
    kind, name = urn.split("::")[2].rpartition("$")[2], urn.split("::")[3]
    return {
        "action": what, "capability": name, "resourceName": name, "resourceType": kind, "urn": urn,
        "certainty": "certain", "diff": [], **more,
    }  # fmt: skip


def true() -> Happened:
    """A network moves to another range, and with it what uses it."""
    moved = {"path": "cidr", "oldValue": "10.1.0.0/16", "newValue": "10.2.0.0/16", "replaces": True}
    follows = {"path": "ids", "oldValue": ["subnet-0001"], "newValue": None, "unknown": True}
    after: dict[str, Any] = {"ids": {"unknown": True, "type": "array"}, "password": "[secret]"}
    plan = {
        "operation": "up",
        "tiers": [
            {
                "tier": "infrastructure",
                "stack": f"organization/{STACK}",
                "actions": [
                    action(URN, "replace", diff=[moved], after={"cidr": "10.2.0.0/16"}),
                    action(USER, "update", certainty="conditional", diff=[follows], after=after),
                ],
                "outputs": {
                    "net:ids": {"type": "list", "unknown": True, "change": "may-change"},
                    "net:cidr": {"type": "string", "value": "10.2.0.0/16", "change": "changed"},
                },
            }
        ],
        "impact": [{"changed": "infrastructure.net", "action": "replace", "affected": [{"capability": "door"}]}],
    }
    before = Recorded(
        {URN: {"cidr": "10.1.0.0/16"}, USER: {"ids": ["subnet-0001"], "password": "[secret]"}},
        {"net:ids": ["subnet-0001"], "net:cidr": "10.1.0.0/16"},
        PARENTS,
    )
    now = Recorded(
        {URN: {"cidr": "10.2.0.0/16", "__defaults": []}, USER: {"ids": ["subnet-0002"], "password": "[secret]"}},
        {"net:ids": ["subnet-0002"], "net:cidr": "10.2.0.0/16"},
        PARENTS,
    )
    return Happened(plan, {STACK: {URN: "replace", USER: "update"}}, {STACK: before}, {STACK: now})


def kinds(happened: Happened) -> list[str]:
    return [mismatch.kind for mismatch in (*compare(happened), *compare_impact(happened))]


def lie(path: tuple[Any, ...], value: Any) -> list[str]:
    """The kinds that are seen where one sentence of the plan is another."""
    told = true()
    plan = copy.deepcopy(told.plan)
    at: Any = plan
    for step in path[:-1]:
        at = at[step]
    if value is None:
        del at[path[-1]]
    else:
        at[path[-1]] = value
    return kinds(Happened(plan, told.actions, told.before, told.after))


def did(**actions: str) -> list[str]:
    """The kinds that are seen where something else happened."""
    told = true()
    return kinds(Happened(told.plan, {STACK: {URN: actions["net"], USER: actions["door"]}}, told.before, told.after))


def test_a_true_plan() -> None:
    assert kinds(true()) == []
    assert did(net="replace", door="no-op") == []


NET, DOOR = ("tiers", 0, "actions", 0), ("tiers", 0, "actions", 1)
OUTPUTS = ("tiers", 0, "outputs")


@pytest.mark.parametrize(
    ("path", "value", "kind"),
    [
        ((*NET, "action"), "no-op", "actions: unplanned"),
        (NET, None, "actions: unplanned"),
        ((*NET, "action"), "update", "actions: another"),
        ((*DOOR, "action"), "create", "certainty: conditional is no weaker"),
        ((*NET, "diff"), [], "diffs: not said"),
        ((*NET, "diff", 0, "oldValue"), "10.9.0.0/16", "diffs: old value"),
        ((*NET, "diff", 0, "newValue"), "10.9.0.0/16", "diffs: new value"),
        ((*NET, "after", "cidr"), "10.9.0.0/16", "diffs: planned input"),
        ((*DOOR, "after", "ids"), {"unknown": True, "type": "string"}, "diffs: unknown of another type"),
        ((*OUTPUTS, "net:cidr", "change"), "same", "outputs: said to be same"),
        ((*OUTPUTS, "net:cidr", "value"), "10.9.0.0/16", "outputs: value"),
        ((*OUTPUTS, "net:ids", "type"), "string", "outputs: type"),
        ((*OUTPUTS, "net:ids"), None, "outputs: not said"),
        (("impact", 0, "affected"), [], "impact: consumer not named"),
        (("impact", 0, "action"), "delete", "impact: said to be deleted"),
    ],
)
def test_every_lie_is_seen(path: tuple[Any, ...], value: Any, kind: str) -> None:
    assert kind in lie(path, value)


def test_a_certain_action_that_did_not_happen() -> None:
    assert did(net="no-op", door="no-op") == ["certainty: certain did not happen"]


def test_a_conditional_action_that_became_stronger() -> None:
    assert did(net="replace", door="replace") == ["certainty: conditional is no weaker"]


def test_a_stack_that_nobody_planned() -> None:
    told = true()
    actions = {**told.actions, "acme-application/fuzz.old": {"urn": "delete"}}
    assert kinds(Happened(told.plan, actions, told.before, told.after)) == ["actions: unplanned stack"]

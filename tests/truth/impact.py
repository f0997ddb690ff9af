"""The impact that a plan announces, against the values that flowed.

A witness: an output had one value before and another after (or is gone), and a resource of another capability had the
first among its inputs and has it no more, and was changed. Whoever approves has to see that pair in `impact`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from platform_pulumi.model.urn import capability_of
from tests.truth.comparison import Mismatch
from tests.truth.running import Happened, Recorded

#: Shorter values are not found again for certain.
_LEAST = 8
_STILL = {"no-op", "read", "create"}
_EMPTY = Recorded()


def compare_impact(happened: Happened) -> list[Mismatch]:
    """Consumers that were changed by what they consume and that the plan does not name, and verbs that are not true."""
    plan = happened.plan
    announced = {
        (impact["changed"].split(".")[0], impact["changed"].split(".")[1], reached["capability"])
        for impact in plan["impact"]
        for reached in impact["affected"]
    }
    found = [
        Mismatch("impact: consumer not named", f"{tier}.{name}.{output} -> {consumer}", None, action)
        for tier, name, output, consumer, action in sorted(set(_flows(happened)))
        if (tier, name, consumer) not in announced
    ]
    return [*found, *_verbs(happened)]


def _flows(happened: Happened) -> Iterator[tuple[str, str, str, str, str]]:
    tiers = {_key(section["stack"]): section["tier"] for section in happened.plan["tiers"]}
    for stack, tier in tiers.items():
        before, after = happened.before.get(stack, _EMPTY), happened.after.get(stack, _EMPTY)
        for name, old in before.outputs.items():
            capability, colon, field = name.partition(":")
            if not colon or after.outputs.get(name) == old:
                continue
            gone = [value for value in _leaves(old) if value not in set(_leaves(after.outputs.get(name)))]
            for value in gone:
                yield from (
                    (tier, capability, field, consumer, action)
                    for consumer, action in _consumers(happened, tiers, value)
                    if consumer != capability
                )


def _consumers(happened: Happened, tiers: Mapping[str, str], value: str) -> Iterator[tuple[str, str]]:
    """The capabilities with a changed resource that had this value among its inputs, and has it no more."""
    for stack in tiers:
        before, after = happened.before.get(stack, _EMPTY), happened.after.get(stack, _EMPTY)
        for urn, action in happened.actions.get(stack, {}).items():
            if action in _STILL or action == "delete" or urn not in before.inputs or urn not in after.inputs:
                continue
            if value in json.dumps(before.inputs[urn]) and value not in json.dumps(after.inputs[urn]):
                owner = capability_of(urn, before.parents)
                if owner:
                    yield owner, action


def _verbs(happened: Happened) -> Iterator[Mismatch]:
    """`delete` is said of a capability that is gone; `replace` where something of it goes and something comes.

    That is a resource that is replaced, or one of another type in its place: a queue for a broker.
    """
    for impact in happened.plan["impact"]:
        tier, name = impact["changed"].split(".")[:2]
        actions = [
            action
            for section in happened.plan["tiers"]
            if section["tier"] == tier
            for action in section["actions"]
            if action["capability"] == name
        ]
        remains = any(action["action"] != "delete" for action in actions)
        if impact["action"] == "delete" and remains:
            parts = sorted({action["resourceType"] for action in actions if action["action"] == "delete"})
            yield Mismatch("impact: said to be deleted", impact["changed"], impact["action"], f"a part of it: {parts}")
        kinds = {action["action"] for action in actions}
        if impact["action"] == "replace" and "replace" not in kinds and not {"create", "delete"} <= kinds:
            yield Mismatch("impact: said to be replaced", impact["changed"], impact["action"], "nothing of it is")


def _leaves(value: Any) -> list[str]:
    if isinstance(value, list):
        return [leaf for item in value for leaf in _leaves(item)]
    return [value] if isinstance(value, str) and len(value) >= _LEAST else []


def _key(stack: str) -> str:
    return "/".join(stack.split("/")[-2:])

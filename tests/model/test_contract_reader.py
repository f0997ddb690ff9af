"""A contract is read whole, or refused: a limit that is not understood must never count as none."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from typing import Any

import pytest

from platform_pulumi.errors import Position
from platform_pulumi.model import contract_reader
from platform_pulumi.model.capability import CapabilityRef
from platform_pulumi.model.constraint import Constraint
from platform_pulumi.model.contract import ProviderRecord, TierContract, Use
from platform_pulumi.model.platform import Mode, OutputDeclaration
from platform_pulumi.model.tier import Tier, TierKey

HERE = Position("platform.yaml", 7, 9)
ONE, TWO, THREE = Tier
CONTRACT = TierContract(
    tier=TWO,
    application=None,
    context="acme/prod",
    providers=(ProviderRecord("aws", "7.51.1", "simulated"),),
    capabilities=(CapabilityRef(TWO, "ns", "namespace"), CapabilityRef(TWO, "db", "database")),
    constraints=(
        Constraint("memory", "<=", "4Gi", TWO.label, HERE),
        Constraint("image", "in", ("a", "b"), TWO.label, HERE),
        Constraint("replicas", ">=", 2, TWO.label, HERE),
        Constraint("ingress.tls", "==", True, TWO.label, HERE),
    ),
    outputs=(OutputDeclaration("db_host", "db", "host", "string", HERE),),
    mode=Mode.PLAN_AND_APPROVE,
    quotas={"ns": {"cpu": "8000m", "memory": "16Gi", "pods": 8, "at": str(HERE)}},
    usage={"ns": {"cpu": "1.1m", "memory": "1536Mi", "pods": 6}},
    uses=(Use("db", ONE, "vpc", need="network"), Use("db", TWO, "ns", "name", "ns_name", hard=False)),
    declared_with=(TierKey(THREE, "shop"),),
    declared=({"name": "db", "type": "database", "provider": "aws", "properties": {"a": [1, None]}, "bindings": {}},),
    locations={"aws": {"region": "eu-west-1"}},
    routing={"aws": (), "docker": ("database",)},
    settings={"docker": {"images": {"gateway": "caddy:2"}}},
    floors={THREE: Mode.PLAN_AND_APPROVE},
)


def document() -> Any:
    return json.loads(json.dumps(CONTRACT.to_json()))


def test_it_is_read_back_equal() -> None:
    found = contract_reader.read(json.dumps(document()))
    assert found == CONTRACT
    assert not found.lacking


@pytest.mark.parametrize("member", ["uses", "declaredWith", "locations", "declared", "floors", "routing", "settings"])
def test_an_earlier_version_says_nothing_of_what_came_later(member: str) -> None:
    earlier = document()
    del earlier[member]
    assert contract_reader.read(json.dumps(earlier)).lacking == {member}


@pytest.mark.parametrize(
    ("path", "value", "why"),
    [
        (("constraints", 0, "operator"), "~=", "constraints[0].operator: '~=' is none of <=, >=, ==, in, not_in"),
        (("constraints", 0, "operator"), "=<", "constraints[0].operator: '=<' is none of <=, >=, ==, in, not_in"),
        (("constraints",), {}, "constraints: a list is expected"),
        (("constraints",), None, "constraints is not what this version would write there"),
        (("constraints", 0, "value"), "lots", "lots is no amount"),
        (("constraints", 0, "value"), float("nan"), "nan is no amount"),
        (("constraints", 0, "value"), ["4Gi"], "`<=` takes one value"),
        (("constraints", 1, "value"), "a", "`in` takes a list"),
        (("constraints", 1, "value"), [], "`in` takes a list"),
        (("constraints", 0, "unless"), "weekend", "constraints[0].unless is not what this version"),
        (("constraints", 0, "at"), "platform.yaml", "constraints[0].at"),
        (("quotas", "ns", "pods"), "8", "quotas.ns.pods: a whole number is expected"),
        (("quotas", "ns", "pods"), True, "quotas.ns.pods: a whole number is expected"),
        (("quotas", "ns", "memory"), "-1Gi", "'-1Gi' is no amount"),
        (("quotas", "ns", "cpu"), "8e9", "'8e9' is no amount"),
        (("quotas", "ns", "gpu"), 1, "quotas.ns.gpu is not what this version"),
        (("quotas",), [], "quotas: an object is expected"),
        (("quotas", "ns"), None, "quotas.ns"),
        (("usage", "ns", "pods"), -6, "-6 is no amount"),
        (("mode",), "apply", "mode: 'apply' is none of the known values"),
        (("mode",), None, "'mode' is missing"),
        (("providers", 0, "plugin"), "remote", "'remote' is none of official, embedded, simulated"),
        (("uses", 0, "hard"), "no", "hard: true or false is expected"),
        (("limits",), [], "limits is not what this version would write there"),
        (("declared", 0, "name"), 5, "declared[0].name: text is expected"),
        (("locations", "aws", "region"), 5, "text is expected"),
        (("floors", "application"), "sometimes", "floors.application: 'sometimes' is none of the known values"),
        (("floors", "fourth"), "auto_apply", "floors: 'fourth' is none of the known values"),
        (("routing", "aws"), "database", "a list is expected"),
    ],
)
def test_what_is_not_understood_is_refused(path: tuple[Any, ...], value: Any, why: str) -> None:
    edited = document()
    at = edited
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = value
    with pytest.raises(ValueError) as refused:  # noqa: PT011  # why says what
        contract_reader.read(json.dumps(edited))
    assert why in str(refused.value)


def test_neither_depth_nor_another_version_is_a_crash() -> None:
    for text in ("[" * 100_000, '{"version": "platform-contract/v2"}', "null", "", None, 7):
        with pytest.raises(ValueError):  # noqa: PT011
            contract_reader.read(text)


@pytest.mark.parametrize("seed", range(20))
def test_a_contract_that_was_changed_at_random_is_refused_or_says_what_stands_there(seed: int) -> None:
    dice = random.Random(seed)  # no secret
    for _ in range(100):
        edited = _mutated(document(), dice)
        try:
            found = contract_reader.read(json.dumps(edited))
        except ValueError:
            continue
        lacking = {name: edited.get(name) for name in found.lacking}
        assert json.loads(json.dumps(found.to_json())) | lacking == edited | lacking


def _mutated(edited: Any, dice: random.Random) -> Any:
    holder, key = dice.choice(list(_places(edited)))
    way = dice.randrange(4)
    if way == 0:
        del holder[key]
    elif way == 1 and isinstance(holder, dict):
        holder[f"{key}x"] = holder.pop(key)
    elif way == 2:
        _, other = dice.choice([(h, h[k]) for h, k in _places(edited)])
        holder[key] = copy.deepcopy(other)
    else:
        holder[key] = dice.choice([None, True, 0, -1, 1.5, "", "x", [], {}, [[]], {"a": 1}, "1e999", "9" * 400])
    return edited


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every member and item, with what holds it."""
    for key, item in value.items() if isinstance(value, dict) else enumerate(value):
        yield value, key
        if isinstance(item, (dict, list)):
            yield from _places(item)

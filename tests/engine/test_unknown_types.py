"""The types of unknown inputs, from the event log of a run and the types of its providers' packages."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from platform_pulumi.engine.property_values import with_types
from platform_pulumi.engine.unknown_types import read_unknown_types
from platform_pulumi.model.context import Context
from platform_pulumi.model.contract import TierContract
from platform_pulumi.model.platform import Mode
from platform_pulumi.model.tier import Tier
from platform_pulumi.model.unknown import UNKNOWN, UNKNOWN_TYPES
from platform_pulumi.sdk.run import ProviderRun, TierRun

CONTEXT, TIER = Context("acme", "prod"), Tier.SHARED_PRIMITIVES
SUBNETS, CLUSTER = "aws:rds/subnetGroup:SubnetGroup", "mock:index:KubernetesCluster"


def run(*providers: str) -> TierRun:
    contract = TierContract(TIER, None, "acme/prod", (), (), (), (), Mode.AUTO_APPLY)
    made = {name: ProviderRun(name) for name in providers}
    return TierRun(CONTEXT, TIER, None, CONTEXT.stack(TIER), (), (), made, contract)


def event(kind: str, new: Mapping[str, Any], old: Mapping[str, Any] | None = None) -> str:
    metadata = {"op": "update", "urn": f"urn:{kind}", "type": kind, "new": {"inputs": new}}
    return json.dumps({"resourcePreEvent": {"metadata": {**metadata, **({"old": {"inputs": old}} if old else {})}}})


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """The file of an event log."""
    return tmp_path / "events.jsonl"


def test_an_unknown_input_is_of_its_propertys_type_nested_too(log: Path) -> None:
    wired = {"network": {"id": UNKNOWN, "private_subnet_ids": UNKNOWN}, "version": "1.29"}
    log.write_text("\n".join((event(SUBNETS, {"subnetIds": UNKNOWN, "name": UNKNOWN}), event(CLUSTER, wired))))
    assert read_unknown_types(log, run("aws", "mock")) == {
        f"urn:{SUBNETS}": {"subnetIds": "array", "name": "string"},
        f"urn:{CLUSTER}": {"network.id": "string", "network.private_subnet_ids": "array"},
    }


@pytest.mark.parametrize(
    ("old", "expected"),
    [(["a"], "array"), ({"a": 1}, "object"), (True, "boolean"), (2, "number"), ("a", "string"), (None, "string")],
)
def test_of_what_no_sdk_tells_the_recorded_value_does(log: Path, old: Any, expected: str) -> None:
    log.write_text(event("other:index:Thing", {"x": [UNKNOWN]}, {"x": [old]}))
    assert read_unknown_types(log, run("mock")) == {"urn:other:index:Thing": {"x[0]": expected}}


def test_where_nothing_is_unknown_no_sdk_is_read(log: Path) -> None:
    log.write_text(event("aws:no/such:Type", {"x": "known"}))
    assert read_unknown_types(log, run("aws")) == {}


def test_a_log_that_is_not_there_or_broken_off_says_what_it_can(log: Path) -> None:
    assert read_unknown_types(log, run("aws")) == {}
    log.write_text(event(SUBNETS, {"subnetIds": UNKNOWN}) + "\n" + event(SUBNETS, {"name": UNKNOWN})[:-9])
    assert read_unknown_types(log, run("aws")) == {f"urn:{SUBNETS}": {"subnetIds": "array"}}


def test_each_gets_the_sentinel_of_its_type() -> None:
    given = {"ids": UNKNOWN, "block": {"size": UNKNOWN, "a.b": [UNKNOWN, 1]}, "name": UNKNOWN, "known": "x"}
    made = with_types(given, {"ids": "array", "block.size": "number", 'block["a.b"][0]': "object", "known": "array"})
    assert made["known"] == "x"
    found = (made["ids"], made["block"]["size"], made["block"]["a.b"][0], made["name"])
    assert [UNKNOWN_TYPES[one] for one in found] == ["array", "number", "object", "string"]

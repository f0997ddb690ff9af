"""The values of a plan through the real engine: digest, diffs, certainty, outputs and types of what is unknown."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import UNMEASURED, Project, changes

pytestmark = [pytest.mark.engine, pytest.mark.slow("whole plans of three tiers, several in a row")]
SMALL = """
platform:
  org: acme
  environment: dev
  provider: {name: mock}
  tiers:
    infrastructure: {capabilities: []}
    shared_primitives:
      capabilities:
        - {name: db, type: database, properties: {engine: postgresql, version: "15", password: canary-one}}
        - {name: other, type: database, properties: {engine: postgresql, version: "15", password: canary-other}}
      outputs:
        - {name: db_url, source: db.connectionString, type: string}
        - {name: other_url, source: other.connectionString, type: string}
    application:
      capabilities:
        - name: one
          type: container_runtime
          properties: {image: "a:1", memory: 1Gi, cpu: 1, ports: [{container_port: 80, name: http}]}
        - name: two
          type: container_runtime
          properties: {image: "a:1", memory: 1Gi, cpu: 1, env: {ONE: "${one.endpoint}"}}
"""


def digests(plan: Any) -> list[str]:
    return [tier["digest"] for tier in plan["tiers"]]


def actions(plan: Any) -> Iterator[tuple[str, Any]]:
    for tier in plan["tiers"]:
        for action in tier["actions"]:
            yield tier["tier"], action


def unknowns(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Path and type of every unknown input."""
    if isinstance(value, dict) and value.get("unknown") is True:
        yield path, value["type"]
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from unknowns(item, f"{path}.{name}")
    elif isinstance(value, list):
        for item in value:
            yield from unknowns(item, f"{path}[]")


def test_another_range_is_another_effect_and_shown_wherever_it_reaches(applied: Project) -> None:
    text = applied.file.read_text(encoding="utf-8").replace("primary-cluster", "main-cluster")

    def planned(cidr: str) -> Any:
        applied.file.write_text(text.replace("10.0.0.0/16", cidr), encoding="utf-8")
        return applied.preview()

    five, again, six = planned("10.5.0.0/16"), planned("10.5.0.0/16"), planned("10.6.0.0/16")
    assert digests(five) == digests(again)
    assert all(one != other for one, other in zip(digests(five)[:2], digests(six)[:2], strict=True))

    found = {(tier, action["resourceName"], action["resourceType"].rpartition(":")[2]): action
             for tier, action in actions(five)}  # fmt: skip
    # Its cluster is another one, which is no input of its own: what it is given of the database is.
    deployment = found["application", "api-service", "Deployment"]
    assert (deployment["action"], deployment["replaceKeys"]) == ("replace", ["provider"])
    shown = {diff["path"]: diff for diff in deployment["diff"]}
    (host,) = (path for path, diff in shown.items() if "rds.amazonaws.com" in str(diff["oldValue"]))
    assert shown[host]["unknown"]
    assert not any(diff.get("replaces") for diff in shown.values())

    # What held the id of something that is certainly replaced is certain, what comes from elsewhere is not.
    assert found["infrastructure", "primary-vpc-private-0", "Subnet"]["certainty"] == "certain"
    assert found["infrastructure", "primary-vpc-nat-0", "NatGateway"]["certainty"] == "certain"
    types = dict(unknowns(found["shared_primitives", "shared-postgres", "SubnetGroup"]["after"]))
    assert types == {".subnetIds": "array"}
    # Of a remote component's children, too, which only their plugin registers.
    cluster = dict(unknowns(found["infrastructure", "main-cluster-eksCluster", "Cluster"]["after"]))
    assert cluster[".vpcConfig.subnetIds"] == "array"

    outputs = five["tiers"][1]["outputs"]
    assert outputs["database_endpoint"]["change"] == "may-change"
    assert outputs["shared-postgres:connection_string"] == {"type": "string", "secret": True, "change": "may-change"}
    assert outputs["shared-postgres:username"]["change"] == "same"
    assert five["tiers"][0]["outputs"]["primary-vpc:cidr"]["change"] == "changed"


@pytest.fixture
def small(tmp_path: Path) -> Project:
    """A platform of mock, applied."""
    made = Project(tmp_path, env=UNMEASURED)
    made.file.write_text(SMALL, encoding="utf-8")
    done = made.run("up", "--simulate", "--yes")
    assert done.returncode == 0, done.stderr
    return made


def test_what_may_come_as_nothing_is_said_to_wait_and_secrets_that_may_change_are_said_to(small: Project) -> None:
    small.replace("name: http", "name: web")
    small.replace("canary-one", "canary-two")
    plan = small.preview()
    assert changes(plan) == [
        ("shared_primitives", "update", "db", "mock:index:Database"),
        ("application", "update", "one", "mock:index:ContainerRuntime"),
        ("application", "update", "two", "mock:index:ContainerRuntime"),
    ]
    waits = {action["capability"]: action.get("waitsFor", []) for _, action in actions(plan)}
    assert waits == {"db": [], "other": [], "one": [], "two": ["application.one.one"]}
    outputs = {name: output["change"] for name, output in plan["tiers"][1]["outputs"].items() if ":" not in name}
    assert outputs == {"db_url": "may-change", "other_url": "same"}
    assert "canary" not in json.dumps(plan)
    shown = small.run("preview", "--simulate").stdout
    assert "waits for one of its own tier" in shown
    assert "output db_url   secret, may change" in shown

    applied = small.json("up", "--simulate", "--yes")
    assert applied["tiers"][2]["summary"]["update"] == 1, "the port's name is nothing that its address says"
    assert changes(small.preview()) == []

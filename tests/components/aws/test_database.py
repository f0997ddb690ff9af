"""RDS instances."""

from __future__ import annotations

import json
from typing import Any

import pytest

from components.aws import DEFINITION
from components.aws.database.component import connection_url
from components.aws.message_queue.component import with_credentials

from ..harness import Built, build, declare, run_of
from ..variants import BASES

INSTANCE = "aws:rds/instance:Instance"


def _database(**properties: Any) -> Built:
    return build(DEFINITION, run_of(declare("database", {**BASES["database"], **properties})))


def test_more_storage_is_one_changed_property() -> None:
    before, after = _database(storage_gb=100), _database(storage_gb=200)
    changed = [
        (old.type, key)
        for old, new in zip(before.resources, after.resources, strict=True)
        for key in old.inputs.keys() | new.inputs.keys()
        if old.inputs.get(key) != new.inputs.get(key)
    ]
    assert changed == [(INSTANCE, "allocatedStorage")]


@pytest.mark.parametrize(("asked", "given"), [(5, 20), (20, 20), (21, 21)])
def test_rds_starts_at_its_own_least_storage(asked: int, given: int) -> None:
    assert _database(storage_gb=asked).one(INSTANCE).inputs["allocatedStorage"] == given


def test_rds_manages_the_password_that_nobody_gave() -> None:
    built = _database()
    inputs = built.one(INSTANCE).inputs
    assert inputs["manageMasterUserPassword"] is True
    assert "password" not in inputs
    assert "aws:secretsmanager/secret:Secret" not in built.types()
    assert built.outputs["credential_ref"] == "arn:aws:secretsmanager:us-east-1:1:secret:thing"


def test_a_given_password_is_kept_where_consumers_find_it() -> None:
    built = _database(password="canary-own")
    assert "manageMasterUserPassword" not in built.one(INSTANCE).inputs
    version = built.one("aws:secretsmanager/secretVersion:SecretVersion").inputs["secretString"]
    assert json.loads(version["value"]) == {"username": "platform", "password": "canary-own"}
    assert built.outputs["credential_ref"].endswith("secret:thing-credentials")


@pytest.mark.parametrize(
    ("engine", "version", "name", "port"),
    [("postgresql", "15", "postgres", 5432), ("mysql", "8.0", "mysql", 3306), ("mariadb", "10.11", "mariadb", 3306)],
)
def test_each_engine_has_its_name_and_port(engine: str, version: str, name: str, port: int) -> None:
    built = _database(engine=engine, version=version)
    assert built.one(INSTANCE).inputs["engine"] == name
    rule = built.one("aws:ec2/securityGroup:SecurityGroup").inputs["ingress"][0]
    assert (rule["fromPort"], rule["toPort"], rule["cidrBlocks"]) == (port, port, ["10.0.0.0/16"])


def test_a_last_snapshot_is_taken_unless_declared_otherwise() -> None:
    kept, dropped = _database().one(INSTANCE).inputs, _database(final_snapshot=False).one(INSTANCE).inputs
    assert kept["skipFinalSnapshot"] is False
    assert kept["finalSnapshotIdentifier"]
    assert dropped["skipFinalSnapshot"] is True
    assert "finalSnapshotIdentifier" not in dropped


def test_a_url_holds_any_password() -> None:
    assert (
        connection_url("postgresql", "u", "p@ss/w:rd", "h:5432", "app") == "postgresql://u:p%40ss%2Fw%3Ard@h:5432/app"
    )
    assert connection_url("mysql", "u", None, "h:3306", "app") == "mysql://u@h:3306/app"
    assert with_credentials("amqps://h:5671", "u", "a/b") == "amqps://u:a%2Fb@h:5671"


def test_another_version_than_asked_for_is_told() -> None:
    declared = declare("message_queue", {"engine": "rabbitmq", "version": "3.12"}, name="event-queue")
    (gap,) = DEFINITION.report(declared).gaps
    assert gap.property == "version"
    assert gap.description == "Amazon MQ offers 3.13 and 4.2, not 3.12; 3.13 is used"
    assert not DEFINITION.report(declare("message_queue", {"engine": "rabbitmq", "version": "3.13"})).gaps


def test_another_engine_replaces_the_instance_and_nothing_that_need_not_be() -> None:
    before, after = _database(), _database(engine="mysql", version="8.0")
    for token in ("aws:ec2/securityGroup:SecurityGroup", "aws:rds/subnetGroup:SubnetGroup"):
        old, new = before.one(token).inputs, after.one(token).inputs
        assert (old["name"], old.get("description")) == (new["name"], new.get("description"))

"""Accounts and regions in the simulated world."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from components.aws.simulated import AWS
from components.aws.simulated.place import place
from platform_pulumi.plugins.provider import ProviderError
from platform_pulumi.plugins.sdk_types import SdkTypes
from platform_pulumi.plugins.simulator import Simulator
from platform_pulumi.plugins.value_templates import ACCOUNT
from platform_pulumi.plugins.values import UNKNOWN
from platform_pulumi.plugins.world import World
from tests.plugins.support import done, urn

QUEUE, ROLE = urn("aws:sqs/queue:Queue", "queue"), urn("aws:iam/role:Role", "role")
TYPES = SdkTypes("aws", "pulumi_aws")
ROLES = [{"roleArn": "arn:aws:iam::222222222222:role/deploy"}]


@pytest.mark.parametrize(
    ("config", "account", "region"),
    [
        ({}, ACCOUNT, "us-east-1"),
        ({"region": "eu-west-1"}, ACCOUNT, "eu-west-1"),
        ({"region": UNKNOWN}, ACCOUNT, "us-east-1"),
        ({"allowedAccountIds": json.dumps(["111111111111"])}, "111111111111", "us-east-1"),
        ({"allowedAccountIds": ["111111111111"]}, "111111111111", "us-east-1"),
        ({"allowedAccountIds": UNKNOWN}, ACCOUNT, "us-east-1"),
        ({"assumeRoles": json.dumps(ROLES)}, "222222222222", "us-east-1"),
        ({"assumeRoles": ROLES, "allowedAccountIds": ["222222222222"]}, "222222222222", "us-east-1"),
        ({"assumeRoles": "not JSON"}, ACCOUNT, "us-east-1"),
    ],
)
def test_where_a_provider_leads_to(config: dict[str, Any], account: str, region: str) -> None:
    found = place(config)
    assert (found.account, found.region) == (account, region)
    assert (found.local, found.common) == (f"aws:{account}/{region}", f"aws:{account}")


def test_a_role_of_an_account_that_is_not_allowed() -> None:
    with pytest.raises(ProviderError, match="AWS account ID not allowed: 222222222222; allowed: 111111111111"):
        place({"assumeRoles": ROLES, "allowedAccountIds": ["111111111111"]})


def at(world: World, **config: Any) -> Simulator:
    """A provider with these settings."""
    made = Simulator(AWS, TYPES, world)
    made.configure(config)
    return made


def test_names_are_of_a_region_but_for_iam(tmp_path: Path) -> None:
    with closing(World(tmp_path / "world.sqlite")) as world:
        one, two = at(world, region="us-east-1"), at(world, region="eu-west-1")
        other = at(world, region="us-east-1", allowedAccountIds=["111111111111"])
        made = {id(s): done(s.create(QUEUE, {"name": "orders"}, False)) for s in (one, two, other)}
        assert made[id(other)].outputs["arn"] == "arn:aws:sqs:us-east-1:111111111111:orders"
        done(one.delete(QUEUE, made[id(one)]))
        assert done(two.read(QUEUE, made[id(two)])).id
        role = {"name": "deploy", "assumeRolePolicy": "{}"}
        first = done(one.create(ROLE, role, False))
        assert done(two.read(ROLE, first)).id
        with pytest.raises(ProviderError, match="deploy already exists"):
            done(two.create(urn(ROLE.type, "again"), role, False))
        assert done(other.create(urn(ROLE.type, "again"), role, False)).outputs["arn"].startswith("arn:aws:iam::1111")


def test_what_another_account_has_is_not_there(tmp_path: Path) -> None:
    with closing(World(tmp_path / "world.sqlite")) as world:
        made = done(at(world).create(QUEUE, {"name": "orders"}, False))
        other = at(world, allowedAccountIds=["111111111111"])
        assert not done(other.read(QUEUE, made)).id
        with pytest.raises(ProviderError, match="is not there any more"):
            done(other.update(QUEUE, made, {"name": "orders", "delaySeconds": 1}, False))


def test_another_region_replaces_what_the_provider_holds(tmp_path: Path) -> None:
    """https://github.com/pulumi/pulumi-aws/pull/4000."""
    with closing(World(tmp_path / "world.sqlite")) as world:
        changes = at(world).diff_config({"region": "us-east-1"}, {"region": "eu-west-1"})
        assert [(change.path, change.replaces) for change in changes] == [("region", True)]

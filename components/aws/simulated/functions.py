"""Provider functions of AWS that components call, answered from the simulated world."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from components.aws.simulated.outputs import managed_credentials
from components.aws.simulated.relations import DB_INSTANCE, SECRET
from platform_pulumi.plugins.provider import ProviderError
from platform_pulumi.plugins.table import Function, Place
from platform_pulumi.plugins.value_templates import digest
from platform_pulumi.plugins.values import Properties, Sealed
from platform_pulumi.plugins.world import World

_SECRET_VERSION: Final = "aws:secretsmanager/secretVersion:SecretVersion"


def _secret_version(world: World, place: Place, arguments: Mapping[str, Any]) -> Properties:
    """Answer with the current version of a secret as it was stored, or with what RDS made for a database."""
    arn = str(arguments["secretId"])
    found = [user for user, _ in world.users(place.local, SECRET, arn) if user.type == _SECRET_VERSION]
    version = max(found, key=lambda one: one.changed_at, default=None)
    database = world.find_containing(place.local, DB_INSTANCE, arn)
    if version is not None:
        text = str(world.stored(version).get("secretString") or "")
    elif database is not None:
        text = managed_credentials(str(database.inputs.get("username", "")), arn)
    else:
        message = f"ResourceNotFoundException: there is no secret {arn}, or it has no value"
        raise ProviderError(message)
    return {
        "arn": arn,
        "id": f"{arn}|AWSCURRENT",
        "region": place.region,
        "secretId": arn,
        "secretString": Sealed(text),
        "secretBinary": Sealed(""),
        "versionId": version.outputs.get("versionId") if version is not None else digest(arn)[:32],
        "versionStage": "AWSCURRENT",
        "versionStages": ["AWSCURRENT"],
        "createdDate": "2026-01-01T00:00:00Z",
    }


def _availability_zones(_world: World, place: Place, _arguments: Mapping[str, Any]) -> Properties:
    letters, region = "abc", place.region
    return {
        "id": region,
        "region": region,
        "names": [f"{region}{letter}" for letter in letters],
        "zoneIds": [f"{digest(region)[:4]}-az{number + 1}" for number in range(len(letters))],
        "groupNames": [region],
    }


def _policy_document(_world: World, _place: Place, arguments: Mapping[str, Any]) -> Properties:
    statements = [
        {
            "Effect": statement.get("effect", "Allow"),
            "Action": statement.get("actions", []),
            "Resource": statement.get("resources", []),
            **({"Sid": statement["sid"]} if statement.get("sid") else {}),
        }
        for statement in arguments.get("statements") or []
    ]
    text = json.dumps({"Version": arguments.get("version") or "2012-10-17", "Statement": statements})
    return {"id": digest(text)[:10], "json": text, "minifiedJson": json.dumps(json.loads(text), separators=(",", ":"))}


def _constant(**values: Any) -> Function:
    return lambda _world, _place, _arguments: dict(values)


FUNCTIONS: Mapping[str, Function] = {
    "aws:index/getAvailabilityZones:getAvailabilityZones": _availability_zones,
    "aws:index/getCallerIdentity:getCallerIdentity": lambda _world, place, _arguments: {
        "id": place.account,
        "accountId": place.account,
        "arn": f"arn:aws:iam::{place.account}:user/simulated",
        "userId": "AIDASIMULATED",
    },
    "aws:index/getPartition:getPartition": _constant(
        id="aws", partition="aws", dnsSuffix="amazonaws.com", reverseDnsPrefix="com.amazonaws"
    ),
    "aws:index/getRegion:getRegion": lambda _world, place, _arguments: {
        "id": place.region,
        "name": place.region,
        "region": place.region,
        "endpoint": f"ec2.{place.region}.amazonaws.com",
        "description": place.region,
    },
    "aws:iam/getPolicyDocument:getPolicyDocument": _policy_document,
    "aws:secretsmanager/getSecretVersion:getSecretVersion": _secret_version,
    "aws:eks/getAddonVersion:getAddonVersion": lambda _world, _place, arguments: {
        "id": str(arguments.get("addonName")),
        "addonName": arguments.get("addonName"),
        "kubernetesVersion": arguments.get("kubernetesVersion"),
        "mostRecent": True,
        "version": f"v{arguments.get('kubernetesVersion')}.0-eksbuild.1",
    },
}

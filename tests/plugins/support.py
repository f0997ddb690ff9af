"""What the tests of this folder share: a simulator on a world of its own, and types that are written by hand."""

from __future__ import annotations

from collections.abc import Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any

from platform_pulumi.model.urn import Urn
from platform_pulumi.plugins.protocol import provider_pb2
from platform_pulumi.plugins.provider import Backend
from platform_pulumi.plugins.schema import ObjectSchema, ResourceSchema
from platform_pulumi.plugins.servicer import Servicer
from platform_pulumi.plugins.values import encode

VPC = "aws:ec2/vpc:Vpc"
INSTANCE = "aws:rds/instance:Instance"
TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"

SCHEMAS: Mapping[str, ResourceSchema] = {
    VPC: ResourceSchema(
        VPC,
        inputs={"cidrBlock": "string", "tags": {"map": "string"}, "enableDnsSupport": "boolean"},
        outputs={
            "arn": "string",
            "cidrBlock": "string",
            "enableDnsSupport": "boolean",
            "ipv6CidrBlock": "string",
            "tags": {"map": "string"},
            "tagsAll": {"map": "string"},
            "region": "string",
        },
        optional=("enableDnsSupport", "ipv6CidrBlock", "tags"),
    ),
    INSTANCE: ResourceSchema(
        INSTANCE,
        inputs={
            "identifier": "string",
            "engine": "string",
            "allocatedStorage": "number",
            "password": "string",
            "username": "string",
            "manageMasterUserPassword": "boolean",
            "deletionProtection": "boolean",
        },
        outputs={
            "identifier": "string",
            "engine": "string",
            "allocatedStorage": "number",
            "endpoint": "string",
            "address": "string",
            "port": "number",
            "arn": "string",
            "masterUserSecrets": {"list": "any"},
            "password": "string",
        },
        optional=("password",),
    ),
    TEMPLATE: ResourceSchema(
        TEMPLATE,
        inputs={"name": "string", "instanceType": "string"},
        outputs={"name": "string", "instanceType": "string", "latestVersion": "number", "arn": "string"},
    ),
}


@dataclass
class HandWritten:
    """Types that a test writes itself."""

    schemas: Mapping[str, ResourceSchema] = field(default_factory=lambda: SCHEMAS)
    nested: Mapping[str, ObjectSchema] = field(default_factory=dict)

    @property
    def objects(self) -> Mapping[str, ObjectSchema]:
        return self.nested

    def resource(self, token: str) -> ResourceSchema:
        return self.schemas[token]


@dataclass
class Clock:
    """A clock that stands until it is moved."""

    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


def urn(token: str, name: str = "thing") -> Urn:
    """A URN of that type and logical name."""
    return Urn.parse(f"urn:pulumi:production::acme::platform:aws:Thing${token}::{name}")


def done(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """The result of a coroutine that never waits."""
    try:
        coroutine.send(None)
    except StopIteration as end:
        return end.value
    coroutine.close()
    message = "it waited"
    raise AssertionError(message)


def diff_config(backend: Backend, old: Mapping[str, Any], new: Mapping[str, Any]) -> Any:
    """What the engine is told of two configurations of a provider."""
    request = provider_pb2.DiffRequest(old_inputs=encode(old), news=encode(new))
    return done(Servicer(backend).DiffConfig(request, None))

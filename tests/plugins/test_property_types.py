"""The type of an input by its path, as the SDKs have it."""

from __future__ import annotations

import pytest

from platform_pulumi.plugins.property_types import input_type
from platform_pulumi.plugins.schema import ObjectSchema, ResourceSchema
from platform_pulumi.plugins.sdk_types import SdkTypes


class Known:
    """Types of our own: a resource with every kind of shape."""

    objects = {  # noqa: RUF012  (a Protocol's property)
        "block": ObjectSchema({"size": "number", "inner": {"object": "block"}, "tags": {"map": "string"}})
    }

    def resource(self, token: str) -> ResourceSchema:
        """The schema of `t`."""
        shapes = {
            "text": "string", "flag": "boolean", "size": "number", "kind": {"enum": ["a", "b"]}, "level": {"enum": [1]},
            "ids": {"list": "string"}, "tags": {"map": {"list": "number"}}, "block": {"object": "block"},
            "blocks": {"list": {"object": "block"}}, "any": "any", "none": {"enum": []},
            "policy": {"one": ["string", {"object": "block"}]}, "what": {"one": ["any", {"list": "string"}]},
        }  # fmt: skip
        return {"t": ResourceSchema("t", shapes)}[token]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("text", "string"),
        ("flag", "boolean"),
        ("size", "number"),
        ("kind", "string"),
        ("level", "number"),
        ("ids", "array"),
        ("ids[3]", "string"),
        ("tags", "object"),
        ('tags["a.b"]', "array"),
        ('tags["a.b"][0]', "number"),
        ("block", "object"),
        ("block.size", "number"),
        ("block.inner.inner.tags.a", "string"),
        ("blocks", "array"),
        ("blocks[0]", "object"),
        ("blocks[0].size", "number"),
        ("policy", "string"),
        ("policy.size", "number"),
        ("what", "array"),
        ("what[0]", "string"),
        ("any", ""),
        ("any.thing[0]", ""),
        ("none", ""),
        ("text.deeper", ""),
        ("ids.name", ""),
        ("block[0]", ""),
        ("block.none", ""),
        ("missing", ""),
    ],
)
def test_an_input_is_of_the_type_at_its_path(path: str, expected: str) -> None:
    assert input_type(Known(), "t", path) == expected


def test_of_what_is_not_there_nothing_is_said() -> None:
    assert input_type(Known(), "another", "text") == ""
    assert input_type(SdkTypes("none", "pulumi_that_is_not_installed"), "none:index:Thing", "text") == ""


@pytest.mark.parametrize(
    ("package", "token", "path", "expected"),
    [
        ("aws", "aws:rds/subnetGroup:SubnetGroup", "subnetIds", "array"),
        ("aws", "aws:eks/cluster:Cluster", "vpcConfig.subnetIds", "array"),
        ("aws", "aws:ec2/securityGroup:SecurityGroup", "ingress[0].fromPort", "number"),
        ("kubernetes", "kubernetes:apps/v1:Deployment", "spec.template.spec.containers[0].env[1].value", "string"),
        ("kubernetes", "kubernetes:core/v1:Secret", "stringData", "object"),
    ],
)
def test_the_sdks_say_it(package: str, token: str, path: str, expected: str) -> None:
    assert input_type(SdkTypes(package, f"pulumi_{package}"), token, path) == expected

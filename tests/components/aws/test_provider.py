"""The provider resources of an AWS stack, reading passwords, and planning against what is not known yet."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from pulumi.runtime.rpc import UNKNOWN as UNKNOWN_ON_THE_WIRE

from components.aws import DEFINITION
from components.aws.kubeconfig import kubeconfig
from components.aws.provider import password
from platform_pulumi.errors import InputError
from platform_pulumi.model.capability import CapabilityRef
from platform_pulumi.model.tier import Tier
from platform_pulumi.model.value import TierOutput

from ..harness import GIVEN, UNKNOWN, Registered, build, declare, run_of
from ..variants import BASES


def _providers(*kinds: str, **run: Any) -> dict[str, Registered]:
    declared = [declare(kind, BASES[kind], name=f"the-{kind.replace('_', '-')}") for kind in kinds]
    return {r.name: r for r in build(DEFINITION, run_of(*declared, **run)).providers}


def test_a_stack_has_only_the_providers_it_needs() -> None:
    assert set(_providers("network")) == {"aws"}
    assert set(_providers("kubernetes_cluster")) == {"aws", "eks"}
    assert set(_providers("database")) == {"aws"}
    assert set(_providers("database", "namespace")) == {"aws", "kubernetes"}
    assert set(_providers("container_runtime")) == {"aws", "kubernetes"}


def test_the_aws_provider_is_held_to_the_account_and_gets_no_credentials() -> None:
    config = {
        "region": "eu-central-1",
        "account_id": 123456789012,
        "credentials": "canary",
        "profile": "prod",
        "assume_role": "arn:aws:iam::123456789012:role/deployer",
    }
    inputs = _providers("network", config=config, simulated=False)["aws"].inputs
    assert inputs["region"] == "eu-central-1"
    assert json.loads(inputs["allowedAccountIds"]) == ["123456789012"]
    assert inputs["profile"] == "prod"
    assert json.loads(inputs["assumeRoles"]) == [{"roleArn": "arn:aws:iam::123456789012:role/deployer"}]
    assert "canary" not in json.dumps(inputs)


def test_a_real_run_needs_a_region_and_a_simulated_one_has_one() -> None:
    assert _providers("network")["aws"].inputs["region"] == "us-east-1"
    with pytest.raises(InputError, match="needs a region") as refused:
        _providers("network", simulated=False)
    assert "provider.config.region" in refused.value.detail


def test_the_cluster_is_reached_without_credentials_in_the_kubeconfig() -> None:
    inputs = _providers("namespace", config={"region": "eu-west-1", "profile": "prod"})["kubernetes"].inputs
    config = json.loads(inputs["kubeconfig"])
    assert config["clusters"][0]["cluster"] == {
        "server": "https://eks-1.example",
        "certificate-authority-data": "Y2E=",
    }
    execute = config["users"][0]["user"]["exec"]
    assert execute["command"] == "aws"
    assert execute["args"][-4:] == ["--region", "eu-west-1", "--profile", "prod"]
    assert "eks-1" in execute["args"]
    assert inputs["clusterIdentifier"] == "acme-corp/production/eks-1"


def test_several_clusters_have_a_provider_each() -> None:
    second = {**GIVEN[Tier.INFRASTRUCTURE], "other": ("kubernetes_cluster", {"name": "eks-2", **_CLUSTER})}
    given = {**GIVEN, Tier.INFRASTRUCTURE: second}
    here = declare("namespace", {}, name="here")
    bound = {"kubernetes_cluster": CapabilityRef(Tier.INFRASTRUCTURE, "other", "kubernetes_cluster")}
    there = replace(declare("namespace", {}, name="there"), bindings=bound)
    built = build(DEFINITION, run_of(here, there, given=given))
    clusters = {r.name: r.inputs["clusterIdentifier"] for r in built.providers if "kubernetes" in r.type}
    assert clusters == {
        "kubernetes-cluster": "acme-corp/production/eks-1",
        "kubernetes-other": "acme-corp/production/eks-2",
    }


_CLUSTER: Mapping[str, str] = {"endpoint": "https://eks-2.example", "ca_certificate": "Y2E=", "version": "1.30"}
_NOT_YET = frozenset(
    f"{capability}:{field}"
    for of in GIVEN.values()
    for capability, (_, fields) in of.items()
    for field in fields
    if (capability, field) not in {("vpc", "cidr"), ("cluster", "name"), ("cluster", "version"), ("space", "name")}
)


@pytest.mark.parametrize("kind", ["namespace", "database", "message_queue", "container_runtime"])
def test_everything_plans_while_the_tiers_above_are_not_applied(kind: str) -> None:
    properties = dict(BASES[kind])
    if kind == "container_runtime":
        properties["env"] = {
            "URL": TierOutput(Tier.SHARED_PRIMITIVES, "postgres_endpoint"),
            "PASSWORD": TierOutput(Tier.SHARED_PRIMITIVES, "postgres_credential_ref"),
        }
    built = build(DEFINITION, run_of(declare(kind, properties), unknown=_NOT_YET), preview=True)
    expected = build(DEFINITION, run_of(declare(kind, properties)))
    assert built.types() == expected.types()
    names = [json.dumps(r.inputs.get("name")) for r in built.resources]
    assert UNKNOWN_ON_THE_WIRE not in "".join(names), "names are known before anything exists"


def test_what_waits_for_an_upper_tier_is_unknown_and_the_rest_is_not() -> None:
    built = build(DEFINITION, run_of(declare("database", BASES["database"]), unknown=_NOT_YET), preview=True)
    assert built.one("aws:ec2/securityGroup:SecurityGroup").inputs["vpcId"] == UNKNOWN_ON_THE_WIRE
    assert built.one("aws:rds/subnetGroup:SubnetGroup").inputs["subnetIds"] == UNKNOWN_ON_THE_WIRE
    assert built.one("aws:rds/instance:Instance").inputs["allocatedStorage"] == 100
    assert built.outputs["database_name"] == "app"


def test_an_unknown_password_stays_unknown_and_secret() -> None:
    properties = {
        **BASES["container_runtime"],
        "env": {"P": TierOutput(Tier.SHARED_PRIMITIVES, "postgres_credential_ref")},
    }
    built = build(DEFINITION, run_of(declare("container_runtime", properties), unknown=_NOT_YET), preview=True)
    assert UNKNOWN_ON_THE_WIRE in json.dumps(built.one("kubernetes:core/v1:Secret").inputs["stringData"])
    assert built.outputs["endpoint"] is not UNKNOWN


@pytest.mark.parametrize(
    ("text", "expected"),
    [('{"username": "u", "password": "p:1"}', "p:1"), ("plain", "plain"), ('{"other": 1}', '{"other": 1}'), ("1", "1")],
)
def test_a_password_is_found_in_a_secrets_text(text: str, expected: str) -> None:
    assert password(text) == expected


def test_a_kubeconfig_is_the_same_each_time() -> None:
    assert kubeconfig("a", "b", "c", ["--region", "d"]) == kubeconfig("a", "b", "c", ["--region", "d"])

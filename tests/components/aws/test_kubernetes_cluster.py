"""EKS and its machines."""

from __future__ import annotations

import json
from typing import Any

import pytest

from components.aws import DEFINITION
from components.aws.bound_network import take
from components.aws.kubernetes_cluster.component import kubeconfig_field
from platform_pulumi.errors import InputError

from ..harness import Built, build, declare, run_of
from ..variants import BASES

GROUP: dict[str, Any] = BASES["kubernetes_cluster"]["node_groups"][0]


def _cluster(**properties: Any) -> Built:
    return build(DEFINITION, run_of(declare("kubernetes_cluster", {**BASES["kubernetes_cluster"], **properties})))


def test_the_remote_component_leaves_nodes_roles_and_groups_to_us() -> None:
    built = _cluster()
    inputs = built.one("eks:index:Cluster").inputs
    assert inputs["skipDefaultNodeGroup"] is True
    assert inputs["skipDefaultSecurityGroups"] is True
    assert inputs["authenticationMode"] == "API"
    assert inputs["endpointPrivateAccess"] is True
    assert built.types().count("aws:iam/role:Role") == 2
    assert built.types().count("aws:iam/rolePolicyAttachment:RolePolicyAttachment") == 4


def test_it_takes_the_first_subnets_it_asks_for_and_all_where_it_says_nothing() -> None:
    some = _cluster(networking={"private_subnets": 2, "public_subnets": 0})
    assert some.one("eks:index:Cluster").inputs["privateSubnetIds"] == ["subnet-a", "subnet-b"]
    assert some.one("eks:index:Cluster").inputs["publicSubnetIds"] == []
    assert some.one("aws:eks/nodeGroup:NodeGroup").inputs["subnetIds"] == ["subnet-a", "subnet-b"]
    every = _cluster(networking={})
    assert every.one("eks:index:Cluster").inputs["privateSubnetIds"] == ["subnet-a", "subnet-b", "subnet-c"]


def test_more_subnets_than_the_network_has_are_refused() -> None:
    with pytest.raises(InputError, match="too few subnets") as refused:
        take(["a", "b"], 3, "private", "primary-cluster")
    assert "primary-cluster asks for 3 private subnets; its network has 2" in refused.value.detail


def test_every_group_is_a_node_group_with_a_launch_template() -> None:
    other = {"name": "batch", "instance_type": "c7g.large", "min_size": 0, "max_size": 4, "capacity": "spot"}
    built = _cluster(node_groups=[GROUP, other])
    batch = built.one("aws:eks/nodeGroup:NodeGroup", "thing-batch").inputs
    assert batch["scalingConfig"] == {"minSize": 0, "maxSize": 4, "desiredSize": 0}
    assert batch["capacityType"] == "SPOT"
    assert "instanceTypes" not in batch, "on the template, where a change rolls the machines in place"
    template = built.one("aws:ec2/launchTemplate:LaunchTemplate", "thing-batch").inputs
    assert template["instanceType"] == "c7g.large"
    assert template["metadataOptions"]["httpTokens"] == "required"
    assert template["blockDeviceMappings"][0]["ebs"]["encrypted"] == "true"
    assert {spec["resourceType"] for spec in template["tagSpecifications"]} == {"instance", "volume"}


@pytest.mark.parametrize(("change", "renamed"), [({"capacity": "spot"}, True), ({"instance_type": "m7g.large"}, False)])
def test_a_group_is_renamed_for_what_replaces_it(change: dict[str, Any], renamed: bool) -> None:
    before = _cluster().one("aws:eks/nodeGroup:NodeGroup").inputs["nodeGroupName"]
    after = _cluster(node_groups=[{**GROUP, **change}]).one("aws:eks/nodeGroup:NodeGroup").inputs["nodeGroupName"]
    assert (before != after) is renamed


def test_outputs_say_how_it_is_reached() -> None:
    built = _cluster()
    assert built.outputs["endpoint"] == "https://thing.example"
    assert built.outputs["ca_certificate"] == "Y2E="
    assert built.outputs["name"] == built.one("eks:index:Cluster").inputs["name"]
    assert not built.secret_outputs


def test_a_kubeconfig_field_is_read_from_its_only_cluster() -> None:
    text = json.dumps({"clusters": [{"cluster": {"server": "https://x"}}]})
    assert kubeconfig_field(text, "server") == "https://x"

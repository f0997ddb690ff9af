"""Types as the SDKs have them, and the file they are kept in."""

from __future__ import annotations

from pathlib import Path

import pytest

from platform_pulumi.plugins.checks import check
from platform_pulumi.plugins.sdk_types import SdkTypes, registered_classes
from platform_pulumi.plugins.values import UNKNOWN

DEPLOYMENT = "kubernetes:apps/v1:Deployment"


@pytest.fixture(scope="module")
def aws() -> SdkTypes:
    return SdkTypes("aws", "pulumi_aws")


@pytest.fixture(scope="module")
def kubernetes() -> SdkTypes:
    return SdkTypes("kubernetes", "pulumi_kubernetes")


def test_names_types_and_what_is_required(aws: SdkTypes) -> None:
    schema = aws.resource("aws:eks/nodeGroup:NodeGroup")
    assert schema.required == ("clusterName", "nodeRoleArn", "scalingConfig", "subnetIds")
    assert schema.inputs["subnetIds"] == {"list": "string"}
    assert schema.inputs["tags"] == {"map": "string"}
    nested = aws.objects[schema.inputs["scalingConfig"]["object"]]
    assert nested.fields == {"desiredSize": "number", "maxSize": "number", "minSize": "number"}
    assert set(nested.required) == {"desiredSize", "maxSize", "minSize"}


def test_outputs_and_which_of_them_are_always_there(aws: SdkTypes) -> None:
    schema = aws.resource("aws:rds/instance:Instance")
    assert schema.outputs["port"] == "number"
    assert {"endpoint", "address", "masterUserSecrets"} & set(schema.optional) == set()
    assert {"deletionProtection", "password"} <= set(schema.optional)


def test_text_or_a_document(aws: SdkTypes) -> None:
    policy = aws.resource("aws:iam/rolePolicy:RolePolicy").inputs["policy"]
    assert "string" in policy["one"]
    assert any(isinstance(shape, dict) and "object" in shape for shape in policy["one"])


def test_kubernetes_objects_all_the_way_down(kubernetes: SdkTypes) -> None:
    schema = kubernetes.resource(DEPLOYMENT)
    container = {
        "name": "api",
        "image": "x",
        "env": [{"name": "A", "value": UNKNOWN}],
        "ports": [{"containerPort": 80}],
    }
    spec = {"selector": {"matchLabels": {"a": "b"}}, "template": {"spec": {"containers": [container]}}, "replicas": 2}
    right = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "api"}, "spec": spec}
    assert check(schema, kubernetes.objects, right) == []
    container["imagePullPolcy"] = "Always"
    wrong = {**right, "kind": "Deploy"}
    assert {(f.path, f.reason.partition(";")[0]) for f in check(schema, kubernetes.objects, wrong)} == {
        ("kind", "should be one of 'Deployment', not 'Deploy'"),
        ("spec.template.spec.containers[0].imagePullPolcy", "Container has no property 'imagePullPolcy'"),
    }


def test_quantities_may_be_numbers_or_text(kubernetes: SdkTypes) -> None:
    kubernetes.resource("kubernetes:core/v1:Service")
    port = kubernetes.objects["pulumi_kubernetes.core.v1._inputs.ServicePortArgs"].fields["targetPort"]
    assert set(port["one"]) == {"number", "string"}


def test_a_type_that_is_not_there(aws: SdkTypes) -> None:
    with pytest.raises(KeyError):
        aws.resource("aws:ec2/vpc:Vcp")


def test_a_package_that_is_not_there() -> None:
    with pytest.raises(ModuleNotFoundError):
        registered_classes("pulumi_of_nobody")


def test_what_was_read_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = SdkTypes("eks", "pulumi_eks", tmp_path)
    schema = first.resource("eks:index:Cluster")
    [file] = tmp_path.iterdir()
    assert file.name.startswith("eks-4.")
    second = SdkTypes("eks", "pulumi_eks", tmp_path)
    monkeypatch.setattr("importlib.import_module", lambda name: pytest.fail(f"{name} was imported"))
    assert second.resource("eks:index:Cluster").inputs == dict(schema.inputs)
    assert second.objects.keys() == first.objects.keys()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"resources": {"a": [1]}, "objects": 3}'])
def test_a_spoilt_file_is_read_anew(tmp_path: Path, text: str) -> None:
    SdkTypes("eks", "pulumi_eks", tmp_path).resource("eks:index:Cluster")
    [file] = tmp_path.iterdir()
    file.write_text(text)
    assert "vpcId" in SdkTypes("eks", "pulumi_eks", tmp_path).resource("eks:index:Cluster").inputs

"""Mock components: every property and every wired capability is an input of the one resource."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from components.mock import DEFINITION
from platform_pulumi.model.capability import CapabilityRef
from platform_pulumi.model.tier import Tier
from platform_pulumi.model.value import TierOutput
from tests.secrecy import CREDENTIALS, SECRET_NAMES

from ..harness import GIVEN, Built, build, declare, run_of
from ..variants import BASES

SHARED = Tier.SHARED_PRIMITIVES
DOOR = CapabilityRef(SHARED, "door", "ingress")
DISK_AND_DOOR = {
    **GIVEN,
    SHARED: {
        **GIVEN[SHARED],
        "disk": ("persistent_volume", {"name": "disk-1"}),
        "door": ("ingress", {"name": "door-1", "endpoint": "https://door.example"}),
    },
}


def _container(properties: Mapping[str, Any], bindings: Mapping[str, CapabilityRef] | None = None) -> Mapping[str, Any]:
    declared = declare("container_runtime", {"image": "a", **properties}, provider="mock", bindings=bindings)
    return build(DEFINITION, run_of(declared, given=DISK_AND_DOOR)).one("mock:index:ContainerRuntime").inputs


def _of(kind: str, properties: Mapping[str, Any]) -> Built:
    return build(DEFINITION, run_of(declare(kind, properties, provider="mock")))


def test_a_container_is_given_what_it_is_wired_to() -> None:
    inputs = _container({})
    assert inputs["network"] == {"id": "vpc-1", "private_subnet_ids": ["subnet-a", "subnet-b", "subnet-c"]}
    assert inputs["kubernetes_cluster"] == {"name": "eks-1", "endpoint": "https://eks-1.example"}
    assert inputs["namespace"] == {"name": "space-1"}
    assert "shared_ingress" not in inputs


def test_the_shared_door_stands_beside_what_a_container_asks_of_it() -> None:
    declared = {"ports": [{"container_port": 80}], "ingress": {"host": "a.example"}, "shared_ingress": "door"}
    inputs = _container(declared, {"ingress": DOOR})
    assert inputs["shared_ingress"] == {"name": "door-1"}
    assert inputs["ingress"] == {"host": "a.example", "port": 443, "tls": True, "path": "/"}
    assert "network" not in inputs
    assert _container({}, {"ingress": DOOR})["shared_ingress"] == {"name": "door-1"}


def test_a_volume_is_mounted_by_the_name_it_has_at_the_provider() -> None:
    source = TierOutput(SHARED, "disk_name")
    inputs = _container({"volumes": [{"source": source, "path": "/data"}, {"source": "own", "path": "/own"}]})
    assert inputs["volumes"] == [
        {"source": "disk-1", "path": "/data", "read_only": False},
        {"source": "own", "path": "/own", "read_only": False},
    ]


@pytest.mark.parametrize("kind", DEFINITION.bindings)
def test_every_promised_output_is_given_and_data_is_protected(kind: str) -> None:
    built = _of(kind, BASES[kind])
    model = type(declare(kind, BASES[kind]).properties)
    assert set(built.outputs) == set(model.OUTPUTS)
    (resource,) = [r for r in built.resources if r.type.startswith("mock:")]
    assert resource.options["protect"] is model.DATA_BEARING


@pytest.mark.parametrize(("kind", "field"), [("cache", "password"), ("object_storage", "secret_key")])
def test_a_given_secret_is_a_secret_input(kind: str, field: str) -> None:
    (resource,) = [r for r in _of(kind, {**BASES[kind], field: "canary"}).resources if r.type.startswith("mock:")]
    assert resource.inputs[field]["value"] == "canary"
    assert len(resource.inputs[field]) == 2, "marked"


@pytest.mark.parametrize(("kind", "field"), [("database", "password"), ("object_storage", "secret_key")])
def test_a_secret_by_reference_is_a_secret_input(kind: str, field: str) -> None:
    given = TierOutput(Tier.INFRASTRUCTURE, "cluster_name")
    (resource,) = [r for r in _of(kind, {**BASES[kind], field: given}).resources if r.type.startswith("mock:")]
    assert resource.inputs[field]["value"] == "eks-1"
    assert len(resource.inputs[field]) == 2, "marked"


def test_variables_that_look_like_secrets_are_secret_inputs() -> None:
    urls = {f"URL_{number}": form.replace("{}", "canary-form") for number, form in enumerate(CREDENTIALS)}
    inputs = _container({"env": {**dict.fromkeys(SECRET_NAMES, "canary"), **urls}})
    assert len(list(inputs["env"])) == len(set(SECRET_NAMES)) + len(urls)
    assert all(isinstance(value, Mapping) and len(value) == 2 for value in inputs["env"].values()), "marked"

"""The `mock` package: every capability type, with the outputs that it promises."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from components.mock.resource_types import token
from components.mock.simulated import PACKAGE, MockTypes
from platform_pulumi.model.capabilities import CAPABILITY_TYPES
from platform_pulumi.plugins.provider import Naming, ProviderError
from platform_pulumi.plugins.simulator import Simulator
from platform_pulumi.plugins.values import UNKNOWN, Sealed
from platform_pulumi.plugins.world import World
from tests.components.variants import BASES
from tests.plugins.support import done, urn


@pytest.fixture
def simulator(tmp_path: Path) -> Any:
    world = World(tmp_path / "world.sqlite")
    yield Simulator(PACKAGE, MockTypes(), world)
    world.close()


@pytest.mark.parametrize("kind", CAPABILITY_TYPES)
def test_it_gives_every_promised_output(simulator: Simulator, kind: str) -> None:
    model, where = CAPABILITY_TYPES[kind], urn(token(kind), "thing")
    inputs = model.model_validate(BASES[kind]).model_dump(exclude_none=True, mode="python")
    assert simulator.check(where, inputs, Naming())[1] == []
    made = done(simulator.create(where, inputs, False))
    promised = {name for name in model.OUTPUTS if name != "id"}
    assert promised - set(made.outputs) == set()
    planned = done(simulator.create(where, inputs, True)).outputs
    assert all(planned[name] is UNKNOWN or name in inputs for name in promised)
    kinds = {"string": str, "credential_ref": str, "integer": int, "list": list}
    for name, spec in model.OUTPUTS.items():
        if name != "id":
            value = made.outputs[name]
            assert isinstance(value.value if isinstance(value, Sealed) else value, kinds[spec.type]), name
            assert isinstance(value, Sealed) or not spec.secret


@pytest.mark.parametrize(
    ("kind", "change", "replaces"),
    [
        ("network", {"cidr": "10.9.0.0/16"}, True),
        ("database", {"engine": "mysql"}, True),
        ("database", {"storage_gb": 400}, False),
        ("message_queue", {"network": {"id": UNKNOWN}}, True),
        ("container_runtime", {"replicas": 9}, False),
        ("dns_zone", {"domain": "acme.dev"}, True),
        ("load_balancer", {"scheme": "internal"}, True),
        ("cache", {"engine": "valkey"}, True),
        ("cache", {"memory": "1Gi"}, False),
        ("object_storage", {"bucket": "orders"}, True),
        ("object_storage", {"versioned": True}, False),
        ("persistent_volume", {"size_gb": 20}, False),
        ("ingress", {"port": 8443}, False),
    ],
)
def test_what_replaces(simulator: Simulator, kind: str, change: dict[str, Any], replaces: bool) -> None:
    where = urn(token(kind), "thing")
    old = {**BASES[kind], "network": {"id": "vpc-1"}}
    made = done(simulator.create(where, old, False))
    found = simulator.diff(where, made, {**old, **change})
    assert any(c.replaces for c in found.changes) is replaces


@pytest.mark.parametrize(
    ("kind", "field", "other"),
    [
        ("database", "password", {"storage_gb": 9}),
        ("cache", "password", {"memory": "1Gi"}),
        ("object_storage", "secret_key", {"versioned": True}),
    ],
)
def test_a_new_password_is_a_new_reference(simulator: Simulator, kind: str, field: str, other: dict[str, Any]) -> None:
    where = urn(token(kind), "thing")
    old = {**BASES[kind], field: Sealed("one")}
    made = done(simulator.create(where, old, False))
    new = {**old, field: Sealed("two")}
    assert done(simulator.update(where, made, new, True))["credential_ref"] is UNKNOWN
    assert done(simulator.update(where, made, new, False))["credential_ref"] != made.outputs["credential_ref"]
    assert done(simulator.update(where, made, {**old, **other}, True))["credential_ref"] is not UNKNOWN


@pytest.mark.parametrize(
    ("kind", "inputs", "endpoint"),
    [
        ("ingress", {}, "https://{host}"),
        ("ingress", {"port": 8443.0, "tls": True}, "https://{host}:8443"),
        ("ingress", {"port": 80.0, "tls": False}, "http://{host}"),
        ("load_balancer", {}, "{host}"),
        ("observability", {}, "https://{host}"),
        ("object_storage", {}, "https://{host}"),
        ("cache", {"engine": "valkey"}, "{host}:6379"),
    ],
)
def test_where_things_answer(simulator: Simulator, kind: str, inputs: dict[str, Any], endpoint: str) -> None:
    made = done(simulator.create(urn(token(kind), "thing"), inputs, False)).outputs["endpoint"]
    assert re.fullmatch(re.escape(endpoint).replace(r"\{host\}", r"thing-[0-9a-f]{7}\.mock\.internal"), made)


def test_a_door_that_moves_answers_elsewhere(simulator: Simulator) -> None:
    where, old = urn(token("ingress"), "door"), dict(BASES["ingress"])
    made = done(simulator.create(where, old, False))
    assert done(simulator.update(where, made, {**old, "port": 8443}, True))["endpoint"] is UNKNOWN
    assert done(simulator.update(where, made, {**old, "port": 8443}, False))["endpoint"].endswith(":8443")


def test_a_service_is_where_its_ingress_says(simulator: Simulator) -> None:
    where = urn(token("container_runtime"), "api")
    ports = [{"container_port": 8080, "service_port": 80}]
    inner = done(simulator.create(where, {"ports": ports}, False)).outputs
    assert inner["endpoint"] == f"http://{inner['service']}"
    assert inner["service"].endswith(".mock.internal:80")
    outer = done(
        simulator.create(where, {"ports": ports, "ingress": {"host": "a.example", "path": "/"}}, False)
    ).outputs
    assert outer["endpoint"] == "https://a.example"
    assert done(simulator.create(where, {}, False)).outputs["endpoint"] == ""


@pytest.mark.parametrize(
    ("upper", "lower", "wired", "output"),
    [
        ("network", "database", "network", "id"),
        ("network", "kubernetes_cluster", "network", "id"),
        ("kubernetes_cluster", "namespace", "kubernetes_cluster", "name"),
        ("namespace", "container_runtime", "namespace", "name"),
        ("ingress", "container_runtime", "shared_ingress", "name"),
    ],
)
def test_what_is_in_use_is_not_deleted(simulator: Simulator, upper: str, lower: str, wired: str, output: str) -> None:
    above, below = urn(token(upper), "above"), urn(token(lower), "below")
    used = done(simulator.create(above, dict(BASES[upper]), False))
    value = used.id if output == "id" else used.outputs[output]
    user = done(simulator.create(below, {**BASES[lower], wired: {output: value}}, False))
    with pytest.raises(ProviderError, match=rf"InUse: {used.id} cannot be deleted while .* \(below\) uses it"):
        done(simulator.delete(above, used))
    done(simulator.delete(below, user))
    done(simulator.delete(above, used))


def test_a_network_that_is_not_there(simulator: Simulator) -> None:
    inputs = {**BASES["database"], "network": {"id": "mock-000000000000"}}
    with pytest.raises(ProviderError, match=r"NotFound: network\.id: there is no Network mock-000000000000"):
        done(simulator.create(urn(token("database"), "db"), inputs, False))

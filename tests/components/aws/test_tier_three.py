"""What AWS plans of tier 3, object by object: a library that is shared must not move what is there."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from components.aws import DEFINITION
from platform_pulumi.model.tier import Tier
from platform_pulumi.model.value import Secret, TierOutput

from ..harness import UNKNOWN, build, declare, run_of

#: Every kind of object, and every branch in the making of one.
DECLARED: dict[str, tuple[str, dict[str, Any]]] = {
    "namespace": ("namespace", {"resource_quotas": {"cpu": "8000m", "memory": "16Gi", "pods": 50}}),
    "namespace-without-quota": ("namespace", {}),
    "service": (
        "container_runtime",
        {
            "image": "api:1",
            "command": ["serve", "--port", "8080"],
            "replicas": 3,
            "memory": "512Mi",
            "cpu": "500m",
            "resources": {"requests": {"cpu": "100m"}},
            "ports": [
                {"container_port": 8080, "service_port": 80, "name": "web"},
                {"container_port": 9125, "protocol": "UDP"},
            ],
            "env": {
                "LOG_LEVEL": "info",
                "HOST": TierOutput(Tier.SHARED_PRIMITIVES, "postgres_host"),
                "PASSWORD": Secret("canary-env"),
                "DB": TierOutput(Tier.SHARED_PRIMITIVES, "postgres_credential_ref"),
            },
            "health_check": {"path": "/healthz", "start_period": "45s"},
            "ingress": {"host": "api.acme.com", "path": "/v1"},
        },
    ),
    "worker": (
        "container_runtime",
        {"image": "worker:1", "health_check": {"command": ["true"]}, "env": {"QUEUE": "orders"}},
    ),
    "service-in-clear": (
        "container_runtime",
        {
            "image": "web:1",
            "ports": [{"container_port": 8080}],
            "ingress": {"host": "web.acme.com", "tls": False, "port": 8080},
        },
    ),
}


@pytest.mark.parametrize("name", DECLARED)
def test_planned_objects(name: str, golden: Callable[[str, str], None]) -> None:
    kind, properties = DECLARED[name]
    declared = declare(
        kind,
        properties,
        labels={"team": "payments", "contact": "a person & b"},
        annotations={"runbook": "https://wiki.acme.com/api"},
    )
    built = build(DEFINITION, run_of(declared))
    planned = {
        "resources": [[r.type, r.name, r.inputs, r.options] for r in built.resources],
        "outputs": built.outputs,
        "secret outputs": sorted(built.secret_outputs),
    }
    golden(f"{name}.json", json.dumps(planned, indent=2, sort_keys=True) + "\n")


def test_a_service_without_ports_has_no_address_to_wait_for() -> None:
    run = run_of(declare("container_runtime", {"image": "worker:1"}), unknown=frozenset({"space:name"}))
    built = build(DEFINITION, run, preview=True)
    assert built.outputs == {"service": "", "endpoint": ""}


def test_an_address_waits_for_the_namespace() -> None:
    declared = declare("container_runtime", {"image": "api:1", "ports": [{"container_port": 8080}]})
    built = build(DEFINITION, run_of(declared, unknown=frozenset({"space:name"})), preview=True)
    assert built.outputs == {"service": UNKNOWN, "endpoint": UNKNOWN}

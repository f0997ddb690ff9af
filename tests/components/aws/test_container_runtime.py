"""Deployment, Service, Secret and Ingress of a container."""

from __future__ import annotations

from typing import Any

import pytest

from components.aws import DEFINITION
from components.workload.deployment import SECRETS_ANNOTATION
from platform_pulumi.model.tier import Tier
from platform_pulumi.model.value import CapabilityOutput, Secret, Template, TierOutput

from ..harness import Built, build, declare, run_of

DEPLOYMENT, SECRET = "kubernetes:apps/v1:Deployment", "kubernetes:core/v1:Secret"
SERVICE, INGRESS = "kubernetes:core/v1:Service", "kubernetes:networking.k8s.io/v1:Ingress"
PORTS = [{"container_port": 8080}]
HOST = "api.acme.com"


def _runtime(**properties: Any) -> Built:
    return build(DEFINITION, run_of(declare("container_runtime", {"image": "api:1", **properties})))


def _pod(built: Built) -> dict[str, Any]:
    template: dict[str, Any] = built.one(DEPLOYMENT).inputs["spec"]["template"]
    return template


def _container(built: Built) -> dict[str, Any]:
    container: dict[str, Any] = _pod(built)["spec"]["containers"][0]
    return container


def test_what_is_not_declared_is_not_made() -> None:
    built = _runtime()
    assert built.types() == [DEPLOYMENT, "platform:aws:ContainerRuntime"]
    assert built.outputs == {"endpoint": "", "service": ""}
    assert "resources" not in _container(built)
    assert "annotations" not in _pod(built)["metadata"]


def test_requests_are_the_limits_unless_declared() -> None:
    limits = _container(_runtime(memory="512Mi", cpu="500m"))["resources"]
    assert limits == {
        "limits": {"cpu": "500m", "memory": "512Mi"},
        "requests": {"cpu": "500m", "memory": "512Mi"},
    }
    less = _container(_runtime(memory="512Mi", resources={"requests": {"memory": "128Mi", "cpu": "100m"}}))["resources"]
    assert less == {"limits": {"memory": "512Mi"}, "requests": {"cpu": "100m", "memory": "128Mi"}}


def test_each_replica_is_told_how_many_connections_it_may_open() -> None:
    assert {"name": "DATABASE_CONNECTIONS", "value": "20"} in _container(_runtime(database_connections=20))["env"]


def test_a_changed_secret_changes_the_secret_and_the_pods_and_nothing_else() -> None:
    before, after = (_runtime(ports=PORTS, env={"KEY": Secret(f"canary-{n}")}) for n in (1, 2))
    changed = {old.type for old, new in zip(before.resources, after.resources, strict=True) if old != new}
    assert changed == {SECRET, DEPLOYMENT}
    assert _pod(before)["metadata"]["annotations"] != _pod(after)["metadata"]["annotations"]
    assert _container(before) == _container(after)


def test_plain_values_stand_in_the_pod_and_secret_ones_behind_a_reference() -> None:
    env = {
        "MODE": "fast",
        "HOST": TierOutput(Tier.SHARED_PRIMITIVES, "postgres_endpoint"),
        "URL": Template(("http://", TierOutput(Tier.SHARED_PRIMITIVES, "postgres_host"))),
        "KEY": Secret("canary"),
        "PASSWORD": TierOutput(Tier.SHARED_PRIMITIVES, "postgres_credential_ref"),
    }
    built = _runtime(env=env)
    given = {entry["name"]: entry for entry in _container(built)["env"]}
    assert given["HOST"]["value"] == "db.example:5432"
    assert given["URL"]["value"] == "http://db.example"
    secret_name = built.one(SECRET).inputs["metadata"]["name"]
    for name in ("KEY", "PASSWORD"):
        assert given[name]["valueFrom"]["secretKeyRef"] == {"name": secret_name, "key": name}
    assert SECRETS_ANNOTATION in _pod(built)["metadata"]["annotations"]


def test_an_output_of_the_same_tier_is_taken_from_its_component() -> None:
    first = declare("container_runtime", {"image": "a:1", "ports": PORTS}, name="first")
    env = {"FIRST": CapabilityOutput("first", "service")}
    second = declare("container_runtime", {"image": "b:1", "env": env}, name="second")
    built = build(DEFINITION, run_of(first, second))
    given = built.one(DEPLOYMENT, "second").inputs["spec"]["template"]["spec"]["containers"][0]["env"]
    name = built.one(SERVICE).inputs["metadata"]["name"]
    assert {"name": "FIRST", "value": f"{name}.space-1.svc.cluster.local:8080"} in given


def test_a_health_check_asks_for_readiness_and_life() -> None:
    check = {"path": "/health", "interval": "10s", "timeout": "2s", "retries": 5}
    container = _container(_runtime(ports=PORTS, health_check=check))
    expected = {
        "httpGet": {"path": "/health", "port": 8080},
        "periodSeconds": 10,
        "timeoutSeconds": 2,
        "failureThreshold": 5,
    }
    assert container["livenessProbe"] == container["readinessProbe"] == expected
    assert "startupProbe" not in container


def test_a_health_check_may_run_a_command() -> None:
    check = {"command": ["pg_isready", "-q"], "retries": 5, "start_period": "30s"}
    container = _container(_runtime(health_check=check))
    expected = {
        "exec": {"command": ["pg_isready", "-q"]},
        "periodSeconds": 10,
        "timeoutSeconds": 2,
        "failureThreshold": 5,
    }
    assert container["livenessProbe"] == container["readinessProbe"] == expected
    assert container["startupProbe"] == {**expected, "failureThreshold": 3}


@pytest.mark.parametrize(("start", "failures"), [("30s", 3), ("35s", 4), ("1s", 1), ("2m", 12)])
def test_failures_do_not_count_while_it_starts(start: str, failures: int) -> None:
    built = _runtime(ports=PORTS, health_check={"path": "/", "start_period": start})
    assert _container(built)["startupProbe"]["failureThreshold"] == failures


def test_the_service_speaks_for_every_port() -> None:
    ports = [{"container_port": 53, "protocol": "UDP", "name": "dns"}, {"container_port": 8080, "service_port": 80}]
    built = _runtime(ports=ports)
    assert built.one(SERVICE).inputs["spec"]["ports"] == [
        {"name": "dns", "port": 53, "targetPort": 53, "protocol": "UDP"},
        {"name": "tcp-8080", "port": 80, "targetPort": 8080, "protocol": "TCP"},
    ]
    selector = built.one(DEPLOYMENT).inputs["spec"]["selector"]["matchLabels"]
    assert built.one(SERVICE).inputs["spec"]["selector"] == selector
    assert selector.items() <= _pod(built)["metadata"]["labels"].items()


def test_a_service_is_not_waited_for_where_there_may_be_no_pods() -> None:
    built = _runtime(ports=PORTS, replicas=0, ingress={"host": HOST})
    for token in (SERVICE, INGRESS):
        assert built.one(token).inputs["metadata"]["annotations"]["pulumi.com/skipAwait"] == "true"
    assert built.one(DEPLOYMENT).inputs["spec"]["replicas"] == 0


def test_an_ingress_leads_the_host_to_the_first_tcp_port() -> None:
    ports = [{"container_port": 53, "protocol": "UDP"}, {"container_port": 8080, "service_port": 80}]
    built = _runtime(ports=ports, ingress={"host": HOST, "path": "/api"})
    ingress = built.one(INGRESS).inputs
    (rule,) = ingress["spec"]["rules"]
    (path,) = rule["http"]["paths"]
    assert (rule["host"], path["path"], path["pathType"]) == (HOST, "/api", "Prefix")
    service = built.one(SERVICE).inputs["metadata"]["name"]
    assert path["backend"]["service"] == {"name": service, "port": {"number": 80}}
    assert ingress["spec"]["tls"] == [{"hosts": [HOST]}]
    assert ingress["metadata"]["annotations"]["alb.ingress.kubernetes.io/listen-ports"] == '[{"HTTPS": 443}]'


def test_the_load_balancer_checks_what_the_pods_check() -> None:
    built = _runtime(ports=PORTS, ingress={"host": HOST}, health_check={"path": "/ready", "port": 9000})
    annotations = built.one(INGRESS).inputs["metadata"]["annotations"]
    assert annotations["alb.ingress.kubernetes.io/healthcheck-path"] == "/ready"
    assert annotations["alb.ingress.kubernetes.io/healthcheck-port"] == "9000"


def test_no_annotation_opens_a_port_that_the_declaration_does_not_have() -> None:
    annotations = {
        "alb.ingress.kubernetes.io/listen-ports": '[{"HTTP": 80}]',
        "alb.ingress.kubernetes.io/scheme": "internal",
    }
    declared = {"image": "api:1", "ports": PORTS, "ingress": {"host": HOST, "tls": True}}
    built = build(DEFINITION, run_of(declare("container_runtime", declared, annotations=annotations)))
    made = built.one(INGRESS).inputs["metadata"]["annotations"]
    assert made["alb.ingress.kubernetes.io/listen-ports"] == '[{"HTTPS": 443}]'
    assert made["alb.ingress.kubernetes.io/scheme"] == "internal"


def test_the_load_balancer_cannot_run_what_the_pods_run() -> None:
    built = _runtime(ports=PORTS, ingress={"host": HOST}, health_check={"command": ["true"]})
    annotations = built.one(INGRESS).inputs["metadata"]["annotations"]
    assert [key for key in annotations if "healthcheck" in key] == []


@pytest.mark.parametrize(
    ("ingress", "endpoint"),
    [
        ({}, "https://api.acme.com"),
        ({"port": 8443, "path": "/api/"}, "https://api.acme.com:8443/api"),
        ({"tls": False, "port": 80}, "http://api.acme.com"),
        ({"tls": False}, "http://api.acme.com:443"),
    ],
)
def test_the_endpoint_is_what_people_type(ingress: dict[str, Any], endpoint: str) -> None:
    assert _runtime(ports=PORTS, ingress={"host": HOST, **ingress}).outputs["endpoint"] == endpoint

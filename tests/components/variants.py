"""For every leaf field of every capability type: a declaration, and another value for that field alone."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from platform_pulumi.model.tier import Tier
from platform_pulumi.model.value import Secret, Template, TierOutput

#: Declarations that set every field, so that each has something to change.
BASES: Mapping[str, Mapping[str, Any]] = {
    "network": {
        "cidr": "10.0.0.0/16",
        "availability_zones": 3,
        "private_subnets": 3,
        "public_subnets": 3,
        "nat_gateways": "single",
        "dns_hostnames": True,
    },
    "kubernetes_cluster": {
        "version": "1.29",
        "node_groups": [
            {
                "name": "general",
                "instance_type": "m5.xlarge",
                "min_size": 3,
                "max_size": 10,
                "desired_size": 5,
                "disk_size_gb": 50,
                "capacity": "on_demand",
                "labels": {"pool": "general"},
            }
        ],
        "networking": {"vpc_cidr": "10.0.0.0/16", "private_subnets": 3, "public_subnets": 3},
        "public_endpoint": True,
    },
    "iam_role": {
        "assumed_by": ["ec2.amazonaws.com"],
        "description": "Reads reports",
        "managed_policies": ["arn:aws:iam::aws:policy/ReadOnlyAccess"],
        "statements": [{"effect": "Allow", "actions": ["s3:GetObject"], "resources": ["arn:aws:s3:::reports/*"]}],
        "max_session": 3600,
    },
    "namespace": {"resource_quotas": {"cpu": "8000m", "memory": "16Gi", "pods": 50}},
    "database": {
        "engine": "postgresql",
        "version": "15",
        "instance_class": "db.r6g.large",
        "storage_gb": 100,
        "multi_az": True,
        "database_name": "app",
        "username": "platform",
        "backup_retention_days": 7,
        "encrypted": True,
        "deletion_protection": False,
        "final_snapshot": True,
    },
    "message_queue": {"engine": "rabbitmq", "version": "3.13"},
    "dns_zone": {"domain": "acme.com", "private": False},
    "load_balancer": {"scheme": "public", "kind": "http"},
    "cache": {"engine": "redis", "version": "7", "memory": "256Mi", "eviction": "allkeys-lru"},
    "object_storage": {"bucket": "app", "versioned": False, "access_key": "platform"},
    "persistent_volume": {"size_gb": 10},
    "ingress": {"port": 443, "tls": True},
    "service_mesh": {"mutual_tls": True},
    "observability": {"metrics": True, "logs": True, "traces": False, "retention_days": 7},
    "container_runtime": {
        "image": "api:1",
        "command": ["serve"],
        "replicas": 3,
        "memory": "512Mi",
        "cpu": "500m",
        "resources": {"requests": {"cpu": "250m", "memory": "256Mi"}},
        "ports": [{"container_port": 8080, "protocol": "TCP", "service_port": 80, "name": "http"}],
        "env": {"MODE": "fast"},
        "health_check": {
            "path": "/health",
            "port": 8080,
            "interval": "10s",
            "timeout": "2s",
            "retries": 3,
            "start_period": "30s",
        },
        "ingress": {"host": "api.acme.com", "port": 443, "tls": True, "path": "/"},
        "database_connections": 10,
    },
}
_SQS: Mapping[str, Any] = {"engine": "sqs", "version": None}
_BUILT: Mapping[str, Any] = {"build.context": "."}
_COMMANDED: Mapping[str, Any] = {"health_check.path": None, "health_check.port": None, "health_check.command[]": "true"}
_MOUNTED: Mapping[str, Any] = {"volumes[].source": "data", "volumes[].path": "/data"}


@dataclass(frozen=True)
class Variant:
    """Another `value` for a leaf. `base` changes the declaration before, on both sides; None takes a field away."""

    value: Any
    base: Mapping[str, Any] = field(default_factory=dict)

    def declarations(self, kind: str, leaf: str) -> tuple[dict[str, Any], dict[str, Any]]:
        """The declaration before and after."""
        before = copy.deepcopy(dict(BASES[kind]))
        for path, value in self.base.items():
            put(before, path, value)
        after = copy.deepcopy(before)
        put(after, leaf, self.value)
        return before, after


def put(declaration: dict[str, Any], path: str, value: Any) -> None:
    """Set a leaf: `[]` is the list's first element, `.*` the mapping's first key; None removes it."""
    *parents, last = path.split(".")
    target: Any = declaration
    for parent in parents:
        name = parent.removesuffix("[]")
        target = target.setdefault(name, [{}] if parent.endswith("[]") else {})
        target = target[0] if parent.endswith("[]") else target
    if last == "*":
        target[next(iter(target))] = value
    elif last.endswith("[]"):
        target[last.removesuffix("[]")] = [value]
    elif value is None:
        target.pop(last, None)
    else:
        target[last] = value


def _one(value: Any, **base: Any) -> list[Variant]:
    return [Variant(value, base)]


VARIANTS: Mapping[str, Mapping[str, list[Variant]]] = {
    "network": {
        "cidr": _one("10.1.0.0/16"),
        "availability_zones": _one(2),
        "private_subnets": _one(2),
        "public_subnets": _one(2),
        "nat_gateways": [Variant("per_zone"), Variant("none"), Variant("per_zone", {"public_subnets": 0})],
        "dns_hostnames": _one(False),
    },
    "kubernetes_cluster": {
        "version": _one("1.30"),
        "node_groups[].name": _one("other"),
        "node_groups[].instance_type": _one("m5.2xlarge"),
        "node_groups[].min_size": _one(2),
        "node_groups[].max_size": _one(12),
        "node_groups[].desired_size": _one(6),
        "node_groups[].disk_size_gb": _one(80),
        "node_groups[].capacity": _one("spot"),
        "node_groups[].labels.*": _one("batch"),
        "networking.vpc_cidr": _one("10.1.0.0/16"),
        "networking.private_subnets": _one(2),
        "networking.public_subnets": _one(2),
        "public_endpoint": _one(False),
    },
    "iam_role": {
        "assumed_by[]": _one("lambda.amazonaws.com"),
        "description": _one("Reads everything"),
        "managed_policies[]": _one("arn:aws:iam::aws:policy/PowerUserAccess"),
        "statements[].effect": _one("Deny"),
        "statements[].actions[]": _one("s3:PutObject"),
        "statements[].resources[]": _one("arn:aws:s3:::others/*"),
        "max_session": _one(7200),
    },
    "namespace": {
        "resource_quotas.cpu": _one("4000m"),
        "resource_quotas.memory": _one("8Gi"),
        "resource_quotas.pods": _one(20),
    },
    "database": {
        "engine": _one("mysql", version="8.0"),
        "version": _one("16"),
        "instance_class": _one("db.r6g.xlarge"),
        "storage_gb": [Variant(200), Variant(10, {"storage_gb": 20})],
        "multi_az": _one(False),
        "database_name": _one("orders"),
        "username": _one("owner"),
        "password": [Variant("canary-own"), Variant("canary-other", {"password": "canary-own"})],
        "backup_retention_days": _one(14),
        "encrypted": _one(False),
        "deletion_protection": _one(True),
        "final_snapshot": _one(False),
    },
    "message_queue": {
        "engine": _one("sqs"),
        "version": [Variant("4.2"), Variant("3.12"), Variant("3.13", _SQS)],
        "instance_class": [Variant("mq.m7g.xlarge"), Variant("mq.m7g.xlarge", _SQS)],
        "high_availability": [Variant(True), Variant(True, _SQS)],
        "username": [Variant("owner"), Variant("owner", _SQS)],
        "password": [Variant("canary-own"), Variant("canary-own", _SQS)],
        "fifo": [Variant(True, _SQS), Variant(True)],
        "visibility_timeout": [Variant("60s", _SQS), Variant("60s")],
        "retention": [Variant("24h", _SQS), Variant("24h")],
    },
    "dns_zone": {"domain": _one("acme.dev"), "private": _one(True)},
    "load_balancer": {"scheme": _one("internal"), "kind": _one("tcp")},
    "cache": {
        "engine": _one("valkey", version="8"),
        "version": _one("6"),
        "memory": _one("512Mi"),
        "eviction": _one("noeviction"),
        "password": [Variant("canary-own"), Variant("canary-other", {"password": "canary-own"})],
        "high_availability": _one(True),
    },
    "object_storage": {
        "bucket": _one("orders"),
        "versioned": _one(True),
        "access_key": _one("owner"),
        "secret_key": [Variant("canary-own"), Variant("canary-other", {"secret_key": "canary-own"})],
    },
    "persistent_volume": {"size_gb": _one(20)},
    "ingress": {"port": _one(8443), "tls": _one(False)},
    "service_mesh": {"mutual_tls": _one(False)},
    "observability": {
        "metrics": _one(False),
        "logs": _one(False),
        "traces": _one(True),
        "retention_days": _one(14),
    },
    "container_runtime": {
        "image": [Variant("api:2"), Variant(Template(("api:", TierOutput(Tier.SHARED_PRIMITIVES, "space_name"))))],
        "command[]": _one("work"),
        "replicas": _one(4),
        "memory": _one("1Gi"),
        "cpu": _one("1"),
        "resources.requests.cpu": _one("300m"),
        "resources.requests.memory": _one("300Mi"),
        "resources.limits.cpu": _one("1", cpu=None),
        "resources.limits.memory": _one("1Gi", memory=None),
        "ports[].container_port": _one(9090),
        "ports[].protocol": [Variant("UDP", {"ingress": None})],
        "ports[].service_port": _one(8081),
        "ports[].name": _one("web"),
        "env.*": [
            Variant("slow"),
            Variant(Secret("canary-two"), {"env.*": Secret("canary-one")}),
            Variant(TierOutput(Tier.SHARED_PRIMITIVES, "postgres_endpoint")),
            Variant(TierOutput(Tier.SHARED_PRIMITIVES, "postgres_credential_ref")),
            Variant(Template(("postgresql://u:", Secret("canary-two"), "@h")), {"env.*": Secret("canary-one")}),
        ],
        "build.context": _one("service", **_BUILT),
        "build.dockerfile": _one("Containerfile", **_BUILT),
        "volumes[].source": _one("other", **_MOUNTED),
        "volumes[].path": _one("/srv", **_MOUNTED),
        "volumes[].read_only": _one(True, **_MOUNTED),
        "health_check.path": _one("/ready"),
        "health_check.command[]": _one("ready", **_COMMANDED),
        "health_check.port": _one(9000),
        "health_check.interval": _one("20s"),
        "health_check.timeout": _one("4s"),
        "health_check.retries": _one(5),
        "health_check.start_period": _one("60s"),
        "ingress.host": _one("www.acme.com"),
        "ingress.port": _one(8443),
        "ingress.tls": _one(False),
        "ingress.path": _one("/api"),
        "database_connections": _one(20),
    },
}

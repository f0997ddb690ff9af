"""A `container_runtime` that sets every field, and another value for each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from platform_pulumi.model.tier import Tier
from platform_pulumi.model.value import Secret, Template, TierOutput

from .variant import Variant, Variants, one

BASE: Mapping[str, Any] = {
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
}
_BUILT: Mapping[str, Any] = {"build.context": "."}
_COMMANDED: Mapping[str, Any] = {"health_check.path": None, "health_check.port": None, "health_check.command[]": "true"}
_MOUNTED: Mapping[str, Any] = {"volumes[].source": "data", "volumes[].path": "/data"}

VARIANTS: Variants = {
    "image": [Variant("api:2"), Variant(Template(("api:", TierOutput(Tier.SHARED_PRIMITIVES, "space_name"))))],
    "command[]": one("work"),
    "replicas": one(4),
    "memory": one("1Gi"),
    "cpu": one("1"),
    "resources.requests.cpu": one("300m"),
    "resources.requests.memory": one("300Mi"),
    "resources.limits.cpu": one("1", cpu=None),
    "resources.limits.memory": one("1Gi", memory=None),
    "ports[].container_port": one(9090),
    "ports[].protocol": [Variant("UDP", {"ingress": None})],
    "ports[].service_port": one(8081),
    "ports[].name": one("web"),
    "env.*": [
        Variant("slow"),
        Variant(Secret("canary-two"), {"env.*": Secret("canary-one")}),
        Variant(TierOutput(Tier.SHARED_PRIMITIVES, "postgres_endpoint")),
        Variant(TierOutput(Tier.SHARED_PRIMITIVES, "postgres_credential_ref")),
        Variant(Template(("postgresql://u:", Secret("canary-two"), "@h")), {"env.*": Secret("canary-one")}),
    ],
    "build.context": one("service", **_BUILT),
    "build.dockerfile": one("Containerfile", **_BUILT),
    "volumes[].source": one("other", **_MOUNTED),
    "volumes[].path": one("/srv", **_MOUNTED),
    "volumes[].read_only": one(True, **_MOUNTED),
    "health_check.path": one("/ready"),
    "health_check.command[]": one("ready", **_COMMANDED),
    "health_check.port": one(9000),
    "health_check.interval": one("20s"),
    "health_check.timeout": one("4s"),
    "health_check.retries": one(5),
    "health_check.start_period": one("60s"),
    "ingress.host": one("www.acme.com"),
    "ingress.port": one(8443),
    "ingress.tls": one(False),
    "ingress.path": one("/api"),
    "database_connections": one(20),
}

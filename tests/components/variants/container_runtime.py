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
    "memory": [Variant("1Gi"), Variant("1Mi", {"memory": "2Mi", "resources": None}), Variant("512.5Mi")],
    "cpu": one("1"),
    "resources.requests.cpu": one("300m"),
    "resources.requests.memory": one("300Mi"),
    "resources.limits.cpu": one("1", cpu=None),
    "resources.limits.memory": [Variant("1Gi", {"memory": None}), Variant("512.5Mi", {"memory": None})],
    "ports[].container_port": one(9090),
    "ports[].protocol": [Variant("UDP", {"ingress": None})],
    "ports[].service_port": [Variant(8081), Variant(9443)],
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

#: One replica: others are made alike.
_ONE: Mapping[str, Any] = {"replicas": 1}
_SHARED: Mapping[str, Any] = {**_ONE, "bound": ("ingress",)}

SURROUNDINGS: Mapping[str, Mapping[str, Any]] = {
    "nothing outside": {**_ONE, "ingress": None},
    "nothing outside, nothing checked, no names": {
        **_ONE, "ingress": None, "health_check": None, "ports": [{"container_port": 8080}], "resources": None,
    },
    "two ports": {**_ONE, "ports": [{"container_port": 9000, "protocol": "UDP"}, {"container_port": 8080}]},
    "two TCP ports": {**_ONE, "ports": [{"container_port": 9000}, {"container_port": 8080}]},
    "behind a shared ingress": _SHARED,
    "behind a shared ingress without TLS": {**_SHARED, "ingress.tls": False},
    "checked by a command": {**_ONE, "health_check": {"command": ["true"]}},
    "built, with a volume": {**_ONE, "build": {"context": "."}, "volumes": [{"source": "data", "path": "/data"}]},
}  # fmt: skip

"""A `kubernetes_cluster` that sets every field, and another value for each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .variant import Variant, Variants, one

BASE: Mapping[str, Any] = {
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
}

VARIANTS: Variants = {
    "version": one("1.30"),
    "node_groups[].name": one("other"),
    "node_groups[].instance_type": one("m5.2xlarge"),
    "node_groups[].min_size": one(2),
    "node_groups[].max_size": one(12),
    "node_groups[].desired_size": one(6),
    "node_groups[].disk_size_gb": one(80),
    "node_groups[].capacity": one("spot"),
    "node_groups[].labels.*": one("batch"),
    "networking.vpc_cidr": [Variant("10.1.0.0/16", refused=True)],
    "networking.private_subnets": one(2),
    "networking.public_subnets": one(2),
    "public_endpoint": one(False),
}

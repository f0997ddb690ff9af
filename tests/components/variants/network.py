"""A `network` that sets every field, and another value for each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .variant import Variant, Variants, one

BASE: Mapping[str, Any] = {
    "cidr": "10.0.0.0/16",
    "availability_zones": 3,
    "private_subnets": 3,
    "public_subnets": 3,
    "nat_gateways": "single",
    "dns_hostnames": True,
}

VARIANTS: Variants = {
    "cidr": one("10.1.0.0/16"),
    "availability_zones": [Variant(2), Variant(4), Variant(1)],
    "private_subnets": [Variant(2), Variant(1)],
    "public_subnets": [Variant(2), Variant(1)],
    "nat_gateways": [Variant("per_zone"), Variant("none"), Variant("per_zone", {"public_subnets": 0})],
    "dns_hostnames": one(False),
}

SURROUNDINGS: Mapping[str, Mapping[str, Any]] = {
    "one public subnet": {"public_subnets": 1},
    "two public subnets": {"public_subnets": 2, "nat_gateways": "per_zone"},
    "no public subnets": {"public_subnets": 0},
    "one subnet each": {"public_subnets": 1, "private_subnets": 1},
    "two subnets each": {"public_subnets": 2, "private_subnets": 2},
    "one zone": {"availability_zones": 1, "nat_gateways": "none"},
    "one zone, one subnet each": {
        "availability_zones": 1,
        "nat_gateways": "none",
        "public_subnets": 1,
        "private_subnets": 1,
    },
    "a gateway for each zone": {"nat_gateways": "per_zone", "public_subnets": 6, "private_subnets": 6},
    "no gateways": {"nat_gateways": "none", "public_subnets": None, "private_subnets": None},
}

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
    "availability_zones": one(2),
    "private_subnets": one(2),
    "public_subnets": one(2),
    "nat_gateways": [Variant("per_zone"), Variant("none"), Variant("per_zone", {"public_subnets": 0})],
    "dns_hostnames": one(False),
}

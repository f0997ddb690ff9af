"""A `namespace` that sets every field, and another value for each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .variant import Variants, one

BASE: Mapping[str, Any] = {"resource_quotas": {"cpu": "8000m", "memory": "16Gi", "pods": 50}}

VARIANTS: Variants = {
    "resource_quotas.cpu": one("4000m"),
    "resource_quotas.memory": one("8Gi"),
    "resource_quotas.pods": one(20),
}

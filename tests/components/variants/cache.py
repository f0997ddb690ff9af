"""A `cache` that sets every field, and another value for each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .variant import Variant, Variants, one

BASE: Mapping[str, Any] = {"engine": "redis", "version": "7", "memory": "256Mi", "eviction": "allkeys-lru"}

VARIANTS: Variants = {
    "engine": one("valkey", version="8"),
    "version": one("6"),
    "memory": [Variant("512Mi"), Variant("256.5Mi"), Variant("1Mi", {"memory": "2Mi"})],
    "eviction": one("noeviction"),
    "password": [Variant("canary-own"), Variant("canary-other", {"password": "canary-own"})],
    "high_availability": one(True),
}

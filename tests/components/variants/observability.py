"""A `observability` that sets every field, and another value for each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .variant import Variants, one

BASE: Mapping[str, Any] = {"metrics": True, "logs": True, "traces": False, "retention_days": 7}

VARIANTS: Variants = {
    "metrics": one(False),
    "logs": one(False),
    "traces": one(True),
    "retention_days": one(14),
}

"""A `persistent_volume` that sets every field, and another value for each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .variant import Variants, one

BASE: Mapping[str, Any] = {"size_gb": 10}

VARIANTS: Variants = {"size_gb": one(20)}

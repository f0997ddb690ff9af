"""A `load_balancer` that sets every field, and another value for each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .variant import Variants, one

BASE: Mapping[str, Any] = {"scheme": "public", "kind": "http"}

VARIANTS: Variants = {"scheme": one("internal"), "kind": one("tcp")}

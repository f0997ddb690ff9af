"""A `service_mesh` that sets every field, and another value for each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .variant import Variants, one

BASE: Mapping[str, Any] = {"mutual_tls": True}

VARIANTS: Variants = {"mutual_tls": one(False)}

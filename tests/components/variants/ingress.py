"""A `ingress` that sets every field, and another value for each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .variant import Variants, one

BASE: Mapping[str, Any] = {"port": 443, "tls": True}

VARIANTS: Variants = {"port": one(8443), "tls": one(False)}

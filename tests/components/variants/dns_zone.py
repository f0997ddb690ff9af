"""A `dns_zone` that sets every field, and another value for each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .variant import Variants, one

BASE: Mapping[str, Any] = {"domain": "acme.com", "private": False}

VARIANTS: Variants = {"domain": one("acme.dev"), "private": one(True)}

"""A `object_storage` that sets every field, and another value for each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .variant import Variant, Variants, one

BASE: Mapping[str, Any] = {"bucket": "app", "versioned": False, "access_key": "platform"}

VARIANTS: Variants = {
    "bucket": one("orders"),
    "versioned": one(True),
    "access_key": one("owner"),
    "secret_key": [Variant("canary-own"), Variant("canary-other", {"secret_key": "canary-own"})],
}

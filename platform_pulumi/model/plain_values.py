"""Conversion of the model's values to JSON values."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any

from platform_pulumi.model.value import Secret


def plain(value: Any, *, secret: Callable[[Secret], Any], other: Callable[[Any], Any] = str) -> Any:
    """Convert to JSON values: mappings with text for keys, lists (sets sorted), text, numbers, booleans and null.

    Args:
        value: a property, an output, a provider's config, or any collection of such.
        secret: writes a secret, wherever it stands: redacted for what is shown, revealed only under a keyed hash.
        other: writes what is none of these (a reference, a model); as text where nothing is given.
    """
    if isinstance(value, Secret):
        return secret(value)
    if isinstance(value, Enum):
        return plain(value.value, secret=secret, other=other)
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, Mapping):
        return {str(key): plain(item, secret=secret, other=other) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item, secret=secret, other=other) for item in value]
    if isinstance(value, (set, frozenset)):
        return sorted((plain(item, secret=secret, other=other) for item in value), key=str)
    return other(value)

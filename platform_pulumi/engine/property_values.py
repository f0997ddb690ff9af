"""Decoding of Pulumi's property values: secrets, output values and unknowns (pulumi/sdk `resource.proto`)."""

from __future__ import annotations

from typing import Any

from platform_pulumi.model.redaction import REDACTED
from platform_pulumi.model.signatures import OUTPUT_SIGNATURE, RESOURCE_SIGNATURE, SECRET_SIGNATURE, SIGNATURE_KEY
from platform_pulumi.model.unknown import UNKNOWN, UNKNOWN_TYPES


def is_unknown(value: Any) -> bool:
    """Whether a leaf is one of the engine's sentinels for "not known yet"."""
    return isinstance(value, str) and value in UNKNOWN_TYPES


def contains_unknown(value: Any) -> bool:
    """Whether anything within a value is not known yet."""
    if isinstance(value, dict):
        if value.get(SIGNATURE_KEY) == OUTPUT_SIGNATURE and "value" not in value:
            return True
        return any(contains_unknown(item) for item in value.values())
    if isinstance(value, list):
        return any(contains_unknown(item) for item in value)
    return is_unknown(value)


def contains_secret(value: Any) -> bool:
    """Whether anything within a value is secret."""
    if isinstance(value, dict):
        signature = value.get(SIGNATURE_KEY)
        if signature == SECRET_SIGNATURE or (signature == OUTPUT_SIGNATURE and value.get("secret")):
            return True
        return any(contains_secret(item) for item in value.values())
    if isinstance(value, list):
        return any(contains_secret(item) for item in value)
    return False


def plain(value: Any, *, reveal: bool = False) -> Any:
    """Unwrap a value; secrets become `REDACTED` unless they are to be revealed.

    Whole numbers come back as int: the wire has floats only.
    """
    if isinstance(value, dict):
        signature = value.get(SIGNATURE_KEY)
        if signature == SECRET_SIGNATURE or (signature == OUTPUT_SIGNATURE and value.get("secret")):
            return plain(value.get("value"), reveal=True) if reveal else REDACTED
        if signature == OUTPUT_SIGNATURE:
            return plain(value["value"], reveal=reveal) if "value" in value else UNKNOWN
        if signature == RESOURCE_SIGNATURE:
            return value.get("urn", "")
        return {name: plain(item, reveal=reveal) for name, item in value.items()}
    if isinstance(value, list):
        return [plain(item, reveal=reveal) for item in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value

"""Decoding of Pulumi's property values: secrets, output values and unknowns (pulumi/sdk `resource.proto`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from platform_pulumi.model.property_path import member
from platform_pulumi.model.redaction import REDACTED
from platform_pulumi.model.signatures import OUTPUT_SIGNATURE, RESOURCE_SIGNATURE, SECRET_SIGNATURE, SIGNATURE_KEY
from platform_pulumi.model.unknown import UNKNOWN, UNKNOWN_TYPES

_SENTINELS = {word: sentinel for sentinel, word in UNKNOWN_TYPES.items()}


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


def with_types(value: Any, types: Mapping[str, str], path: str = "") -> Any:
    """Put the sentinel of its type in the place of each unknown leaf of a plain value.

    Args:
        types: path to type, of those that are no strings.
        path: of the value.
    """
    if isinstance(value, dict):
        return {name: with_types(item, types, member(path, name)) for name, item in value.items()}
    if isinstance(value, list):
        return [with_types(item, types, f"{path}[{index}]") for index, item in enumerate(value)]
    return _SENTINELS[types[path]] if is_unknown(value) and path in types else value


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """List every leaf of a value by its Pulumi property path; a secret or output wrapper is looked through."""
    if isinstance(value, dict):
        signature = value.get(SIGNATURE_KEY)
        if signature == SECRET_SIGNATURE:
            yield from leaves(value.get("value"), path)
            return
        if signature == OUTPUT_SIGNATURE:
            yield from leaves(value["value"], path) if "value" in value else [(path, UNKNOWN)]
            return
        for name, item in value.items():
            yield from leaves(item, member(path, name))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from leaves(item, f"{path}[{index}]")
    else:
        yield path, value

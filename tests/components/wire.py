"""Registered inputs as they went over the wire: what of them is in clear, and what they are without marks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from platform_pulumi.model.signatures import SECRET_SIGNATURE, SIGNATURE_KEY


def in_clear(value: Any) -> Iterator[Any]:
    """Every key and scalar that is not marked as a secret."""
    if isinstance(value, Mapping):
        if value.get(SIGNATURE_KEY) != SECRET_SIGNATURE:
            for key, item in value.items():
                yield key
                yield from in_clear(item)
    elif isinstance(value, list):
        for item in value:
            yield from in_clear(item)
    else:
        yield value


def revealed(value: Any) -> Any:
    """The value with its secrets bare."""
    if isinstance(value, Mapping):
        secret = value.get(SIGNATURE_KEY) == SECRET_SIGNATURE
        return revealed(value["value"]) if secret else {key: revealed(item) for key, item in value.items()}
    return [revealed(item) for item in value] if isinstance(value, list) else value

"""Pulumi's wire forms: secrets, output values and unknowns within property values (pulumi/sdk `resource.proto`)."""

from __future__ import annotations

from typing import Any

SIGNATURE_KEY = "4dabf18193072939515e22adb298388d"
SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270"
OUTPUT_SIGNATURE = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
RESOURCE_SIGNATURE = "5cf8f73096256a8f31e491e813e4eb8e"
#: How a plan shows what must not be shown, and what is not known yet.
SECRET_SHOWN = "[secret]"
#: One sentinel for each type (pulumi/sdk `plugin/rpc.go`).
UNKNOWNS = {
    "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7": "boolean",
    "3eeb2bf0-c639-47a8-9e75-3b44932eb421": "number",
    "04da6b54-80e4-46f7-96ec-b56ff0331ba9": "string",
    "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2": "array",
    "030794c1-ac77-496b-92df-f27374a8bd58": "asset",
    "e48ece36-62e2-4504-bad9-02848725956a": "archive",
    "dd056dcd-154b-4c76-9bd3-c8f88648b5ff": "object",
}
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"


def is_unknown(value: Any) -> bool:
    """Whether a leaf is one of the engine's sentinels for "not known yet"."""
    return isinstance(value, str) and value in UNKNOWNS


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
    """A value without wrappers; secrets are shown as `[secret]` unless they are to be revealed.

    Whole numbers come back as int: the wire has floats only.
    """
    if isinstance(value, dict):
        signature = value.get(SIGNATURE_KEY)
        if signature == SECRET_SIGNATURE or (signature == OUTPUT_SIGNATURE and value.get("secret")):
            return plain(value.get("value"), reveal=True) if reveal else SECRET_SHOWN
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

"""Conversion of a capability type's name to the name of a class or resource type."""

from __future__ import annotations


def pascal_case(name: str) -> str:
    """Convert `message_queue` to `MessageQueue`."""
    return "".join(word.capitalize() for word in name.split("_"))

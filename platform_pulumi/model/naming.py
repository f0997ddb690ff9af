"""How a capability type's name becomes the name of a class or resource type. Imports nothing: plugin hosts read it."""

from __future__ import annotations


def pascal_case(name: str) -> str:
    """`message_queue` as `MessageQueue`."""
    return "".join(word.capitalize() for word in name.split("_"))

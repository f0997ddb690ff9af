"""Pulumi URNs: `urn:pulumi:STACK::PROJECT::PARENT$TYPE::NAME` (Pulumi documentation, "Resource names")."""

from __future__ import annotations

from collections.abc import Mapping

_PARTS = 4
#: Components of ours are `platform:<provider>:<Type>`; the small resources of our own package are not.
_COMPONENT = "platform:"
_OWN_PACKAGE = "platform:index:"


def urn_name(urn: str) -> str:
    """The logical name (it may itself contain `::`)."""
    parts = urn.split("::", 3)
    return parts[3] if len(parts) == _PARTS else urn


def urn_type(urn: str) -> str:
    """The type token, without those of its parents."""
    parts = urn.split("::", 3)
    return parts[2].rpartition("$")[2] if len(parts) == _PARTS else ""


def capability_of(urn: str, parents: Mapping[str, str]) -> str:
    """The capability a resource belongs to: the name of our component above it, or "" where there is none.

    Args:
        urn: the resource.
        parents: the parent of every known URN.
    """
    for _ in range(len(parents) + 2):
        token = urn_type(urn)
        if token.startswith(_COMPONENT) and not token.startswith(_OWN_PACKAGE):
            return urn_name(urn)
        urn = parents.get(urn, "")
        if not urn:
            break
    return ""

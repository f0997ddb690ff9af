"""Builders of fidelity entries in Docker's bindings: the level, what Docker does instead, what to do about it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from platform_pulumi.model.capability import CapabilityProperties
from platform_pulumi.model.fidelity import Fidelity
from platform_pulumi.sdk.provider import FieldFidelity

SELF_SIGNED = "using self-signed cert (production uses ACM)"


def partial(does: str, workaround: str = "", **words: Any) -> FieldFidelity:
    """Build the entry of a field that is served with a difference."""
    return FieldFidelity(Fidelity.PARTIAL, does, workaround, **words)


def stub(does: str, workaround: str = "", **words: Any) -> FieldFidelity:
    """Build the entry of a field that something simpler stands in for."""
    return FieldFidelity(Fidelity.STUB, does, workaround, **words)


def none(does: str, workaround: str = "", **words: Any) -> FieldFidelity:
    """Build the entry of a field that has no effect."""
    return FieldFidelity(Fidelity.NONE, does, workaround, **words)


def each(names: Iterable[str], entry: FieldFidelity) -> dict[str, FieldFidelity]:
    """Repeat an entry for several fields."""
    return dict.fromkeys(names, entry)


def is_true(value: Any, _: CapabilityProperties) -> bool:
    """Whether a switch is on: a condition (`when`) of an entry."""
    return value is True

"""Bindings of a provider by capability type, each loaded when it is first looked up."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from platform_pulumi.lazy_mapping import LazyMapping
from platform_pulumi.sdk.provider import CapabilityBinding

if TYPE_CHECKING:
    from platform_pulumi.model.capability import CapabilityProperties


def bindings_of(package: str) -> Mapping[str, CapabilityBinding]:
    """Collect the bindings of a provider's package: `BINDING` in `<package>/<type>/binding.py`, for each type.

    A package calls it while it is imported, with its own `__name__`.
    """
    folders = [Path(path) for path in sys.modules[package].__path__]

    def names() -> Iterator[str]:
        return (name for name in _types() if any((f / name / "binding.py").is_file() for f in folders))

    def load(name: str) -> CapabilityBinding:
        binding: CapabilityBinding = importlib.import_module(f"{package}.{name}.binding").BINDING
        return binding

    return LazyMapping(names, load)


def bindings_of_all(bind: Callable[[type[CapabilityProperties]], CapabilityBinding]) -> Mapping[str, CapabilityBinding]:
    """Bind every capability type alike; `bind` gives the binding of one."""
    return LazyMapping(_types, lambda name: bind(_types()[name]))


def _types() -> Mapping[str, type[CapabilityProperties]]:
    # The plugin host imports a provider's package, too, and asks for no type: it does without pydantic.
    from platform_pulumi.model.capabilities import CAPABILITY_TYPES  # noqa: PLC0415

    return CAPABILITY_TYPES

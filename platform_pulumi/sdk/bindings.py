"""Lazy mapping of a provider's bindings, each loaded when it is first looked up."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path

from platform_pulumi.sdk.provider import CapabilityBinding


class LazyBindings(Mapping[str, CapabilityBinding]):
    """Lazy mapping from capability type to binding, each loaded on first use.

    Args:
        types: names the types that are served; asked once, when that is first of interest.
        load: gives the binding of one of them.
    """

    def __init__(self, types: Callable[[], Iterable[str]], load: Callable[[str], CapabilityBinding]) -> None:
        self._types = types
        self._load = load
        self._loaded: dict[str, CapabilityBinding] = {}

    @cached_property
    def _names(self) -> tuple[str, ...]:
        return tuple(self._types())

    def __getitem__(self, name: str) -> CapabilityBinding:
        if name not in self._loaded:
            if name not in self._names:
                raise KeyError(name)
            self._loaded[name] = self._load(name)
        return self._loaded[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def __contains__(self, name: object) -> bool:
        return name in self._names


def bindings_of(package: str) -> Mapping[str, CapabilityBinding]:
    """Collect the bindings of a provider's package: `BINDING` in `<package>/<type>/binding.py`, for each type.

    A package calls it while it is imported, with its own `__name__`.
    """
    folders = [Path(path) for path in sys.modules[package].__path__]

    def types() -> Iterator[str]:
        # The plugin host imports the package, too, and asks for no type: it does without pydantic.
        from platform_pulumi.model.capabilities import CAPABILITY_TYPES  # noqa: PLC0415

        return (name for name in CAPABILITY_TYPES if any((f / name / "binding.py").is_file() for f in folders))

    def load(name: str) -> CapabilityBinding:
        binding: CapabilityBinding = importlib.import_module(f"{package}.{name}.binding").BINDING
        return binding

    return LazyBindings(types, load)

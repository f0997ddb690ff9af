"""Lazy mapping: names are listed when that is first of interest, each value is loaded when it is first looked up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import TypeVar

V = TypeVar("V")


class LazyMapping(Mapping[str, V]):
    """Mapping that loads each value once, on first use; whether a name is there can be asked without.

    Args:
        names: lists the names, in their order; asked once.
        load: gives the value of one of them.
    """

    def __init__(self, names: Callable[[], Iterable[str]], load: Callable[[str], V]) -> None:
        self._list = names
        self._load = load
        self._loaded: dict[str, V] = {}

    @cached_property
    def _names(self) -> tuple[str, ...]:
        return tuple(self._list())

    def __getitem__(self, name: str) -> V:
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

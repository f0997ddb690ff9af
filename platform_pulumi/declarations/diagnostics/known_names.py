"""Known names, of which one is suggested for each of many that are wrong, without a comparison with all for each."""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterable, Iterator
from itertools import islice

from platform_pulumi.declarations.diagnostics.wording import did_you_mean

#: So few are all compared with.
_FEW = 40


class KnownNames(Collection[str]):
    """Names in the order given; where there are many, only those that a letter or two tell apart are suggested."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = dict.fromkeys(names)

    def __len__(self) -> int:
        return len(self._names)

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def hint(self, name: str, *, but: str = "") -> str:
        """Suggest the closest name but one; empty where none is close."""
        near: Iterable[str] = self._names
        if len(self) > _FEW:
            near = dict.fromkeys(known for part in _parts(name) for known in self._by_part.get(part, ()))
        return did_you_mean(name, [known for known in near if known != but])

    def listed(self, *, but: str = "", limit: int = 12) -> str:
        """Join the names but one to a list, cut short where there are many; see `wording.listed`."""
        shown = ", ".join(islice((name for name in self._names if name != but), limit))
        more = len(self) - (but in self._names) - limit
        return f"{shown} and {more} more" if more > 0 else shown

    @functools.cached_property
    def _by_part(self) -> dict[str, list[str]]:
        """Names by themselves, and by what is left of each without one of its letters.

        Whoever writes one letter more, less or otherwise, or two in the other order, shares such a part.
        """
        found: dict[str, list[str]] = {}
        for name in self._names:
            for part in _parts(name):
                names = found.setdefault(part, [])
                if len(names) < _FEW:
                    names.append(name)
        return found


def _parts(name: str) -> set[str]:
    return {name, *(name[:index] + name[index + 1 :] for index in range(min(len(name), _LONGEST)))}


#: Of a longer name only the beginning is looked at: names have at most 63 letters.
_LONGEST = 64

"""A mapping that lists its names and loads its values when that is first of interest."""

from __future__ import annotations

import pytest

from platform_pulumi.lazy_mapping import LazyMapping


def test_each_is_made_once_and_names_are_asked_for_once() -> None:
    asked: list[str] = []

    def names() -> list[str]:
        asked.append("names")
        return ["database"]

    def load(name: str) -> tuple[str]:
        asked.append(name)
        return (name,)

    mapping = LazyMapping(names, load)
    assert asked == []
    assert "database" in mapping
    assert "cache" not in mapping
    assert len(mapping) == 1
    with pytest.raises(KeyError):
        mapping["cache"]
    assert asked == ["names"]
    assert dict(mapping) == {"database": mapping["database"]}
    assert list(mapping) == ["database"]
    assert asked == ["names", "database"]

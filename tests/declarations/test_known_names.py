"""Names that are suggested: the same where there are few and where there are many."""

from __future__ import annotations

import pytest

from platform_pulumi.declarations.diagnostics.known_names import KnownNames
from platform_pulumi.declarations.diagnostics.wording import listed

MANY = [f"service-{number:04}" for number in range(5000)]


@pytest.mark.parametrize(
    "wrong", ["database", "databas", "databasee", "dtabase", "databsae", "databaze", "xatabase", "Database"]
)
@pytest.mark.parametrize("others", [[], MANY])
def test_a_letter_or_two_apart(wrong: str, others: list[str]) -> None:
    assert KnownNames([*others, "database"]).hint(wrong) == " Did you mean `database`?"


@pytest.mark.parametrize("others", [[], MANY])
def test_nothing_is_suggested_where_nothing_is_close(others: list[str]) -> None:
    assert not KnownNames([*others, "database"]).hint("queue")


@pytest.mark.parametrize("others", [[], MANY])
def test_one_can_be_left_out(others: list[str]) -> None:
    assert not KnownNames([*others, "database"]).hint("databas", but="database")


@pytest.mark.parametrize("number", [0, 1, 2, 12, 13, 14, 100])
@pytest.mark.parametrize("but", ["", "service-0001", "nowhere"])
def test_lists_as_all_lists_are_written(number: int, but: str) -> None:
    names = MANY[:number]
    assert KnownNames(names).listed(but=but) == listed([name for name in names if name != but])

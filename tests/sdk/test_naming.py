"""Physical names: within limits, the same everywhere, another one where a replacement must fit beside."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platform_pulumi.sdk.naming import HASH_LENGTH, physical_name

PARTS = st.lists(st.text(max_size=40), max_size=5)
KEYS = st.dictionaries(
    st.text(max_size=5), st.text(max_size=5) | st.integers() | st.lists(st.integers(), max_size=3), max_size=3
)
SEPARATORS = st.sampled_from(["-", "_", ""])
LIMITS = st.integers(HASH_LENGTH + 2, 255)


@given(PARTS, st.text(), KEYS, LIMITS, SEPARATORS)
def test_a_name_keeps_to_its_limit_and_alphabet(
    parts: list[str], identity: str, keys: dict[str, Any], limit: int, separator: str
) -> None:
    name = physical_name(*parts, identity=identity, replace_keys=keys, limit=limit, separator=separator)
    assert len(name) <= limit
    assert re.fullmatch(f"[a-z][a-z0-9{separator}]*[0-9a-f]{{{HASH_LENGTH}}}", name)
    if separator:
        assert separator * 2 not in name


@given(PARTS, st.text(), KEYS, LIMITS)
def test_the_same_declaration_gives_the_same_name(
    parts: list[str], identity: str, keys: dict[str, Any], limit: int
) -> None:
    backwards = dict(reversed(keys.items()))
    assert physical_name(*parts, identity=identity, replace_keys=keys, limit=limit) == physical_name(
        *parts, identity=identity, replace_keys=backwards, limit=limit
    )


@given(st.tuples(st.text(), KEYS), st.tuples(st.text(), KEYS))
def test_another_identity_or_replace_key_gives_another_name(
    one: tuple[str, dict[str, Any]], other: tuple[str, dict[str, Any]]
) -> None:
    names = [physical_name("a", identity=identity, replace_keys=keys) for identity, keys in (one, other)]
    assert (names[0] == names[1]) is (one == other)


def test_what_a_person_recognises_is_kept_from_the_end() -> None:
    name = physical_name("acme-production", "shared-postgres", identity="x", limit=32)
    assert re.fullmatch(r"oduction-shared-postgres-[0-9a-f]{7}", name)
    assert physical_name("Acme Prod", "Ünit.1", identity="x").startswith("acme-prod-nit-1-")


def test_a_name_starts_with_a_letter() -> None:
    assert physical_name("9lives", identity="x").startswith("p-9lives-")
    assert re.fullmatch(r"p-[0-9a-f]{7}", physical_name("", identity="x"))


@pytest.mark.parametrize("limit", [0, 7, 8])
def test_a_limit_without_room_is_refused(limit: int) -> None:
    with pytest.raises(ValueError, match=f"{limit} characters"):
        physical_name("a", identity="x", limit=limit)

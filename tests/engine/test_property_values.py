"""Pulumi's wire forms: what is secret or unknown is never missed, whatever it is wrapped in."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from platform_pulumi.engine.property_values import (
    contains_secret,
    contains_unknown,
    is_unknown,
    plain,
)
from platform_pulumi.model.redaction import REDACTED
from platform_pulumi.model.signatures import OUTPUT_SIGNATURE, RESOURCE_SIGNATURE, SECRET_SIGNATURE, SIGNATURE_KEY
from platform_pulumi.model.unknown import UNKNOWN, UNKNOWN_TYPES

_SCALARS = (
    st.none()
    | st.booleans()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5)
    | st.integers(-(2**53), 2**53)
)


def wrapped_secret(value: Any) -> dict[str, Any]:
    return {SIGNATURE_KEY: SECRET_SIGNATURE, "value": value}


def output(**parts: Any) -> dict[str, Any]:
    return {SIGNATURE_KEY: OUTPUT_SIGNATURE, **parts}


def _around(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    keys = st.text(max_size=4).filter(lambda key: key != SIGNATURE_KEY)
    return st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3)


PLAIN = st.recursive(_SCALARS, _around, max_leaves=8)
#: Anything the wire may carry around one value.
WRAPPERS: st.SearchStrategy[list[str]] = st.lists(
    st.sampled_from(["list", "map", "secret", "output", "secret output"]), max_size=5
)


def wrap(value: Any, how: list[str]) -> Any:
    forms: dict[str, Callable[[Any], Any]] = {
        "list": lambda v: [1.0, v],
        "map": lambda v: {"key": v, "other": True},
        "secret": wrapped_secret,
        "output": lambda v: output(value=v, dependencies=["urn:a"]),
        "secret output": lambda v: output(value=v, secret=True),
    }
    for name in how:
        value = forms[name](value)
    return value


@given(PLAIN)
def test_what_has_no_wrappers_stays_equal_and_is_neither_secret_nor_unknown(value: Any) -> None:
    assert plain(value) == value
    assert not contains_secret(value)
    assert not contains_unknown(value)


@given(PLAIN)
def test_plain_is_stable(value: Any) -> None:
    assert plain(plain(value)) == plain(value)


@given(WRAPPERS)
def test_a_secret_never_shows_unless_it_is_to_be_revealed(how: list[str]) -> None:
    value = wrap(wrapped_secret("hunter2"), how)
    assert contains_secret(value)
    assert "hunter2" not in repr(plain(value))
    assert REDACTED in repr(plain(value))
    assert "hunter2" in repr(plain(value, reveal=True))
    assert SIGNATURE_KEY not in repr(plain(value, reveal=True))


@given(WRAPPERS, st.sampled_from([*UNKNOWN_TYPES, "output"]))
def test_an_unknown_is_seen_through_every_wrapper(how: list[str], kind: str) -> None:
    value = wrap(output(dependencies=[]) if kind == "output" else kind, how)
    assert contains_unknown(value)
    assert any(sentinel in repr(plain(value, reveal=True)) for sentinel in UNKNOWN_TYPES)


def test_a_secret_within_a_revealed_secret_is_revealed_too() -> None:
    assert plain(wrapped_secret({"a": wrapped_secret("x"), "b": [output(value="y", secret=True)]}), reveal=True) == {
        "a": "x",
        "b": ["y"],
    }


def test_a_recorded_secret_without_value_is_shown_as_one() -> None:
    assert plain({SIGNATURE_KEY: SECRET_SIGNATURE, "ciphertext": "[secret]"}) == REDACTED


def test_an_output_without_value_is_unknown_and_with_one_is_its_value() -> None:
    assert plain(output(dependencies=["urn:a"])) == UNKNOWN
    assert plain(output(value=[2.0])) == [2]
    assert not contains_unknown(output(value=None))


def test_a_resource_reference_is_its_urn() -> None:
    assert plain({SIGNATURE_KEY: RESOURCE_SIGNATURE, "urn": "urn:a", "id": "1"}) == "urn:a"


def test_whole_numbers_come_back_whole() -> None:
    assert repr(plain([3.0, 2.5, -0.0])) == "[3, 2.5, 0]"
    assert plain(math.inf) == math.inf


def test_text_that_only_contains_a_sentinel_is_known() -> None:
    assert not is_unknown(f"prefix-{UNKNOWN}")
    assert is_unknown(UNKNOWN)

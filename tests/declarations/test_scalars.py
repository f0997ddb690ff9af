"""YAML 1.2's core schema: what is text, and what is not."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platform_pulumi.declarations.yaml.scalars import STARTS, resolve_scalar
from tests.declarations.platforms import container, platform


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None), ("~", None), ("null", None), ("Null", None), ("true", True), ("FALSE", False),
        ("0", 0), ("-0", 0), ("12", 12), ("+12", 12), ("-7", -7), ("0x1F", 31), ("0o17", 15),
        ("1.5", 1.5), ("1.10", 1.1), (".5", 0.5), ("5.", 5.0), ("1e3", 1000.0), ("-2.5E-1", -0.25), ("0.5", 0.5),
    ],
)  # fmt: skip
def test_values(text: str, value: Any) -> None:
    read = resolve_scalar(text)
    assert read == value
    assert type(read) is type(value)


@pytest.mark.parametrize(
    "text",
    [
        "no", "on", "yes", "off", "y", "NO", "nULL", "tRUE", "0777", "00", "-01", "01.5", "12:30:00", "2026-11-22",
        "1_000", "0x", "0xg", "0o8", "1.2.3",
        "10.0.0.0/16", ".", "-", "+", "e5", ".e1", "1e", "1e999", ".inf", ".nan", "512Mi",
        "1" * 41, "\u0661", "\u00b2", "0b1", "1e5e5", "--1", "true ", "nonsense",
    ],
)  # fmt: skip
def test_text_stays_text(text: str) -> None:
    assert resolve_scalar(text) == text
    assert isinstance(resolve_scalar(text), str)


@given(st.integers(min_value=-(10**38), max_value=10**38))
def test_integers(number: int) -> None:
    assert resolve_scalar(str(number)) == number


@given(st.text(max_size=50))
def test_any_text_is_read(text: str) -> None:
    value = resolve_scalar(text)
    assert isinstance(value, (str, int, float, bool, type(None)))
    if text and text[0] not in STARTS:
        assert value == text


@pytest.mark.parametrize(
    "text",
    [
        platform("\n    application: {applications: {1: {capabilities: []}, '1': {capabilities: [a, b]}}}\n"),
        platform(container()).replace("name: mock", "name: mock, config: {1: {a: []}, '1': {a: ['${x', b]}}"),
    ],
)
def test_a_key_is_the_second_also_after_one_that_is_no_text(refused: Any, text: str) -> None:
    """Who looks for its node finds the first: values of the one and nodes of the other do not fit together."""
    assert [problem.code for problem in refused(text).problems][:2] == ["P2009", "P2008"]

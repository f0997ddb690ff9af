"""Quantities are exact."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platform_pulumi.model.quantity import Quantity, digits

NUMBERS = st.decimals(min_value=0, max_value=10**9, places=6, allow_nan=False)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1000m", "1"),
        ("1Ki", "1024"),
        ("0.5Gi", "512Mi"),
        ("2G", "2000M"),
        ("1000000000n", "1"),
        ("1.5", "1500m"),
        ("1Ei", "1024Pi"),
    ],
)
def test_equal_amounts(one: str, other: str) -> None:
    assert Quantity.parse(one) == Quantity.parse(other)
    assert hash(Quantity.parse(one)) == hash(Quantity.parse(other))


@pytest.mark.parametrize(("less", "more"), [("500m", "0.501"), ("1G", "1Gi"), ("999Mi", "1Gi"), ("0.1", "101m")])
def test_order(less: str, more: str) -> None:
    assert Quantity.parse(less) < Quantity.parse(more)


@pytest.mark.parametrize(
    "text", ["", "Gi", "1GiB", "10ki", "-1", "+1", "1e3", " 1Gi", "1 Gi", "1,5", "1.", ".5", "\u0661", "9**9", "1K"]
)
def test_what_is_no_quantity(text: str) -> None:
    with pytest.raises(ValueError, match="is not a quantity"):
        Quantity.parse(text)


@given(NUMBERS, st.sampled_from(["", *Quantity.SUFFIXES]))
def test_amounts_are_decimals(number: Decimal, suffix: str) -> None:
    quantity = Quantity.parse(f"{number:f}{suffix}")
    assert quantity.amount == number * Quantity.SUFFIXES.get(suffix, Decimal(1))
    assert str(quantity) == f"{number:f}{suffix}"


@pytest.mark.parametrize(
    ("number", "expected"), [("1.50", "1.5"), ("100", "100"), ("1E+2", "100"), ("0.000", "0"), ("1E-9", "0.000000001")]
)
def test_a_number_in_as_few_digits_as_it_takes(number: str, expected: str) -> None:
    assert digits(Decimal(number)) == expected

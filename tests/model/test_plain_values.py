"""Values as JSON: everything a declaration can hold, with secrets written as the caller says."""

from __future__ import annotations

import json
from decimal import Decimal
from enum import Enum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platform_pulumi.model.plain_values import plain
from platform_pulumi.model.redaction import REDACTED
from platform_pulumi.model.tier import Tier
from platform_pulumi.model.value import Secret, TierOutput

CANARY = "canary-91f0"


class Size(Enum):
    LARGE = "large"


def redacted(value: Any) -> Any:
    return plain(value, secret=lambda _: REDACTED)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Size.LARGE, "large"),
        (float("inf"), "inf"),
        (1.5, 1.5),
        (True, True),
        ({Tier.INFRASTRUCTURE: 1}, {str(Tier.INFRASTRUCTURE): 1}),
        ((1, [2, (3,)]), [1, [2, [3]]]),
        (frozenset({"b", "a"}), ["a", "b"]),
        (TierOutput(Tier.INFRASTRUCTURE, "vpc_id"), "infrastructure.vpc_id"),
        ({"a": [Secret(CANARY)]}, {"a": [REDACTED]}),
    ],
)
def test_a_value_as_json(value: Any, expected: Any) -> None:
    assert redacted(value) == expected


def test_the_caller_says_how_secrets_and_everything_else_are_written() -> None:
    value = {"password": Secret(CANARY), "sizes": [Decimal("1.50")]}
    written = plain(value, secret=lambda secret: ["secret", secret.reveal()], other=lambda item: {"decimal": str(item)})
    assert written == {"password": ["secret", CANARY], "sizes": [{"decimal": "1.50"}]}


_LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.just(Secret(CANARY))
    | st.just(Size.LARGE)
    | st.decimals()
)


@given(st.recursive(_LEAVES, lambda inner: st.lists(inner) | st.dictionaries(st.integers(), inner) | st.tuples(inner)))
def test_whatever_comes_out_is_json_without_a_secret(value: Any) -> None:
    assert CANARY not in json.dumps(redacted(value), allow_nan=False)

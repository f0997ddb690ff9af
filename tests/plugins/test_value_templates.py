"""Forms of made-up values."""

from __future__ import annotations

import re

import pytest

from platform_pulumi.plugins.value_templates import render


@pytest.mark.parametrize(
    ("form", "made"),
    [
        ("vpc-{hex17}", r"vpc-[0-9a-f]{17}"),
        ("AROA{HEX17}", r"AROA[A-P]{17}"),
        ("b-{uuid}", r"b-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
        ("203.0.113.{octet}", r"203\.0\.113\.\d{1,3}"),
        ("{a.b}:{n}", "x:3"),
        ("{missing}", r"[0-9a-f]{12}"),
    ],
)
def test_forms(form: str, made: str) -> None:
    text = render(form, "seed", {"a": {"b": "x"}, "n": 3})
    assert re.fullmatch(made, text)
    assert render(form, "seed", {"a": {"b": "x"}, "n": 3}) == text

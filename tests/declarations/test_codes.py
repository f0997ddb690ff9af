"""Kinds of mistakes are told apart by their code."""

from __future__ import annotations

import re
from pathlib import Path

from platform_pulumi import declarations
from platform_pulumi.declarations.diagnostics import codes

TABLE = {name: value for name, value in vars(codes).items() if isinstance(value, codes.Code)}


def test_codes_and_summaries_are_unique() -> None:
    assert len({code.code for code in TABLE.values()}) == len(TABLE)
    assert len({code.summary for code in TABLE.values()}) == len(TABLE)
    assert all(re.fullmatch(r"P[234]\d{3}", code.code) for code in TABLE.values())


def test_every_kind_is_told_somewhere() -> None:
    room = Path(declarations.__file__).parent
    text = "".join(path.read_text(encoding="utf-8") for path in room.rglob("*.py") if path.name != "codes.py")
    assert [name for name in TABLE if f"codes.{name}" not in text] == []

"""The glossary: each of its words is one that the code uses."""

from __future__ import annotations

import re
from pathlib import Path

import components
import platform_pulumi

_ROW = re.compile(r"^\| ([a-z][a-z -]*) \| .+ \|$", re.MULTILINE)


def test_every_word_is_used_in_the_code() -> None:
    page = (Path(__file__).parents[1] / "docs" / "glossary.md").read_text(encoding="utf-8")
    words = [word for word in _ROW.findall(page) if word != "word"]
    assert len(words) > 40
    assert len(set(words)) == len(words)
    roots = [Path(package.__file__ or "").parent for package in (platform_pulumi, components)]
    text = "\n".join(path.read_text(encoding="utf-8") for root in roots for path in root.rglob("*.py"))
    text = re.sub(r"[\s_]+", " ", text)
    assert [word for word in words if not re.search(rf"\b{word}s?\b", text, re.IGNORECASE)] == []

"""Markdown building blocks. Foreign text passes `code` or `cell`: no value may open a tag or end a cell."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence

from platform_pulumi.cli.views.page import clean


def code(text: str) -> str:
    """Format inline code, whatever backticks the text holds; a bar would end a table's cell."""
    text = clean(text).replace("|", "\\|")
    longest = max((len(run) for run in _runs(text)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if longest else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def cell(text: str) -> str:
    """Escape plain text, in a cell or a line."""
    text = " ".join(clean(text).split())
    escaped = html.escape(text, quote=False)
    for character in "\\`*_[]|@~":
        escaped = escaped.replace(character, f"\\{character}" if character != "@" else "@&#8203;")
    return escaped


def table(heads: Sequence[str], rows: Iterable[Sequence[str]], right: Iterable[int] = ()) -> list[str]:
    """Format a table's lines; `right` are the columns of numbers."""
    numbers = set(right)
    rules = ["--:" if index in numbers else "---" for index in range(len(heads))]
    return [f"| {' | '.join(row)} |" for row in (heads, rules, *rows)]


def details(summary: str, lines: Iterable[str], *, expanded: bool = False) -> list[str]:
    """Format a collapsible HTML `<details>` block; `summary` is HTML."""
    return [f"<details{' open' if expanded else ''}><summary>{summary}</summary>", "", *lines, "", "</details>", ""]


def fenced(language: str, lines: Iterable[str]) -> list[str]:
    """Format a block of code."""
    lines = [clean(line) for line in lines]
    longest = max((len(run) for line in lines for run in _runs(line)), default=0)
    fence = "`" * max(3, longest + 1)
    return [f"{fence}{language}", *lines, fence]


def _runs(text: str) -> list[str]:
    return [run for run in "".join(c if c == "`" else " " for c in text).split() if run]

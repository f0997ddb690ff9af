"""Page of text for people: lines of pieces, some with a style that only repeats what the words say.

Text of other people's (names, values, provider messages) passes `clean` on its way: an escape sequence in a YAML value
must not move a reader's cursor or hide a line of a plan.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable
from typing import NamedTuple, TypeAlias

WIDTH = 100

_CODES = {
    "good": "32", "change": "33", "bad": "31", "replace": "35", "dim": "2", "strong": "1", "alarm": "1;37;41",
    "notice": "1;33",
}  # fmt: skip
_COLOURS = re.compile(r"\x1b\[[0-9;:]*m")
#: Control characters (C0, DEL, C1), and those that change the reading direction of what follows them.
_CONTROLS = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


class Styled(NamedTuple):
    """Piece of a line with its style."""

    text: str
    style: str


Piece: TypeAlias = str | Styled


def clean(text: str) -> str:
    """Remove colours from a text and make other control characters visible (`\x07`)."""
    return _CONTROLS.sub(lambda found: found[0].encode("unicode_escape").decode(), _COLOURS.sub("", text))


class Page:
    """Page of lines, in order."""

    def __init__(self) -> None:
        self._lines: list[tuple[Piece, ...]] = []

    def line(self, *pieces: Piece) -> None:
        """Add a line."""
        self._lines.append(pieces)

    def blank(self) -> None:
        """Add an empty line, unless the page is empty or ends in one."""
        if self._lines and self._lines[-1]:
            self._lines.append(())

    def sides(self, left: Iterable[Piece], right: Iterable[Piece]) -> None:
        """Add a line with `right` at the right margin; where both do not fit, two spaces apart."""
        left, right = tuple(left), tuple(right)
        used = sum(len(_text(piece)) for piece in (*left, *right))
        self.line(*left, " " * max(2, WIDTH - used), *right)

    def fits(self, *pieces: Piece) -> bool:
        """Whether these pieces are no wider than the page."""
        return sum(len(_text(piece)) for piece in pieces) <= WIDTH

    def paragraph(self, text: str, indent: int = 0, style: str = "", hang: int = 0) -> None:
        """Add text, wrapped at the page's width; its own line breaks stay."""
        for part in text.splitlines() or [""]:
            own = len(part) - len(part.lstrip(" "))
            lines = textwrap.wrap(
                part.strip(),
                width=WIDTH,
                initial_indent=" " * (indent + own),
                subsequent_indent=" " * (indent + own + hang),
                break_long_words=False,
                break_on_hyphens=False,
            )
            for line in lines or [""]:
                self.line(Styled(line, style) if style else line)

    def extend(self, page: Page) -> None:
        """Add another page's lines."""
        self._lines.extend(page._lines)

    def text(self, *, colour: bool = False) -> str:
        """Render the page as text, each line ended, without trailing blanks."""
        return "".join(f"{_line(pieces, colour)}\n" for pieces in self._lines)


def _text(piece: Piece) -> str:
    return clean(piece.text if isinstance(piece, Styled) else piece)


def _line(pieces: tuple[Piece, ...], colour: bool) -> str:
    if not colour:
        return "".join(map(_text, pieces)).rstrip()
    return "".join(
        f"\x1b[{_CODES[piece.style]}m{_text(piece)}\x1b[0m"
        if isinstance(piece, Styled) and piece.style and piece.text
        else _text(piece)
        for piece in pieces
    ).rstrip()

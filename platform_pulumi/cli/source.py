"""Reader of source lines for the excerpt under an error: read when an error is shown, secrets hidden."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path

from platform_pulumi.errors import Position

#: Gives the line at a position, or None where it cannot be read.
Lines = Callable[[Position], str | None]
#: Longer lines are no YAML a person reads; they are cut.
LONGEST_LINE = 10_000
#: More lines no file has that is read (declarations.documents.Limits).
MOST_LINES = 1_000_000


def source_line(position: Position) -> str | None:
    """Return the line at a position, literal secrets hidden and columns preserved; None where it is not known here."""
    lines = _lines(position.file) if not position.recorded else ()
    if not 1 <= position.line <= len(lines):
        return None
    from platform_pulumi.declarations.diagnostics.masking import masked_line

    return masked_line(lines[position.line - 1], lines[: position.line - 1])


@functools.cache
def _lines(file: str) -> Sequence[str]:
    """Read a file's lines; none where it cannot be read."""
    try:
        with Path(file).open(encoding="utf-8-sig", errors="replace") as text:
            return [line.rstrip("\r\n")[:LONGEST_LINE] for line in islice(text, MOST_LINES)]
    except (OSError, ValueError):
        return []

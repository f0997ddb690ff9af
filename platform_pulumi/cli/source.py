"""Reader of source lines for the excerpt under an error: read when an error is shown, secrets hidden."""

from __future__ import annotations

import functools
from collections.abc import Callable
from itertools import islice
from pathlib import Path

from platform_pulumi.errors import Position

#: Gives the line at a position, or None where it cannot be read.
Lines = Callable[[Position], str | None]
#: Longer lines are no YAML a person reads; they are cut.
LONGEST_LINE = 10_000


def source_line(position: Position) -> str | None:
    """Return the line at a position, literal secrets hidden and columns preserved; None where there is none."""
    line = _line(position.file, position.line)
    if line is None:
        return None
    from platform_pulumi.declarations.diagnostics.masking import masked_line

    return masked_line(line)


@functools.cache
def _line(file: str, number: int) -> str | None:
    try:
        with Path(file).open(encoding="utf-8-sig", errors="replace") as lines:
            found = next(islice(lines, number - 1, number), None)
    except (OSError, ValueError):
        return None
    return None if found is None else found.rstrip("\r\n")[:LONGEST_LINE]

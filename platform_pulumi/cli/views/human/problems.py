"""Page of problems: position, summary, the source line with a caret under it, and what to do."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from platform_pulumi.cli.source import Lines
from platform_pulumi.cli.views.page import WIDTH, Page, Piece, Styled, clean
from platform_pulumi.cli.views.words import plural
from platform_pulumi.errors import PlatformError, Position, Problem

#: How much of a long line is shown.
_EXCERPT = WIDTH - 12


def no_lines(_position: Position) -> str | None:
    """Return no source line: a page without excerpts."""
    return None


def error_page(error: PlatformError, lines: Lines = no_lines, consequence: str = "") -> Page:
    """Format an error with its problems; `consequence` says what did not happen ("Nothing was planned.").

    Mistakes of the user's own stand for themselves; what the engine or the platform's rules say gets a heading.
    """
    page = Page()
    mistakes = [problem for problem in error.problems if not problem.warning]
    if not mistakes or error.exit_code not in {2, 3}:
        page.sides([Styled("error: ", "bad"), Styled(error.summary, "strong")], [Styled(f"[{error.code}]", "dim")])
        page.paragraph(error.detail, indent=3) if error.detail else None
        page.blank()
    for problem in error.problems:
        problem_lines(page, problem, lines)
        page.blank()
    if mistakes and error.exit_code in {2, 3}:
        warnings = len(error.problems) - len(mistakes)
        tail = f", {plural(warnings, 'warning')}" if warnings else ""
        page.line(
            Styled(f"{plural(len(mistakes), 'problem')}{tail}.", "strong"), f" {consequence}" if consequence else ""
        )
    elif consequence:
        page.line(consequence)
    return page


def problem_lines(page: Page, problem: Problem, lines: Lines = no_lines) -> None:
    """Add one problem."""
    kind = Styled("warning: ", "change") if problem.warning else ""
    at: list[Piece] = [Styled(str(problem.position), "strong"), "  "] if problem.position else []
    page.sides(
        [*at, kind, Styled(problem.summary, "" if problem.warning else "bad")], [Styled(f"[{problem.code}]", "dim")]
    )
    if problem.position:
        _excerpt(page, problem.position, problem.length, lines)
    if problem.detail:
        page.paragraph(problem.detail, indent=3)
    for also in problem.also:
        page.line("   see ", Styled(str(also), "strong"), "  as it was applied" if also.recorded else "")
        _excerpt(page, also, 0, lines)


def warning_lines(page: Page, warnings: Iterable[Problem], *, folded: bool = False) -> None:
    """Add warnings, each in a paragraph.

    `folded` those of one kind in one, without the details: of lines of the files, which `platform validate` says whole.
    """
    warnings = tuple(warnings)
    if folded:
        _folded_warnings(page, (warning for warning in warnings if warning.position))
    for warning in warnings:
        if folded and warning.position:
            continue
        at = f"{warning.position}  " if warning.position else ""
        text = f"{at}{warning.summary}" + (f". {warning.detail}" if warning.detail else "")
        page.paragraph(f"Warning       {text}", style="change", hang=14)


def _folded_warnings(page: Page, warnings: Iterable[Problem]) -> None:
    kinds: dict[str, list[Position]] = {}
    for warning in warnings:
        assert warning.position is not None
        kinds.setdefault(warning.summary, []).append(warning.position)
    for summary, places in kinds.items():
        before = [None, *(position.file for position in places)]
        names = [f"{p.line}:{p.column}" if p.file == file else str(p) for p, file in zip(places, before, strict=False)]
        page.paragraph(f"Warning       {', '.join(names)}  {summary} (see platform validate)", style="change", hang=14)


def _excerpt(page: Page, position: Position, length: int, lines: Lines) -> None:
    line = lines(position)
    if line is None or not line.strip():
        return
    before, marked = position.column - 1, max(0, length)
    start = _start(line, before, before + max(1, marked))
    shown = _flat(line[start : start + _EXCERPT])
    if line[:start].strip():
        shown = f"…{shown[1:]}"
    number = f"{position.line:>5}"
    page.line(Styled(f"{number} | ", "dim"), shown)
    if marked:
        lead = _width(line[start:before])
        caret = "^" * max(1, min(_width(line[before : before + marked]) or 1, WIDTH - lead))
        page.line(Styled(f"{'':>5} | ", "dim"), " " * lead, Styled(caret, "bad"))


def _start(line: str, before: int, after: int) -> int:
    """Return the column where the excerpt of a line begins: long lines lose indentation, then what is far off."""
    if len(line) <= _EXCERPT:
        return 0
    indentation = min(before, len(line) - len(line.lstrip()))
    return indentation if after - indentation <= _EXCERPT else max(indentation, before - _EXCERPT // 2)


def _flat(text: str) -> str:
    return clean(text.replace("\t", " "))


def _width(text: str) -> int:
    """Columns the text takes on a terminal: wide characters two, combining ones none."""
    return sum(
        0 if unicodedata.combining(character) else 2 if unicodedata.east_asian_width(character) in "WF" else 1
        for character in _flat(text)
    )


#: What did not happen, by command, when the input or a constraint is wrong before anything began.
CONSEQUENCES = {
    "preview": "Nothing was planned.",
    "up": "Nothing was touched.",
    "scale": "Nothing was touched.",
    "destroy": "Nothing was touched.",
}
#: The commands that change stacks.
CHANGING = frozenset({"up", "scale", "destroy"})

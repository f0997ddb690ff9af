"""Page of fidelity tables: the gaps of one provider, or two side by side."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping, Sequence

from platform_pulumi.cli.views.page import WIDTH, Page, Styled
from platform_pulumi.cli.views.words import plural
from platform_pulumi.model.fidelity import Fidelity, FidelityTable, FieldLevel

STYLES = {Fidelity.FULL: "good", Fidelity.PARTIAL: "change", Fidelity.STUB: "change", Fidelity.NONE: "bad"}


def fidelity(tables: Sequence[FidelityTable], *, everything: bool = False) -> Page:
    """Format one provider's table, or two side by side; only fields with a gap, unless `everything`."""
    page = Page()
    if len(tables) == 2:
        _beside(page, tables, everything)
    else:
        for table in tables:
            page.blank()
            _one(page, table, everything)
    if not everything:
        page.blank()
        page.line(Styled("Fields that are not listed are done in full; --all lists them.", "dim"))
    return page


def _one(page: Page, table: FidelityTable, everything: bool) -> None:
    page.line(Styled(table.provider, "strong"), f"  {plural(len(table.types), 'capability type')}")
    for name, fields in table.types.items():
        page.blank()
        page.line(Styled(f"{name:<22}", "strong"), _summary(fields))
        for path, entry in fields.items():
            level, does, workaround = entry
            if level is Fidelity.FULL and not everything:
                continue
            page.line(f"   {path}: ", Styled(level.upper(), STYLES[level]))
            for text in filter(None, (does, workaround and f"Workaround: {workaround}")):
                page.paragraph(text, indent=6)


def _beside(page: Page, tables: Sequence[FidelityTable], everything: bool) -> None:
    page.line(Styled(" and ".join(table.provider for table in tables), "strong"))
    column = (WIDTH - 34) // len(tables)
    for name in dict.fromkeys(name for table in tables for name in table.types):
        page.blank()
        heads = [_summary(table.types[name]) if name in table.types else "not served" for table in tables]
        _row(
            page,
            name,
            [(table.provider + ": " + head, "strong") for table, head in zip(tables, heads, strict=True)],
            column,
        )
        for path in dict.fromkeys(path for table in tables for path in table.types.get(name, {})):
            entries = [table.types.get(name, {}).get(path) for table in tables]
            if everything or any(entry and entry[0] is not Fidelity.FULL for entry in entries):
                _row(page, f"   {path}", [_cell(entry) for entry in entries], column)


def _cell(entry: FieldLevel | None) -> tuple[str, str]:
    if entry is None:
        return "-", ""
    level, does, _ = entry
    return f"{level.upper()}{' - ' + does if does else ''}", STYLES[level]


def _row(page: Page, name: str, cells: Iterable[tuple[str, str]], column: int) -> None:
    wrapped = [(textwrap.wrap(text, column - 2, break_long_words=True) or [""], style) for text, style in cells]
    names = [name] if len(name) < 33 else [name, ""]
    for index in range(max(len(names), *(len(lines) + len(names) - 1 for lines, _ in wrapped))):
        shift = index - (len(names) - 1)
        parts = [
            Styled(f"{lines[shift] if 0 <= shift < len(lines) else '':<{column}}", style) for lines, style in wrapped
        ]
        page.line(f"{names[index] if index < len(names) else '':<33} ", *parts)


def _summary(fields: Mapping[str, FieldLevel]) -> str:
    levels = [entry[0] for entry in fields.values()]
    return ", ".join(f"{levels.count(level)} {level}" for level in Fidelity if level in levels) or "no fields"

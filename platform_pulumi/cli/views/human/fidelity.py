"""Page of fidelity tables: the gaps of one provider, or two side by side."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping, Sequence

from platform_pulumi.cli.views.page import WIDTH, Page, Styled
from platform_pulumi.cli.views.words import plural
from platform_pulumi.model.fidelity import Fidelity, FidelityTable, FieldLevel, FieldLevels, lacks

#: What a summary counts a field as whose gaps are those of some declarations.
_DEPENDS = "by declaration"
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
    page.blank()
    if not everything:
        page.line(Styled("Fields that are not listed are done in full; --all lists them.", "dim"))
    page.line(Styled('A level "where" something holds is met there; elsewhere the field is done in full.', "dim"))
    return page


def _one(page: Page, table: FidelityTable, everything: bool) -> None:
    page.line(Styled(table.provider, "strong"), f"  {plural(len(table.types), 'capability type')}")
    for name, fields in table.types.items():
        page.blank()
        page.line(Styled(f"{name:<22}", "strong"), _summary(fields))
        alike: dict[FieldLevel, list[str]] = {}
        for path, levels in fields.items():
            for level in levels if everything or lacks(levels) else ():
                alike.setdefault(level, []).append(path)
        for level, paths in alike.items():
            _fields(page, paths, level)


def _fields(page: Page, paths: Sequence[str], level: FieldLevel) -> None:
    """Add the fields of one level, which are done alike."""
    *lines, last = textwrap.wrap(", ".join(paths), WIDTH - 40)
    for line in lines:
        page.line(f"   {line}")
    where = f" where {level.when}" if level.when else ""
    page.line(f"   {last}: ", Styled(level.fidelity.upper(), STYLES[level.fidelity]), where)
    for text in filter(None, (level.does, level.workaround and f"Workaround: {level.workaround}")):
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
            entries = [table.types.get(name, {}).get(path, ()) for table in tables]
            if everything or any(map(lacks, entries)):
                _row(page, f"   {path}", [_cell(entry) for entry in entries], column)


def _cell(levels: FieldLevels) -> tuple[str, str]:
    if not levels:
        return "-", ""
    texts = (f"{level.heading()}{' - ' + level.does if level.does else ''}" for level in levels)
    return "; ".join(texts), STYLES[levels[0].fidelity]


def _row(page: Page, name: str, cells: Iterable[tuple[str, str]], column: int) -> None:
    wrapped = [(textwrap.wrap(text, column - 2, break_long_words=True) or [""], style) for text, style in cells]
    names = [name] if len(name) < 33 else [name, ""]
    for index in range(max(len(names), *(len(lines) + len(names) - 1 for lines, _ in wrapped))):
        shift = index - (len(names) - 1)
        parts = [
            Styled(f"{lines[shift] if 0 <= shift < len(lines) else '':<{column}}", style) for lines, style in wrapped
        ]
        page.line(f"{names[index] if index < len(names) else '':<33} ", *parts)


def _summary(fields: Mapping[str, FieldLevels]) -> str:
    words = [_word(levels) for levels in fields.values()]
    return ", ".join(f"{words.count(word)} {word}" for word in (*Fidelity, _DEPENDS) if word in words) or "no fields"


def _word(levels: FieldLevels) -> str:
    """The level of a field that has one; where all of them have conditions it depends on the declaration."""
    return next((level.fidelity for level in levels if not level.when), _DEPENDS)

"""Which sheet of a workbook holds a table, and what a reader of its values alone does not see: merged cells; hidden
rows, columns and sheets; rows struck through.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Any

from sufficiency.problems import Problem, did_you_mean, shown
from sufficiency.tables.cells import cell_text
from sufficiency.tables.layout import LOOKED_AT, has_all_headings, spec_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from sufficiency.tables.locate import Located

Range = tuple[str, range, range]
"""An address, its columns (positions from 0) and its rows (from 1)."""
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\b[^>]*?\bref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')
_ROW = re.compile(rb"<(?:\w+:)?row\b([^>]*)>")
_WHOLE_ROW = re.compile(rb'<(?:\w+:)?row\b[^>]*?\br="(\d+)"[^>]*>(.*?)</(?:\w+:)?row>', re.DOTALL)
_FILLED = re.compile(rb"<(?:\w+:)?c\b([^>]*[^/>])>")
"""Cells with something in them: an empty one closes itself."""
_STRUCK = re.compile(rb'<(?:\w+:)?strike\s*(?:val="(?:1|true)"\s*)?/>')
_COLUMN = re.compile(rb"<(?:\w+:)?col\b([^>]*)>")
_HIDDEN = re.compile(rb'\bhidden="(?:1|true)"')


def chosen_sheet(located: Located, table: str, sheets: Mapping[str, Any]) -> tuple[str, tuple[Problem, ...]]:
    """The name of the sheet to read, and what is to be said of the choice. Raises InputError where none is named as
    asked, where the one called like the table is hidden, and where several have its headings.
    """
    wanted = located.part or table
    named = next((name for name in sheets if name.strip().casefold() == wanted.casefold()), None)
    if named is not None and is_visible(sheets[named]):
        return named, ()
    visible = [name for name in sheets if is_visible(sheets[name])]
    if located.part:
        if named is None:
            raise located.unusable("the workbook has no such sheet", did_you_mean(located.part, visible), located.part)
        what = f"the sheet {named} is hidden, and it is read"
        return named, (Problem(what, located.called, fix="unhide it, or name another", severity="warning"),)
    if named is not None:
        listed = " or ".join(f"{located.path.name}#{name}" for name in [*visible[:3], named])
        raise located.unusable(f"the sheet {named} is hidden", f"name the one that is meant: {listed}, or unhide it")
    if not visible:
        raise located.unusable("the workbook has no sheet with cells")
    return _by_headings(located, table, sheets, visible)


def is_visible(sheet: Any) -> bool:
    """Whether a sheet is not hidden."""
    return getattr(sheet, "sheet_state", "visible") == "visible"


def _by_headings(
    located: Located, table: str, sheets: Mapping[str, Any], visible: Sequence[str]
) -> tuple[str, tuple[Problem, ...]]:
    """The one sheet with the table's headings, else the first."""
    if len(visible) == 1:
        return visible[0], ()
    fitting = [name for name in visible if _has_headings(sheets[name], table)]
    if len(fitting) > 1:
        named = " or ".join(f"{located.path.name}#{name}" for name in fitting[:4])
        raise located.unusable(f"several sheets have the headings of {table}", f"name the one that is meant: {named}")
    name = fitting[0] if fitting else visible[0]
    which = "the first" if name == visible[0] else f"the one with the headings of {table}"
    what = f"the workbook has several sheets; {which}, {name}, is read"
    fix = f"name the sheet: {located.path.name}#{name}"
    return name, (Problem(what, located.called, fix=fix, severity="warning"),)


def _has_headings(sheet: Any, table: str) -> bool:
    """Whether one of the first rows names every column that the table must have."""
    spec = spec_of(table)
    sheet.reset_dimensions()
    rows = islice(sheet.iter_rows(values_only=True), LOOKED_AT)
    return spec is not None and any(has_all_headings([cell_text(value) for value in row], spec) for row in rows)


def merged_ranges(markup: bytes) -> list[Range]:
    """The merged cells of a sheet, from its markup."""
    return [
        (f"{a}{first}:{b}{last}", range(_position(a), _position(b) + 1), range(int(first), int(last) + 1))
        for a, first, b, last in (tuple(part.decode() for part in match.groups()) for match in _MERGED.finditer(markup))
    ]


def _position(letters: str) -> int:
    """0 for A, 26 for AA."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def filled_down(rows: list[list[str]], merged: Sequence[Range]) -> list[list[str]]:
    """The rows (the first is row 1) with what stands in merged cells in every row of them, in their first column."""
    for _, columns, lines in merged:
        if lines[0] > len(rows) or columns[0] >= len(rows[lines[0] - 1]):
            continue
        value = rows[lines[0] - 1][columns[0]]
        for line in lines[1:]:
            if line <= len(rows) and columns[0] < len(rows[line - 1]):
                rows[line - 1][columns[0]] = value
    return rows


def struck_notes(markup: bytes, styles: bytes, frame: pd.DataFrame, file: str) -> tuple[Problem, ...]:
    """A warning for rows all of whose cells are struck through: to who struck them they are gone, and they are read."""
    fonts = re.split(rb"<(?:\w+:)?font\b(?!s)", _section(styles, b"fonts"))[1:]
    crossed = {number for number, font in enumerate(fonts) if _STRUCK.search(font)}
    formats = re.findall(rb"<(?:\w+:)?xf\b[^>]*", _section(styles, b"cellXfs"))
    ids = [re.search(rb'\bfontId="(\d+)"', one) for one in formats]
    struck = {b"%d" % number for number, match in enumerate(ids) if match and int(match[1]) in crossed}
    if not struck:
        return ()
    rows = [
        int(row[1])
        for row in _WHOLE_ROW.finditer(markup)
        if (cells := _FILLED.findall(row[2])) and all(_style(cell) in struck for cell in cells)
    ]
    rows = [row for row in rows if row in frame.index]
    what, fix = "the row is struck through; it is read", "delete the row if it should not count"
    return (Problem(what, file, rows[0], fix=fix, severity="warning", count=len(rows)),) if rows else ()


def _section(markup: bytes, name: bytes) -> bytes:
    match = re.search(rb"<(?:\w+:)?" + name + rb"\b.*?</(?:\w+:)?" + name + rb">", markup, re.DOTALL)
    return match[0] if match else b""


def _style(cell: bytes) -> bytes:
    match = re.search(rb'\bs="(\d+)"', cell)
    return match[1] if match else b"0"


def hidden_notes(markup: bytes, header: Sequence[str], frame: pd.DataFrame, file: str) -> tuple[Problem, ...]:
    """A warning for hidden rows and one for hidden columns that hold anything: a filter may have left them out of
    sight, and they are read.
    """
    notes: list[Problem] = []
    lines = [
        int(number[1])
        for match in _ROW.finditer(markup)
        if _HIDDEN.search(match[1]) and (number := re.search(rb'\br="(\d+)"', match[1]))
    ]
    filled = frame.index[(frame != "").any(axis=1)] if len(frame) else frame.index
    lines = [line for line in lines if line in filled]
    if lines:
        what = "the row is hidden, by a filter or by hand; it is read"
        fix = "unhide the rows, or delete those that should not count"
        notes.append(Problem(what, file, lines[0], fix=fix, severity="warning", count=len(lines)))
    columns: list[str] = []
    for match in _COLUMN.finditer(markup):
        ends = re.search(rb'\bmin="(\d+)"', match[1]), re.search(rb'\bmax="(\d+)"', match[1])
        if _HIDDEN.search(match[1]) and ends[0] and ends[1]:
            columns += [name for name in header[int(ends[0][1]) - 1 : int(ends[1][1])] if name.strip()]
    if columns:
        what, fix = "the column is hidden; it is read", "unhide it, or delete it if it should not count"
        more = [shown(name) for name in columns[1:4]]
        said = what if not more else f"{what}, and so are {', '.join(more)}"
        notes.append(Problem(said, file, column=columns[0], fix=fix, severity="warning"))
    return tuple(notes)

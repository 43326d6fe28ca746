"""One table on one sheet: title, what it is, a real Excel table, its chart beneath, and how it is printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil, isfinite
from typing import Any

import numpy as np
from xlsxwriter.utility import xl_range, xl_rowcol_to_cell

from sufficiency.report.content.tables import Column, Table, Unit
from sufficiency.report.content.tables.table import shown
from sufficiency.report.maps.classes import round_breaks
from sufficiency.report.maps.style import lightness, shades
from sufficiency.report.words import academic_year
from sufficiency.report.workbook.charts import HEIGHT, ROWS, WIDTH, add_chart
from sufficiency.report.workbook.layout import (
    LEAST_TEXT,
    NOT_SET,
    SENTENCES,
    fits_a_page,
    head_height,
    row_height,
    rows_printed,
    widths,
)
from sufficiency.report.workbook.place import Place
from sufficiency.report.workbook.style import LINE, Formats
from sufficiency.report.workbook.text import clean, headings, in_reference, lines_of, printed, sheet_name, table_name
from sufficiency.result.written import guarded

CONTENTS = "Contents"
MOST_FROZEN = 60
"""Letters of the first columns that stay while the sheet moves sideways."""
SHADES = 5
LONG = 10_000
LINES_ABOVE = 6
"""Lines above the headings of a table, more or less."""


@dataclass(frozen=True)
class Marks:
    """What every sheet says of the data as a whole, and of which plan they are."""

    warnings: tuple[str, ...]
    plan: str


@dataclass(frozen=True)
class Desk:
    """What sheets are written with. `notes`: the number of each note."""

    book: Any = field(repr=False)
    formats: Formats = field(repr=False)
    marks: Marks
    notes: Mapping[str, int] = field(default_factory=dict)

    def sheet(self, name: str) -> Any:
        """A new sheet, set up for print."""
        sheet = self.book.add_worksheet(name)
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.set_margins(left=0.4, right=0.4, top=0.7, bottom=0.7)
        sheet.fit_to_pages(1, 0)
        sheet.set_header(f'&L&"Arial,Bold"&9{printed("; ".join(self.marks.warnings))}', {"margin": 0.3})
        foot = f'&L&"Arial"&9{printed(self.marks.plan)}&C&"Arial"&9&A&R&"Arial"&9Page &P of &N'
        sheet.set_footer(foot, {"margin": 0.3})
        return sheet


def write_table(desk: Desk, table: Table) -> Place:
    """Write a table on a sheet of its own and return where it stands."""
    name = sheet_name(table.code, table.name)
    titles = headings(column.heading for column in table.columns)
    wide = widths(table, titles)
    sheet = desk.sheet(name)
    count = len(table.frame)
    heights = _heights(table, wide)
    is_read = any(column.key in SENTENCES for column in table.columns)
    above = (LINES_ABOVE + 1) * LINE + head_height(titles, wide)
    on_paper = count if is_read else rows_printed(heights, above, sum(wide))
    about = [*_about(desk, table), *([f"Printed: the first {on_paper} of {count:,} rows."] if on_paper < count else [])]
    head = write_top(desk, sheet, f"{table.code} {table.title}".strip(), about, sum(wide))
    place = Place(name, head, head + 1, head + count, tuple(table.keys))
    if not count:
        sheet.write_string(head, 0, clean(table.nobody), desk.formats.said())
        sheet.print_area(0, 0, head, ceil(LEAST_TEXT / NOT_SET))
        return place
    has_total = any(column.total for column in table.columns) and count > 1
    _write_rows(desk, sheet, table, place, heights)
    above = (head + 3) * LINE + head_height(titles, wide) + sum(heights)
    add_excel_table(desk, sheet, place, table_name(table.code, table.name), titles, table.columns, has_total)
    if has_total:
        _write_total(desk, sheet, table, place, titles)
    _shade(desk, sheet, table, place)
    set_widths(sheet, wide)
    sheet.set_row(head, head_height(titles, wide))
    freeze(sheet, head, _frozen(table.columns, wide))
    end = place.last + has_total
    if table.drawing is not None:
        start = end + 2
        add_chart(desk.book, sheet, table, place, start)
        end = start + ROWS
        if not fits_a_page(above + HEIGHT * 0.75, max(sum(wide), WIDTH / 7)):
            sheet.set_h_pagebreaks([start])
    elif on_paper < count:
        end = head + on_paper
    set_print(sheet, head, end, wide, at_least=WIDTH / 7 if table.drawing is not None else LEAST_TEXT)
    return place


def _about(desk: Desk, table: Table) -> list[str]:
    numbers = sorted(desk.notes[note] for note in table.notes if note in desk.notes)
    notes = "".join(f" [note {number}]" for number in numbers)
    cells = (cell for column in table.columns for cell, _ in table.cells(column))
    blank = f" Blank cells: {table.blank}." if any(cell == "" or cell != cell for cell in cells) else ""
    return [f"{table.about}{notes}", f"Source: {table.source}.{blank}"]


def write_top(desk: Desk, sheet: Any, title: str, about: Sequence[str], wide: float) -> int:
    """Write what stands above a table and return the row after it."""
    width = max(wide, LEAST_TEXT)
    rows = [(line, desk.formats.title()) for line in lines_of(clean(title), width * 0.75)]
    rows += [(mark, desk.formats.mark()) for mark in desk.marks.warnings]
    rows += [(line, desk.formats.about()) for text in about for line in lines_of(clean(text), width)]
    for row, (text, style) in enumerate(rows):
        sheet.write_string(row, 0, text, style)
        if style is desk.formats.title():
            sheet.set_row(row, 20)
    sheet.write_url(len(rows), 0, f"internal:'{CONTENTS}'!A1", desk.formats.link(), CONTENTS, "To the list of tables")
    return len(rows) + 1


def _heights(table: Table, wide: Sequence[float]) -> list[float]:
    """How high each row stands, in points."""
    worded = [at for at, column in enumerate(table.columns) if column.unit in (Unit.TEXT, Unit.PLAIN)]
    within = [wide[at] for at in worded]
    rows = zip(*(table.cells(table.columns[at]) for at in worded), strict=True)
    return [row_height([shown(*cell) for cell in cells], within) or LINE for cells in rows]


def _write_rows(desk: Desk, sheet: Any, table: Table, place: Place, heights: Sequence[float]) -> None:
    """Write the data, each row as high as it has to be."""
    rows = zip(*map(table.cells, table.columns), strict=True)
    for row, (cells, height) in enumerate(zip(rows, heights, strict=True), place.first):
        for at, (value, unit) in enumerate(cells):
            write_cell(desk, sheet, row, at, value, unit)
        if height != LINE:
            sheet.set_row(row, height)


def write_cell(desk: Desk, sheet: Any, row: int, column: int, value: Any, unit: Unit) -> None:
    """Write a cell: a number in full, text as text, blank where there is no number."""
    if unit is Unit.YEAR and value == value:
        value = academic_year(int(value))
    if isinstance(value, str):
        text = clean(value)
        if text:
            sheet.write_string(row, column, text, desk.formats.text(runs=guarded(text) != text))
        else:
            sheet.write_blank(row, column, None, desk.formats.text())
    elif value is None or not isfinite(value):
        sheet.write_blank(row, column, None, desk.formats.number(unit))
    else:
        is_long = unit is Unit.PLAIN and abs(value) >= LONG
        sheet.write_number(row, column, float(value), desk.formats.number(unit, is_long))


def add_excel_table(
    desk: Desk,
    sheet: Any,
    place: Place,
    name: str,
    titles: Sequence[str],
    columns: Sequence[Column],
    has_total: bool = False,
) -> None:
    """Mark cells up as an Excel table, with its headings. Codes that are all digits are text and are meant to be."""
    heads = [
        {"header": title, "header_format": desk.formats.head(column.unit not in (Unit.TEXT, Unit.YEAR, Unit.PLAIN))}
        for title, column in zip(titles, columns, strict=True)
    ]
    if has_total:
        for head, column in zip(heads, columns, strict=True):
            head |= {"total_function": "sum"} if column.total else {}
        heads[0] = {key: value for key, value in heads[0].items() if key != "total_function"} | {
            "total_string": "Total"
        }
    data = xl_range(place.first, 0, place.last + has_total, len(titles) - 1)
    sheet.ignore_errors({"number_stored_as_text": data, "formula_differs": data, "calculated_column": data})
    options = {"name": name, "columns": heads, "style": None, "total_row": has_total}
    sheet.add_table(place.head, 0, place.last + has_total, len(titles) - 1, options)


def _write_total(desk: Desk, sheet: Any, table: Table, place: Place, titles: Sequence[str]) -> None:
    """The total row once more, with the sums that its formulas come to, in bold."""
    row, name = place.last + 1, table_name(table.code, table.name)
    for at, (column, title) in enumerate(zip(table.columns, titles, strict=True)):
        if column.total and column.unit is not None:
            total = float(table.frame[column.key].sum())
            formula = f"=SUBTOTAL(109,{name}[{in_reference(title)}])"
            sheet.write_formula(row, at, formula, desk.formats.total(column.unit), total)
        elif at:
            sheet.write_blank(row, at, None, desk.formats.total(None))
    sheet.write_string(row, 0, "Total", desk.formats.total(None))


def _shade(desk: Desk, sheet: Any, table: Table, place: Place) -> None:
    """Shade cells by the whole number they show, as the maps do."""
    shaded = [column.key for column in table.columns if column.shaded]
    if not shaded:
        return
    whole = np.floor(table.frame[shaded].fillna(0.0).to_numpy(dtype=float) + 0.5)
    starts = [1.0, *round_breaks(whole[whole >= 1], SHADES - 1)]
    first, last = place.column(shaded[0]), place.column(shaded[-1])
    cell = xl_rowcol_to_cell(place.first, first)
    for start, colour in sorted(zip(starts, shades(len(starts)), strict=True), reverse=True):
        rule = {
            "type": "formula",
            "criteria": f"=ROUND({cell},0)>={start:g}",
            "format": desk.formats.shade(colour, lightness(colour) < 60),
            "stop_if_true": True,
        }
        sheet.conditional_format(place.first, first, place.last, last, rule)


def set_widths(sheet: Any, wide: Sequence[float]) -> None:
    """Set the widths of columns."""
    for at, width in enumerate(wide):
        sheet.set_column(at, at, width)


def _frozen(columns: Sequence[Column], wide: Sequence[float]) -> int:
    """How many columns of text stay on the left."""
    many, letters = 0, 0.0
    for column, width in zip(columns, wide, strict=True):
        letters += width
        if column.unit is not Unit.TEXT or letters > MOST_FROZEN:
            break
        many += 1
    return many if many < len(columns) else min(many, 1)


def freeze(sheet: Any, head: int, columns: int) -> None:
    """Keep the headings and the first columns in sight."""
    sheet.freeze_panes(head + 1, columns)


def set_print(sheet: Any, head: int, last: int, wide: Sequence[float], at_least: float = LEAST_TEXT) -> None:
    """What is printed, with the headings on every page."""
    more = max(0.0, at_least - sum(wide))
    sheet.print_area(0, 0, last, len(wide) - 1 + ceil(more / NOT_SET))
    sheet.repeat_rows(head)

"""The first sheets: what the workbook is and what it holds, and the notes that tables refer to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from sufficiency.report.content.tables import Column, Omitted, Planned, Table, Unit
from sufficiency.report.words import academic_year, listed
from sufficiency.report.workbook.layout import LEAST_TEXT, row_height
from sufficiency.report.workbook.place import Place
from sufficiency.report.workbook.sheet import (
    CONTENTS,
    Desk,
    Marks,
    add_excel_table,
    freeze,
    set_print,
    set_widths,
    write_cell,
)
from sufficiency.report.workbook.text import clean, lines_of, sheet_name
from sufficiency.standing import STANDINGS

CLEAN_SLATE = "Clean slate: every child is placed anew every year. A bound, not a plan to deliver"
STOPPED = "Stopped early: the best plan found so far"
NOT_PUBLIC = "Small numbers of children are neither rounded nor suppressed: this workbook is not for publication."
HOW_TO_READ = (
    "Each sheet has one table: sort and filter it with the arrows of its headings. Cells hold numbers in full and show "
    "whole children and pounds. The sheet Checks adds up one table beside another. A year is the September in which an "
    "academic year starts, or the April of a financial year."
)
HOW_TO_READ_RELEASE = (
    "Each sheet has one table: sort and filter it with the arrows of its headings. The sheet Checks adds up one table "
    "beside another. A year is the September in which an academic year starts, or the April of a financial year."
)
_COLUMNS = (Column("sheet", "Sheet"), Column("what", "What it shows"), Column("rows", "Rows", Unit.COUNT))
_WIDTHS = (32.0, 84.0, 9.0)


def marks_of(planned: Planned) -> Marks:
    """What stands on every sheet."""
    summary = planned.summary
    said = {
        **{standing.layer: summary.get(standing.code, False) for standing in STANDINGS},
        CLEAN_SLATE: summary["clean_slate"],
        STOPPED: summary["status"] == "stopped",
    }
    scenario = "" if summary["scenario"] == "base" else f", scenario {summary['scenario']}"
    return Marks(tuple(mark for mark, holds in said.items() if holds), f"{summary['model']}{scenario}")


def title_of(planned: Planned) -> str:
    """What the workbook is called."""
    first, last = academic_year(planned.years[0]), academic_year(planned.years[-1])
    return f"{marks_of(planned).plan}: places for children with SEND, {first} to {last}"


def notes_table(tables: Iterable[Table]) -> Table:
    """Every note once, and the tables it is about."""
    about: dict[str, list[str]] = {}
    for table in tables:
        for note in table.notes:
            about.setdefault(note, []).append(table.code)
    rows = [(at, note, listed(codes)) for at, (note, codes) in enumerate(about.items(), 1)]
    return Table(
        "",
        "Notes",
        "Notes",
        "A row is a note that tables refer to by its number.",
        "sufficiency",
        (Column("number", "Note", Unit.COUNT), Column("meaning", "What it says"), Column("tables", "Tables")),
        pd.DataFrame(rows, columns=["number", "meaning", "tables"]),
    )


def numbers_of(notes: Table) -> Mapping[str, int]:
    """The number of each note."""
    return dict(zip(notes.frame["meaning"], notes.frame["number"], strict=True))


def write_contents(
    desk: Desk,
    planned: Planned,
    tables: Sequence[Table | Omitted],
    finds: Sequence[str],
    extra: Sequence[Table],
    title: str = "",
    how_to_read: str = HOW_TO_READ,
) -> None:
    """The first sheet: title (blank: that of the plan's workbook), what the plan finds, and a link to every table.
    `extra`: sheets that are no table of the plan.
    """
    sheet = desk.sheet(CONTENTS)
    row = _write_opening(desk, sheet, planned, finds, title or title_of(planned), how_to_read)
    lines = [*((one.code, one.name, one.title, len(one.frame)) for one in extra), *map(_line, tables)]
    place = Place(CONTENTS, row, row + 1, row + len(lines), tuple(column.key for column in _COLUMNS))
    for at, (code, name, what, count) in enumerate(lines, place.first):
        if count is None:
            write_cell(desk, sheet, at, 0, f"{code} {name}", Unit.TEXT)
        else:
            target = sheet_name(code, name)
            sheet.write_url(at, 0, f"internal:'{target}'!A1", desk.formats.linked(), target, f"To {target}")
        write_cell(desk, sheet, at, 1, what, Unit.TEXT)
        write_cell(desk, sheet, at, 2, count, Unit.COUNT)
        height = row_height([what], [_WIDTHS[1]])
        if height is not None:
            sheet.set_row(at, height)
    add_excel_table(desk, sheet, place, CONTENTS, [column.heading for column in _COLUMNS], _COLUMNS)
    set_widths(sheet, _WIDTHS)
    freeze(sheet, 0, 0)
    set_print(sheet, place.head, place.last, _WIDTHS)


def _line(table: Table | Omitted) -> tuple[str, str, str, int | None]:
    if isinstance(table, Omitted):
        return table.code, table.name, f"Not in this workbook: {table.why}.", None
    return table.code, table.name, table.title, len(table.frame)


def _write_opening(desk: Desk, sheet: Any, planned: Planned, finds: Sequence[str], title: str, how_to_read: str) -> int:
    """Title, marks, what the plan finds, and how to read the rest; returns the row of the headings."""
    summary, formats, width = planned.summary, desk.formats, sum(_WIDTHS)
    about = [text for text in (summary["about"], summary["scenario_about"]) if text]
    rows = [(line, formats.title()) for line in lines_of(clean(title), max(width, LEAST_TEXT) * 0.75)]
    rows += [(mark, formats.mark()) for mark in desk.marks.warnings]
    release = summary.get("release")
    read = [how_to_read, NOT_PUBLIC] if release is None else [HOW_TO_READ_RELEASE, release["why"]]
    for texts, style in ((finds, formats.said()), ([*about, *read], formats.about())):
        rows += [(line, style) for text in texts for line in lines_of(clean(text), width)]
    version = summary["versions"]["sufficiency"]
    rows.append((f"Made by sufficiency {version} from {clean(summary['model_file'])}.", formats.about()))
    if summary.get("attribution"):
        rows.append((f"{clean(summary['attribution'])}.", formats.about()))
    for row, (text, style) in enumerate(rows):
        sheet.write_string(row, 0, text, style)
        if style is formats.title():
            sheet.set_row(row, 20)
    return len(rows) + 1

"""The sheet of checks: totals that tie, as formulas over the other sheets beside the values they come to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from sufficiency.report.content.tables import Check, Column, Sum, Table, Unit, ties, value_of
from sufficiency.report.workbook.layout import row_height
from sufficiency.report.workbook.place import Place
from sufficiency.report.workbook.sheet import (
    Desk,
    add_excel_table,
    freeze,
    set_print,
    set_widths,
    write_cell,
    write_top,
)

NAME = "Checks"
TIES, APART = "Ties", "Does not tie"
_COLUMNS = (
    Column("what", "What must be equal"),
    Column("when", "When"),
    Column("first", "First, added up here", Unit.POUNDS),
    Column("second", "Second, added up here", Unit.POUNDS),
    Column("difference", "Difference", Unit.POUNDS),
    Column("known", "As sufficiency added it up", Unit.POUNDS),
    Column("tolerance", "May differ by", Unit.POUNDS),
    Column("said", "Result"),
)
_WIDTHS = (60.0, 20.0, 18.0, 18.0, 13.0, 18.0, 11.0, 14.0)
_POUNDS_FROM = 1.0
"""Tolerance from which a check is one of pounds."""


def checks_table(checks: Sequence[Check]) -> Table:
    """What the sheet is about, for the list of tables."""
    frame = pd.DataFrame({"what": [check.what for check in checks]})
    about = "A row is a check: a sum over one table beside a sum over another, as formulas."
    title = "Checks: totals that tie between the tables"
    return Table("", NAME, title, about, "the other sheets", (Column("what", "What must be equal"),), frame)


def write_checks(desk: Desk, checks: Sequence[Check], tables: Mapping[str, Table], places: Mapping[str, Place]) -> None:
    """Write every check: both sums and the difference as formulas, and the first sum as a value beside them."""
    about = checks_table(checks)
    sheet = desk.sheet(NAME)
    tied = sum(ties(check, tables) for check in checks)
    head = write_top(desk, sheet, about.title, [about.about], sum(_WIDTHS)) + 1
    place = Place(NAME, head, head + 1, head + len(checks), tuple(column.key for column in _COLUMNS))
    said = f"{tied} of {len(checks)} checks tie"
    if not checks:
        sheet.write_string(head, 0, "There is nothing to check.", desk.formats.said())
        return
    results = place.cells("said").split("!")[1]
    formula = f'=COUNTIF({results},"{TIES}")&" of "&ROWS({results})&" checks tie"'
    sheet.write_formula(head - 1, 0, formula, desk.formats.title(), said)
    for at, check in enumerate(checks, place.first):
        _write_check(desk, sheet, at, check, tables, places)
    add_excel_table(desk, sheet, place, NAME, [column.heading for column in _COLUMNS], _COLUMNS)
    set_widths(sheet, _WIDTHS)
    sheet.set_row(head, 34)
    freeze(sheet, head, 0)
    set_print(sheet, head, place.last, _WIDTHS)


def _write_check(
    desk: Desk, sheet: Any, row: int, check: Check, tables: Mapping[str, Table], places: Mapping[str, Place]
) -> None:
    unit = Unit.POUNDS if check.tolerance >= _POUNDS_FROM else Unit.CHILDREN
    left, right = value_of(check.left, tables), value_of(check.right, tables)
    write_cell(desk, sheet, row, 0, check.what, Unit.TEXT)
    write_cell(desk, sheet, row, 1, check.when, Unit.TEXT)
    number, excel = desk.formats.number(unit), row + 1
    formula = sheet.write_formula
    formula(row, 2, _formula(check.left, places), number, left)
    formula(row, 3, _formula(check.right, places), number, right)
    formula(row, 4, f"=C{excel}-D{excel}", number, left - right)
    write_cell(desk, sheet, row, 5, left, unit)
    write_cell(desk, sheet, row, 6, check.tolerance, Unit.PLAIN)
    verdict = TIES if ties(check, tables) else APART
    formula(row, 7, f'=IF(ABS(E{excel})<=G{excel},"{TIES}","{APART}")', desk.formats.text(), verdict)
    height = row_height([check.what], [_WIDTHS[0]])
    if height is not None:
        sheet.set_row(row, height)


def _formula(sums: Sequence[Sum], places: Mapping[str, Place]) -> str:
    parts = []
    for one in sums:
        cells = places[one.table].cells(one.column)
        if one.where:
            asked = ",".join(f'{places[one.table].cells(key)},"{cell}"' for key, cell in one.where)
            part = f"SUMIFS({cells},{asked})"
        else:
            part = f"SUM({cells})"
        parts.append(f"{'-' if one.sign < 0 else '+'}{part}")
    return "=" + "".join(parts).removeprefix("+")

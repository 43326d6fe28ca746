"""One sheet of an Excel workbook."""

from __future__ import annotations

import warnings
import zipfile
from dataclasses import dataclass
from typing import Any

from sufficiency.problems import Problem
from sufficiency.tables.cells import Cells, cell_text, numbered, tidy
from sufficiency.tables.locate import LARGEST_BYTES, Located
from sufficiency.tables.sheet import chosen_sheet, filled_down, hidden_notes, is_visible, merged_ranges, struck_notes


def read_workbook(located: Located, table: str) -> Cells:
    """The cells of a sheet: the one named, else the one called like the table, else the one that has its headings.

    A cell merged over several rows counts for each of them. Raises InputError.
    """
    with zipfile.ZipFile(located.path) as archive:
        unpacked = sum(item.file_size for item in archive.infolist())
    if unpacked > LARGEST_BYTES:
        raise located.unusable(
            f"the workbook unpacks to {unpacked / 1e9:,.1f} GB", "save the one sheet that is needed as CSV"
        )
    with warnings.catch_warnings():
        # openpyxl warns of drop-downs and styles that it leaves out; no value is lost with them
        warnings.simplefilter("ignore")
        sheet = _sheet(located, table, computed=True)
    located.refuse_wide(max((_width(row) for row in sheet.values), default=0))
    rows = [[cell_text(value) for value in row] for row in sheet.values]
    if any(cell == "" for row in rows for cell in row):
        _refuse_uncomputed(located, table, sheet.values)
    merged = merged_ranges(sheet.markup)
    header, frame = numbered(filled_down(rows, merged))
    notes = (
        *sheet.notes,
        *hidden_notes(sheet.markup, header, frame, sheet.called),
        *struck_notes(sheet.markup, sheet.styles, frame, sheet.called),
    )
    return tidy(table, sheet.called, header, frame, warnings=notes, merged=merged)


@dataclass(frozen=True)
class _Sheet:
    values: list[tuple[Any, ...]]
    markup: bytes
    """The sheet as it lies in the file: what openpyxl leaves out when it reads values alone."""
    styles: bytes
    notes: tuple[Problem, ...]
    called: str
    """What problems call it: the file, with the sheet where others can be seen beside it."""


def _width(row: tuple[Any, ...]) -> int:
    """How many cells of a row there are up to the last with anything in it."""
    return next((place for place in range(len(row), 0, -1) if row[place - 1] is not None), 0)


def _sheet(located: Located, table: str, *, computed: bool) -> _Sheet:
    import openpyxl

    try:
        book = openpyxl.load_workbook(located.path, read_only=True, data_only=computed)
        sheets = {sheet.title: sheet for sheet in book.worksheets}
    except Exception:  # the parser meets whatever a broken archive holds
        raise located.unusable("this workbook is damaged", "open it in Excel and save it again") from None
    try:
        name, notes = chosen_sheet(located, table, sheets)
        sheet = sheets[name]
        sheet.reset_dimensions()
        with zipfile.ZipFile(located.path) as archive:
            markup = archive.read(sheet._worksheet_path) if computed else b""
            there = computed and "xl/styles.xml" in archive.namelist()
            styles = archive.read("xl/styles.xml") if there else b""
        alone = bool(located.part) or sum(map(is_visible, sheets.values())) == 1
        called = located.called if alone else f"{located.called}#{name}"
        return _Sheet(list(sheet.iter_rows(values_only=True)), markup, styles, notes, called)
    finally:
        book.close()


def _refuse_uncomputed(located: Located, table: str, values: list[tuple[Any, ...]]) -> None:
    """A formula that was never calculated reads as a blank: say so rather than plan without it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        written = _sheet(located, table, computed=False).values
    for row, (formulas, results) in enumerate(zip(written, values, strict=False), 1):
        for formula, result in zip(formulas, results, strict=False):
            if result is None and isinstance(formula, str) and formula.startswith("="):
                raise located.unusable(
                    f"the formula {formula[:40]} in row {row} has no result",
                    "open the workbook in Excel and save it again",
                )

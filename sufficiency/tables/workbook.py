"""One sheet of an Excel workbook."""

from __future__ import annotations

import warnings
import zipfile
from typing import Any

from sufficiency.problems import Problem, did_you_mean
from sufficiency.tables.cells import Cells, cell_text, numbered, tidy
from sufficiency.tables.locate import LARGEST_BYTES, Located


def read_workbook(found: Located, table: str) -> Cells:
    """The cells of a sheet: the one named, else the one called like the table, else the first. Raises
    InputError.
    """
    with zipfile.ZipFile(found.path) as archive:
        unpacked = sum(item.file_size for item in archive.infolist())
    if unpacked > LARGEST_BYTES:
        raise found.unusable(
            f"the workbook unpacks to {unpacked / 1e9:,.1f} GB", "save the one sheet that is needed as CSV"
        )
    with warnings.catch_warnings():
        # openpyxl warns of drop-downs and styles that it leaves out; no value is lost with them
        warnings.simplefilter("ignore")
        values, sheet, several = _sheet_values(found, table, computed=True)
    found.refuse_wide(max((_width(row) for row in values), default=0))
    rows = [[cell_text(value) for value in row] for row in values]
    header, frame = numbered(rows)
    notes: list[Problem] = []
    if several:
        notes.append(
            Problem(
                f"the workbook has several sheets; the first, {sheet}, is read",
                found.called,
                mend=f"name the sheet: {found.path.name}#{sheet}",
                severity="warning",
            )
        )
    if any(cell == "" for row in rows for cell in row):
        _refuse_uncomputed(found, table, values)
    return tidy(table, found.called, header, frame, warnings=tuple(notes))


def _width(row: tuple[Any, ...]) -> int:
    """How many cells of a row there are up to the last with anything in it."""
    return next((place for place in range(len(row), 0, -1) if row[place - 1] is not None), 0)


def _sheet_values(found: Located, table: str, *, computed: bool) -> tuple[list[tuple[Any, ...]], str, bool]:
    import openpyxl

    try:
        book = openpyxl.load_workbook(found.path, read_only=True, data_only=computed)
        sheets = {sheet.title: sheet for sheet in book.worksheets}
    except Exception:  # the parser meets whatever a broken archive holds
        raise found.unusable("this workbook is damaged", "open it in Excel and save it again") from None
    try:
        name, several = _sheet_name(found, table, list(sheets))
        sheet = sheets[name]
        sheet.reset_dimensions()
        return list(sheet.iter_rows(values_only=True)), name, several
    finally:
        book.close()


def _sheet_name(found: Located, table: str, sheets: list[str]) -> tuple[str, bool]:
    wanted = found.part or table
    for name in sheets:
        if name.strip().casefold() == wanted.casefold():
            return name, False
    if found.part:
        raise found.unusable("the workbook has no such sheet", did_you_mean(found.part, sheets), found.part)
    if not sheets:
        raise found.unusable("the workbook has no sheet with cells")
    return sheets[0], len(sheets) > 1


def _refuse_uncomputed(found: Located, table: str, values: list[tuple[Any, ...]]) -> None:
    """A formula that was never calculated reads as a blank: say so rather than plan without it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        written, _, _ = _sheet_values(found, table, computed=False)
    for row, (formulas, results) in enumerate(zip(written, values, strict=False), 1):
        for formula, result in zip(formulas, results, strict=False):
            if result is None and isinstance(formula, str) and formula.startswith("="):
                raise found.unusable(
                    f"the formula {formula[:40]} in row {row} has no result",
                    "open the workbook in Excel and save it again",
                )

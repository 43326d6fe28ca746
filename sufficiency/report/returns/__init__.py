"""DfE's returns as files: a workbook with a sheet for each table, and each table as CSV."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO, StringIO

import pandas as pd

from sufficiency.report.content.returns import Returns
from sufficiency.report.content.returns.checks import checks_of_returns
from sufficiency.report.content.tables import Planned
from sufficiency.report.workbook import OPTIONS
from sufficiency.report.workbook.front import marks_of, notes_table, numbers_of, write_contents
from sufficiency.report.workbook.sheet import Desk, write_table
from sufficiency.report.workbook.style import Formats
from sufficiency.report.workbook.text import clean
from sufficiency.report.workbook.ties import checks_table, write_checks
from sufficiency.result.written import BYTE_ORDER_MARK, guarded

NOTES = "notes"
HOW_TO_READ = (
    "Each sheet has one table, in the order of DfE's forms. Cells hold numbers in full and show whole children. A "
    "blank cell is what the model does not know: the last column says why. The sheet Checks adds up one "
    "table beside another."
)


def returns_workbook(returns: Returns, planned: Planned) -> bytes:
    """The workbook, as the bytes of an .xlsx file."""
    import xlsxwriter

    sheets = [table.sheet() for table in returns.tables]
    tables = {sheet.code: sheet for sheet in sheets}
    notes, checks = notes_table(sheets), checks_of_returns(tables)
    held = BytesIO()
    with xlsxwriter.Workbook(held, OPTIONS) as book:
        desk = Desk(book, Formats(book), marks_of(planned), numbers_of(notes))
        title = f"{desk.marks.plan}: returns to DfE"
        book.set_properties({"title": clean(title, 255), "comments": "; ".join(desk.marks.warnings)})
        write_contents(desk, planned, sheets, returns.about, (notes, checks_table(checks)), title, HOW_TO_READ)
        write_table(desk, notes)
        places = {code: write_table(desk, table) for code, table in tables.items()}
        write_checks(desk, checks, tables, places)
    return held.getvalue()


def returns_files(returns: Returns) -> Mapping[str, bytes]:
    """Every table and the notes, as CSV by the name of its file."""
    found = {f"{table.name}.csv": _csv(table.frame[table.columns]) for table in returns.tables}
    return {**found, f"{NOTES}.csv": _csv(returns.notes)}


def _csv(frame: pd.DataFrame) -> bytes:
    """A frame as Excel opens it safely: a byte order mark, one row of headings, no text that runs as a formula."""
    safe = frame.map(lambda cell: guarded(cell) if isinstance(cell, str) else cell)
    out = StringIO()
    safe.to_csv(out, index=False, lineterminator="\r\n")
    return (BYTE_ORDER_MARK + out.getvalue()).encode()

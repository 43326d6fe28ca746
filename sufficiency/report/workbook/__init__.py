"""The workbook of a result: tables T1 to T18 that the data allow, by the rules for government spreadsheets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path

from sufficiency.case import Case
from sufficiency.report.content.tables import Planned, Table, checks_of, tables_of
from sufficiency.report.workbook.front import marks_of, notes_table, numbers_of, title_of, write_contents
from sufficiency.report.workbook.sheet import Desk, write_table
from sufficiency.report.workbook.style import FONT, SIZE, Formats
from sufficiency.report.workbook.text import clean
from sufficiency.report.workbook.ties import checks_table, write_checks
from sufficiency.result import Result

__all__ = ["workbook_of", "write_workbook"]

OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_format_properties": {"font_name": FONT, "font_size": SIZE},
}


def write_workbook(
    file: Path,
    result: Result,
    case: Case,
    scenarios: Mapping[str, Result] | None = None,
    finds: Sequence[str] = (),
) -> Path:
    """Write the workbook that `workbook_of` makes, whole or not at all, and return `file`. Raises OSError with the name
    of the file where it cannot be written.
    """
    content = workbook_of(result, case, scenarios, finds)
    part = file.with_name(f".{file.name}.part")
    try:
        part.write_bytes(content)
        part.replace(file)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise OSError(error.errno, f"the workbook cannot be written: {error.strerror}", str(file)) from None
    return file


def workbook_of(
    result: Result, case: Case, scenarios: Mapping[str, Result] | None = None, finds: Sequence[str] = ()
) -> bytes:
    """The workbook of a `result`, as the bytes of an .xlsx file.

    `case`: what the result was planned from. `scenarios`: results of other scenarios of the model by name, to stand
    beside it; of these only the summary and `measures` are used. `finds`: sentences that say what the plan finds, for
    the first sheet.
    """
    import xlsxwriter

    planned = Planned(result, case, scenarios or {})
    made = tables_of(planned)
    tables = {table.code: table for table in made if isinstance(table, Table)}
    notes, checks = notes_table(tables.values()), checks_of(tables)
    held = BytesIO()
    with xlsxwriter.Workbook(held, OPTIONS) as book:
        desk = Desk(book, Formats(book), marks_of(planned), numbers_of(notes))
        comments = "; ".join(desk.marks.warnings)
        book.set_properties({"title": clean(title_of(planned), 255), "comments": comments})
        write_contents(desk, planned, made, finds, (notes, checks_table(checks)))
        write_table(desk, notes)
        places = {code: write_table(desk, table) for code, table in tables.items()}
        write_checks(desk, checks, tables, places)
    return held.getvalue()

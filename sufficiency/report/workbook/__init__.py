"""The workbook of a result: tables T1 to T18 that the data allow, by the rules for government spreadsheets."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

from sufficiency.report.content.tables import Omitted, Planned, Table, checks_of
from sufficiency.report.workbook.front import marks_of, notes_table, numbers_of, title_of, write_contents
from sufficiency.report.workbook.sheet import Desk, write_table
from sufficiency.report.workbook.style import FONT, SIZE, Formats
from sufficiency.report.workbook.text import clean
from sufficiency.report.workbook.ties import checks_table, write_checks

__all__ = ["workbook_of"]

OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_format_properties": {"font_name": FONT, "font_size": SIZE},
}


def workbook_of(planned: Planned, made: Sequence[Table | Omitted], finds: Sequence[str] = ()) -> bytes:
    """The workbook of what was `planned`, as the bytes of an .xlsx file.

    `made`: its tables, as `tables_of` gives them. `finds`: sentences that say what the plan finds, for the first sheet.
    """
    import xlsxwriter

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

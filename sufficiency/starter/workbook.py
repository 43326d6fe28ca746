"""One workbook with a sheet for each table, for planners who would rather type than export."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from sufficiency.codes import LEVELS, NEEDS, PHASE_LABELS, SETTING_TYPES
from sufficiency.tables.schema import INPUTS, Column, TableSpec

ROWS = 5_000
"""Rows with drop-down lists; further rows may be filled in too."""
CODES = "codes"
LISTS: dict[str, dict[str, str]] = {
    "need": NEEDS,
    "phase": PHASE_LABELS,
    "level": LEVELS,
    "type": SETTING_TYPES,
    "flag": {"true": "yes", "false": "no"},
}
_MADE = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)


def write_workbook(file: Path) -> None:
    """Write the workbook: headers with a note on each column, drop-down lists for codes, and a sheet of all codes."""
    with xlsxwriter.Workbook(file) as book:
        book.set_properties({"created": _MADE, "title": "Tables of a sufficiency model"})
        formats = {
            "needed": book.add_format({"bold": True, "bg_color": "#DCE6F1", "border": 1}),
            "optional": book.add_format({"italic": True, "border": 1}),
            "text": book.add_format({"num_format": "@"}),
            "plain": book.add_format(),
        }
        for spec in INPUTS.values():
            _table_sheet(book, spec, formats)
        _codes_sheet(book, formats)


def _table_sheet(book: Any, spec: TableSpec, formats: dict[str, Any]) -> None:
    sheet = book.add_worksheet(spec.name)
    sheet.freeze_panes(1, 0)
    for position, column in enumerate(spec.columns):
        # numbers that name something must stay text, or Excel drops their leading zeros
        body = formats["plain" if column.kind in {"number", "year", "flag"} else "text"]
        sheet.set_column(position, position, max(12, len(column.name) + 3), body)
        sheet.write_string(0, position, column.name, formats["needed" if column.required else "optional"])
        sheet.write_comment(0, position, _note(column), {"x_scale": 2, "author": "sufficiency"})
        if column.kind in LISTS:
            sheet.data_validation(1, position, ROWS, position, _list_of(column))


def _note(column: Column) -> str:
    needed = "Required." if column.required else "Optional."
    unit = f" ({column.unit})" if column.unit else ""
    codes = " Several codes with spaces between, or any." if column.kind in {"needs", "phases", "levels"} else ""
    return f"{column.meaning}{unit}. {needed}{codes}"


def _list_of(column: Column) -> dict[str, Any]:
    position = list(LISTS).index(column.kind)
    letter = chr(ord("A") + 2 * position)
    return {
        "validate": "list",
        "source": f"={CODES}!${letter}$2:${letter}${len(LISTS[column.kind]) + 1}",
        "error_type": "warning",
        "error_title": "Not a known code",
        "error_message": f"The sheet {CODES} lists the codes of {column.name}.",
    }


def _codes_sheet(book: Any, formats: dict[str, Any]) -> None:
    sheet = book.add_worksheet(CODES)
    for position, (kind, codes) in enumerate(LISTS.items()):
        sheet.set_column(2 * position, 2 * position, 24, formats["text"])
        sheet.set_column(2 * position + 1, 2 * position + 1, 40)
        sheet.write_string(0, 2 * position, kind, formats["needed"])
        sheet.write_string(0, 2 * position + 1, "meaning", formats["optional"])
        for row, (code, meaning) in enumerate(codes.items(), 1):
            sheet.write_string(row, 2 * position, code, formats["text"])
            sheet.write_string(row, 2 * position + 1, meaning)

"""Empty tables to fill in, with the columns of the catalogue: a CSV file a table, or one workbook."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter

from sufficiency.codes import LEVELS, NEEDS, SCHOOL_PHASES, SETTING_TYPES
from sufficiency.starter.words import EXAMPLE_ROWS, MODEL_NAME, model_text, must, readme, readme_lines, template_columns
from sufficiency.tables.schema.columns import Column

_CODES: dict[str, list[str]] = {
    "need": list(NEEDS),
    "phase": list(SCHOOL_PHASES),
    "type": list(SETTING_TYPES),
    "level": list(LEVELS),
    "flag": ["true", "false"],
}
_LAST_ROW = 20_000
"""How far down the lists of codes reach."""
_AS_TEXT = frozenset({"id", "ids", "text", "need", "needs", "phase", "phases", "level", "levels", "type", "numbers"})
"""Kinds that Excel must not turn into numbers or dates: `00123`, `0-6`."""


def write_csv_template(folder: Path) -> None:
    """One CSV file a table with its header, a model file that names them, and a README of the columns."""
    (folder / "models").mkdir()
    (folder / "data").mkdir()
    for table in EXAMPLE_ROWS:
        # the mark at the start tells Excel that the file is UTF-8, and Excel keeps it
        with (folder / "data" / f"{table}.csv").open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerow(column.name for column in template_columns(table))
    paths = {table: f"../data/{table}.csv" for table in EXAMPLE_ROWS}
    _write_model(folder, paths)
    (folder / "README.md").write_text(readme("the CSV files in `data/`"), encoding="utf-8")


def write_xlsx_template(folder: Path) -> None:
    """One workbook with a sheet a table, notes on every header and lists of codes, and a model file that names them."""
    (folder / "models").mkdir()
    (folder / "data").mkdir()
    write_workbook(folder / "data" / f"{MODEL_NAME}.xlsx", dict.fromkeys(EXAMPLE_ROWS), readme_lines())
    _write_model(folder, {table: f"../data/{MODEL_NAME}.xlsx#{table}" for table in EXAMPLE_ROWS})
    (folder / "README.md").write_text(readme(f"the sheets of `data/{MODEL_NAME}.xlsx`"), encoding="utf-8")


def write_workbook(file: Path, tables: Mapping[str, pd.DataFrame | None], explained: Sequence[str]) -> None:
    """A workbook with a sheet a table, notes on every header and lists of codes; filled with the rows given, which may
    have columns of their own after those of the catalogue. `explained`: the lines of its first sheet.
    """
    # what looks like a formula, a link or a number in a name stays the text it is
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(file, options) as book:
        _readme_sheet(book, explained)
        for table, rows in tables.items():
            _table_sheet(book, table, rows)


def _write_model(folder: Path, paths: dict[str, str]) -> None:
    (folder / "models" / f"{MODEL_NAME}.toml").write_text(model_text(paths), encoding="utf-8")


def _readme_sheet(book: Any, explained: Sequence[str]) -> None:
    sheet = book.add_worksheet("Read me")
    sheet.set_column(0, 0, 110, book.add_format({"text_wrap": True, "valign": "top"}))
    title = book.add_format({"bold": True, "font_size": 14})
    for row, line in enumerate(explained):
        sheet.write_string(row, 0, line, title if row == 0 else None)


def _table_sheet(book: Any, table: str, rows: pd.DataFrame | None) -> None:
    sheet = book.add_worksheet(table)
    as_text = book.add_format({"num_format": "@"})
    needed = book.add_format({"bold": True, "bg_color": "#DDEBF7", "bottom": 1})
    optional = book.add_format({"italic": True, "bg_color": "#F2F2F2", "bottom": 1})
    columns = template_columns(table)
    for position, column in enumerate(columns):
        width = max(12, len(column.name) + 3)
        sheet.set_column(position, position, width, as_text if column.kind in _AS_TEXT else None)
        sheet.write_string(0, position, column.name, needed if column.required else optional)
        sheet.write_comment(0, position, _note(column), {"x_scale": 2, "y_scale": 1.2, "author": "sufficiency"})
        if column.kind in _CODES:
            sheet.data_validation(1, position, _LAST_ROW, position, _listed(_CODES[column.kind]))
    sheet.freeze_panes(1, 0)
    if rows is not None:
        _fill(sheet, rows, [column.name for column in columns], optional)


def _fill(sheet: Any, rows: pd.DataFrame, names: list[str], heading: Any) -> None:
    """The rows under the headings, and columns of their own after them; blank cells stay blank."""
    own = [name for name in rows.columns if name not in names]
    for position, name in enumerate([*names, *own]):
        if name in own:
            sheet.write_string(0, position, name, heading)
        if name in rows:
            for number, cell in enumerate(rows[name].astype(object), 1):
                if isinstance(cell, str):
                    if cell:
                        sheet.write_string(number, position, cell)
                elif not pd.isna(cell):
                    sheet.write_number(number, position, float(cell))


def _listed(codes: list[str]) -> dict[str, Any]:
    """A drop-down that warns but lets go on: year groups and lower case are right too."""
    return {
        "validate": "list",
        "source": codes,
        "error_type": "warning",
        "error_title": "Not in the list",
        "error_message": "This code is not in the list. Keep it all the same?",
    }


def _note(column: Column) -> str:
    unit = f" ({column.unit})" if column.unit else ""
    return f"{column.meaning}{unit}\n{must(column)}".replace("`", "")

"""Makes a broken copy of the toy model from one file of `tests/broken`."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import shutil
import tomllib
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pyogrio
import shapely
from openpyxl.styles import Font

TESTS = Path(__file__).parent.parent
TOY = TESTS / "toy"
BROKEN = TESTS / "broken"


def fault_files() -> list[Path]:
    """Every fault, in order."""
    return sorted(BROKEN.glob("*.toml"))


def broken_model(fault: dict[str, Any], folder: Path) -> Path:
    """The toy model in `folder` with the changes of `fault`; the path of its model file."""
    shutil.copytree(TOY, folder, dirs_exist_ok=True)
    for change in fault["change"]:
        _make(folder, change)
    return folder / "toy.toml"


READERS = {"workbook": ".xlsx", "layer": ".gpkg", "Parquet": ".parquet"}
"""Other files in which the table of a fault may lie, by what reads them."""


def read_csv_rows(path: Path) -> list[list[str]]:
    """The rows of a CSV file, its header first."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def in_another_file(model: Path, table: str, reader: str) -> None:
    """The CSV of a table written as another reader has it, and named in the model file."""
    source = model.parent / f"{table}.csv"
    target = source.with_suffix(READERS[reader])
    header, *rows = read_csv_rows(source)
    if reader == "workbook":
        book = openpyxl.Workbook()
        book.active.title = table
        for row in [header, *rows]:
            book.active.append([_typed(cell) for cell in row])
        book.save(target)
    else:
        frame = pd.DataFrame(rows, columns=header, dtype="str")
        if reader == "layer":
            pyogrio.write_dataframe(frame, target, layer=table)
        else:
            frame.to_parquet(target, index=False)
    text = model.read_text(encoding="utf-8")
    model.write_text(text.replace(f'"{source.name}"', f'"{target.name}"'), encoding="utf-8")


def _typed(cell: str) -> str | int | float | None:
    """A cell as Excel keeps what is typed in it: numbers as numbers, codes with zeros before them as text."""
    if re.fullmatch(r"-?(0|[1-9]\d{0,14})", cell):
        return int(cell)
    return float(cell) if re.fullmatch(r"-?(0|[1-9]\d*)\.\d+", cell) else cell or None


def read_fault(path: Path) -> dict[str, Any]:
    """A fault: `about`, its `kind`, a list of `change`, the `severity` and the exact `message`; `readers`: the other
    files that say the same of its `table`.
    """
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _make(folder: Path, change: dict[str, Any]) -> None:
    target = folder / change["file"]
    if "find" in change:
        text = target.read_text(encoding="utf-8")
        assert change["find"] in text, f"{change['find']!r} is not in {target.name}"
        every = change.get("every", False)
        assert every or text.count(change["find"]) == 1, f"{change['find']!r} is in {target.name} more than once"
        target.write_text(text.replace(change["find"], change["put"]), encoding="utf-8")
    elif "append" in change:
        target.write_text(target.read_text(encoding="utf-8") + change["append"], encoding="utf-8")
    elif "content" in change:
        target.write_text(change["content"], encoding="utf-8")
    else:
        _RECIPES[change["make"]](folder, target)


def _workbook(folder: Path, target: Path) -> None:
    """A workbook of three sheets from the CSV tables, none called like a table."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name in ("costs", "settings", "places"):
        sheet = book.create_sheet(f"{name} 2025")
        for row in (folder / f"{name}.csv").read_text(encoding="utf-8").splitlines():
            sheet.append([cell or None for cell in row.split(",")])
    buffer = io.BytesIO()
    book.save(buffer)
    target.write_bytes(buffer.getvalue())


def _formulas(folder: Path, target: Path) -> None:
    """Costs in a workbook whose rate is a formula that no program has calculated."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "costs"
    sheet.append(["type", "per_child"])
    sheet.append(["", "=9000*1.03"])
    book.save(target)


def _excel_error(folder: Path, target: Path) -> None:
    frame = pd.read_csv(folder / "costs.csv", dtype=object)
    frame.loc[0, "per_child"] = "#REF!"
    frame.to_excel(target, index=False)


def _zip(folder: Path, target: Path) -> None:
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("demand.csv", "area,need\n")


def _costs_with(folder: Path, target: Path, spoil: Callable[[Any], None]) -> None:
    """Costs as a workbook, spoilt."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "costs"
    for row in (folder / "costs.csv").read_text(encoding="utf-8").splitlines():
        sheet.append([_typed(cell) for cell in row.split(",")])
    spoil(sheet)
    book.save(target)


def _merged_numbers(sheet: Any) -> None:
    sheet.merge_cells("E3:E4")


def _merged_across(sheet: Any) -> None:
    sheet.merge_cells("A2:B2")


def _hidden_row(sheet: Any) -> None:
    sheet.row_dimensions[4].hidden = True


def _struck_row(sheet: Any) -> None:
    for cell in sheet[4]:
        cell.font = Font(strike=True)


def _hidden_column(sheet: Any) -> None:
    sheet.column_dimensions["F"].hidden = True


def _hidden_sheet(sheet: Any) -> None:
    other = sheet.parent.copy_worksheet(sheet)
    other.title = "Rates 2026"
    sheet.sheet_state = "hidden"


def _same_headings(sheet: Any) -> None:
    for year in (2025, 2026):
        sheet.parent.copy_worksheet(sheet).title = f"Rates {year}"
    sheet.parent.remove(sheet)


def _title(sheet: Any) -> None:
    sheet.insert_rows(1, 2)
    sheet["A1"] = "Rates 2026/27"
    sheet.merge_cells("A1:F1")


def _headings_below(sheet: Any) -> None:
    sheet.move_range("A1:J1", rows=len(list(sheet.rows)), cols=0)
    sheet.delete_rows(1)


def _shown_as_date(sheet: Any) -> None:
    sheet["H2"] = dt.datetime(1905, 7, 18)  # noqa: DTZ001


def _without_crs(folder: Path, target: Path) -> None:
    gpd.read_file(folder / "areas.geojson").to_file(target)
    target.with_suffix(".prj").unlink()


def _two_layers(folder: Path, target: Path) -> None:
    areas = gpd.read_file(folder / "areas.geojson")
    areas.to_file(target, layer="wards")
    areas.to_file(target, layer="parishes")


def _corner_without_a_number(folder: Path, target: Path) -> None:
    areas = gpd.read_file(folder / "areas.geojson")
    points = shapely.get_coordinates(areas.geometry.iloc[1])
    points[1] = np.inf
    areas.loc[1, "geometry"] = shapely.Polygon(points)
    areas.to_file(target)


_RECIPES = {
    "corner without a number": _corner_without_a_number,
    "workbook": _workbook,
    **{
        f"costs with {what}": partial(_costs_with, spoil=spoil)
        for what, spoil in (
            ("merged numbers", _merged_numbers),
            ("cells merged across", _merged_across),
            ("a hidden row", _hidden_row),
            ("a row struck through", _struck_row),
            ("a hidden column", _hidden_column),
            ("a hidden sheet", _hidden_sheet),
            ("the same headings on two sheets", _same_headings),
            ("a merged title", _title),
            ("headings below the rows", _headings_below),
            ("a year shown as a date", _shown_as_date),
        )
    },
    "formulas": _formulas,
    "excel error": _excel_error,
    "zip": _zip,
    "layer without a reference system": _without_crs,
    "two layers": _two_layers,
    "empty": lambda _, target: target.write_bytes(b""),
    "folder": lambda _, target: target.mkdir(),
    "old workbook": lambda _, target: target.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)),
    "binary": lambda _, target: target.write_bytes(bytes(range(256)) * 40),
    "missing": lambda _, target: target.unlink(),
}

"""A workbook as planners keep it: read right where its meaning is certain, else explained in one screen."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from sufficiency.model_file import read_model
from sufficiency.problems import InputError, folded
from sufficiency.tables import Tables
from sufficiency.tables.checks.all import check_tables
from sufficiency.tables.read import read_tables
from tests.tables.faults import TOY, read_csv_rows

ONE_SCREEN = 15


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(TOY, tmp_path / "toy")
    return tmp_path / "toy"


def saved(folder: Path, table: str, rows: list[list[Any]], merged: tuple[str, ...] = ()) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = table
    for row in rows:
        sheet.append(row)
    for cells in merged:
        sheet.merge_cells(cells)
    book.save(folder / f"{table}.xlsx")
    model = folder / "toy.toml"
    model.write_text(model.read_text().replace(f'"{table}.csv"', f'"{table}.xlsx"'))


def tables_of(folder: Path) -> tuple[Tables, list[str]]:
    model = read_model(folder / "toy.toml")
    tables, problems = read_tables(model)
    return tables, [str(one) for one in folded([*problems, *check_tables(model, tables)])]


def test_the_usual_habits_read_as_the_plain_tables(folder: Path) -> None:
    """A merged title, a total row, a group heading, merged cells, £ signs, ASC, Y7-11, ARP and names of schools: all
    the same tables as tests/toy, and of each thing left out one line.
    """
    plain, _ = tables_of(folder)
    names = {"100001": "Quay Primary base", "100002": "Hill Academy base", "100003": "Sands School"}
    words = {"ASD": "ASC", "secondary": "Y7-11", "primary": "Reception to Y6", "ASD SEMH": "ASC and SEMH"}
    head, *rows = read_csv_rows(folder / "places.csv")
    rows = [[words.get(cell, names.get(cell, cell)) or None for cell in row] for row in rows]
    total = ["Total", None, None, None, None, 72, *[None] * 5]
    title = ["Places commissioned, January 2026", *[None] * 10]
    groups = ["Line", None, "Who", None, "When and how many", *[None] * 6]
    places = [title, [None] * 11, groups, head, *rows, total]
    places[6][0] = places[6][1] = None  # the second row of HB, under merged cells
    saved(folder, "places", places, ("A1:K1", "A6:A7", "B6:B7"))
    head, *rows = read_csv_rows(folder / "costs.csv")
    rows = [
        [f"£{int(cell):,}" if cell.isdigit() and int(cell) > 2100 else cell or None for cell in row] for row in rows
    ]
    rows[0][0], rows[2][0] = "ARP", None
    saved(folder, "costs", [head, *rows], ("A3:A4",))
    head, *rows = read_csv_rows(folder / "placements.csv")
    saved(
        folder,
        "placements",
        [head, *[["North Quay" if cell == "N1" else words.get(cell, cell) for cell in row] for row in rows]],
    )
    tables, said = tables_of(folder)
    for table in ("places", "costs", "placements"):
        wanted, read = getattr(plain, table), getattr(tables, table)
        assert read.reset_index(drop=True).equals(wanted.reset_index(drop=True)), table
    assert said == [
        "places.xlsx, row 4: the headings are in row 4; everything above them is left out → delete the rows above them",
        "places.xlsx, row 12, value “Total”: this is a row of totals; it is left out → delete the row",
    ]


def test_what_cannot_be_read_is_explained_in_one_screen(folder: Path) -> None:
    """Years across, parts of key stages, suppressed figures, ADHD, an academy's type, notes, miles."""
    saved(folder, "demand", [["area", "need", "phase", "2025/26", "2026/27"], *[["N1", "ASC", "primary", 8, 9]] * 40])
    head, *rows = read_csv_rows(folder / "placements.csv")
    rows = [["N1", "ADHD", "KS3", "Sands School", "<5"] for _ in rows]
    saved(folder, "placements", [head, *rows, ["* fewer than five", *[None] * 4]])
    head, *rows = read_csv_rows(folder / "travel.csv")
    saved(folder, "travel", [head, *[[*row[:2], "25 mins", f"{number} miles"] for number, row in enumerate(rows)]])
    head, *rows = read_csv_rows(folder / "settings.csv")
    saved(folder, "settings", [head, *[[row[0], row[1], "Academy converter", *row[3:]] for row in rows]])
    with pytest.raises(InputError) as refused:
        tables_of(folder)
    lines = [str(problem) for problem in folded(refused.value.problems)]
    assert len(lines) <= ONE_SCREEN
    said = "\n".join(lines)
    for words in ("Unpivot Columns", "ADHD", "suppressed", "only a part of a phase", "miles, not km", "mainstream if"):
        assert words in said, words


def test_problems_name_the_sheet_where_a_workbook_holds_several_tables(folder: Path) -> None:
    """Three tables in one workbook, one fault in each of two; like faults of two sheets are not folded into one."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for table in ("demand", "placements", "costs"):
        sheet = book.create_sheet(table.title())
        for row in read_csv_rows(folder / f"{table}.csv"):
            sheet.append([cell or None for cell in row])
        sheet.append(["Total"])
    book["Placements"]["A2"] = "X1"
    book.save(folder / "plan.xlsx")
    model = folder / "toy.toml"
    text = model.read_text()
    for table in ("demand", "placements", "costs"):
        text = text.replace(f'"{table}.csv"', '"plan.xlsx"')
    model.write_text(text)
    _, said = tables_of(folder)
    total = "value “Total”: this is a row of totals; it is left out → delete the row"
    assert said == [
        f"plan.xlsx#Demand, row 62, {total}",
        f"plan.xlsx#Placements, row 21, {total}",
        f"plan.xlsx#Costs, row 8, {total}",
        "plan.xlsx#Placements, row 2, column area, value “X1”: there is no such area → "
        "check its digits, or add it; known are N1, N2, S1",
    ]

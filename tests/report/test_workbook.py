"""The workbook as a planner opens it: cells, totals, charts, notes, what is printed, and nothing that runs."""

from __future__ import annotations

import csv
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from sufficiency.report.content.tables import Table, Unit, checks_of, tables_of, ties
from sufficiency.report.words import academic_year
from sufficiency.report.workbook import workbook_of
from sufficiency.report.workbook.front import marks_of
from sufficiency.report.workbook.text import clean, headings, sheet_name, table_name
from sufficiency.standing import FICTIONAL
from tests.conftest import Require
from tests.report.planned_cases import FORMULA, hostile, with_impact

ANY = pytest.mark.parametrize("plan", [with_impact, hostile])
Plan = Callable[[], Any]


@cache
def written(plan: Plan) -> Path:
    """The workbook of a plan, written once in each process."""
    file = Path(mkdtemp()) / "workbook.xlsx"
    file.write_bytes(workbook_of(plan(), tables_of(plan()), ["The plan finds this.", FORMULA]))
    return file


@cache
def book(plan: Plan) -> Any:
    return openpyxl.load_workbook(written(plan))


@cache
def values(plan: Plan) -> Any:
    return openpyxl.load_workbook(written(plan), data_only=True)


@cache
def tables(plan: Plan) -> dict[str, Table]:
    return {one.code: one for one in tables_of(plan()) if isinstance(one, Table)}


def sheet_of(plan: Plan, code: str, of: Any = book) -> Worksheet:
    one = tables(plan)[code]
    return of(plan)[sheet_name(one.code, one.name)]


def rows_of(sheet: Worksheet) -> list[list[Any]]:
    """The rows of the table of a sheet, without its total."""
    (listed,) = sheet.tables.values()
    cells = [[cell.value for cell in row] for row in sheet[listed.ref]][1:]
    return cells[:-1] if listed.totalsRowCount else cells


@ANY
def test_every_cell_is_that_of_its_table(plan: Plan) -> None:
    """Numbers in full, text as it is, blank where there is no number; nothing more and nothing less."""
    for code, one in tables(plan).items():
        if not len(one.frame):
            assert one.nobody in [cell.value for cell in sheet_of(plan, code)["A"]]
            continue
        found = rows_of(sheet_of(plan, code, values))
        wanted = list(zip(*map(one.cells, one.columns), strict=True))
        assert len(found) == len(wanted), code
        for ours, theirs in zip(found, wanted, strict=True):
            for cell, (value, unit) in zip(ours, theirs, strict=True):
                assert cell == as_written(value, unit), code


def as_written(value: Any, unit: Unit) -> Any:
    if isinstance(value, str):
        return clean(value) or None
    if value is None or value != value:
        return None
    return academic_year(int(value)) if unit is Unit.YEAR else pytest.approx(value, rel=1e-12)


@ANY
def test_each_sheet_has_one_real_table_under_its_title(plan: Plan) -> None:
    for sheet in book(plan):
        assert not sheet.merged_cells.ranges, sheet.title
        assert isinstance(sheet["A1"].value, str), sheet.title
        assert len(sheet.tables) <= 1
        for table in sheet.tables.values():
            assert re.fullmatch(r"[A-Za-z]\w+", table.name)
            heads = [cell.value for cell in sheet[table.ref][0]]
            assert len({head.casefold() for head in heads}) == len(heads)
            assert heads == [column.name for column in table.tableColumns]


@ANY
def test_names_of_sheets_are_short_safe_and_different(plan: Plan) -> None:
    names = book(plan).sheetnames
    assert names[:3] == ["Contents", "Notes", "T0 Headlines"]
    assert len({name.casefold() for name in names}) == len(names)
    assert all(len(name) <= 31 and not set(name) & set("[]:*?/\\'") for name in names)


def test_every_sheet_says_that_the_data_are_made_up() -> None:
    for sheet in book(with_impact):
        above = [sheet.cell(row, 1).value for row in range(1, 6)]
        assert FICTIONAL.layer in above, sheet.title
        assert FICTIONAL.layer in sheet.oddHeader.left.text
    assert FICTIONAL.layer not in [
        cell.value for cell in book(hostile)["Contents"]["A"]
    ]  # it is not said to be fictional


@pytest.mark.parametrize(
    ("said", "mark"),
    [
        ({"illustrative": True}, "Illustrative: built from published data"),
        ({"clean_slate": True}, "Clean slate: every child is placed anew every year. A bound, not a plan to deliver"),
        ({"status": "stopped"}, "Stopped early: the best plan found so far"),
    ],
)
def test_what_a_plan_is_not_stands_on_every_sheet(said: dict[str, Any], mark: str) -> None:
    planned = with_impact()
    marked = replace(planned, result=replace(planned.result, summary=planned.summary | said))
    assert mark in marks_of(marked).warnings
    assert mark not in marks_of(planned).warnings


@ANY
def test_totals_are_formulas_with_the_sums_they_come_to(plan: Plan) -> None:
    totals = 0
    for code, one in tables(plan).items():
        sheet = sheet_of(plan, code)
        for table in sheet.tables.values():
            if not table.totalsRowCount:
                continue
            last = sheet[table.ref][-1]
            known = sheet_of(plan, code, values)[table.ref][-1]
            assert last[0].value == "Total"
            for at, (column, head) in enumerate(
                zip(one.columns, headings(c.heading for c in one.columns), strict=True)
            ):
                if column.total and at:
                    assert last[at].value == f"=SUBTOTAL(109,{table.name}[{head}])"
                    assert known[at].value == pytest.approx(float(one.frame[column.key].sum()))
                    totals += 1
    assert totals > 5


@ANY
def test_checks_add_up_one_table_beside_another(plan: Plan) -> None:
    checks = checks_of(tables(plan))
    formulas, known = book(plan)["Checks"], values(plan)["Checks"]
    rows, shown = rows_of(formulas), rows_of(known)
    assert len(rows) == len(checks)
    assert [row[0] for row in rows] == [check.what for check in checks]
    assert all(str(row[at]).startswith("=") for row in rows for at in (2, 3, 4, 7))
    for row, check in zip(shown, checks, strict=True):
        assert ties(check, tables(plan))
        assert row[2] == pytest.approx(row[3], abs=check.tolerance)
        assert row[2] == pytest.approx(row[5])
        assert row[7] == "Ties"
    assert f"{len(checks)} of {len(checks)} checks tie" in [cell.value for cell in known["A"]]


def test_text_that_a_spreadsheet_would_run_stays_text() -> None:
    """Names of settings, lines, options, rules, labels and scenarios that begin as formulas, and what is said of them.
    The only formulas are the sums of ours, the only links those to our own sheets.
    """
    found = set()
    for sheet in book(hostile):
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    assert re.match(r"=(-?SUM|SUBTOTAL|SUMIFS|COUNTIF|C\d|IF\(ABS)", cell.value), cell.value
                elif isinstance(cell.value, str):
                    found.add(cell.value)
                if cell.hyperlink is not None:
                    assert cell.hyperlink.target is None
                    assert cell.hyperlink.location.split("!")[0].strip("'") in book(hostile).sheetnames
    assert {FORMULA, "@SUM(A1)", "=s", "-S", "=1+1", "=2+2", "http://evil.example", "+A1"} <= found
    with zipfile.ZipFile(written(hostile)) as packed:
        names = packed.namelist()
        assert not [name for name in names if "externalLink" in name or "vba" in name or "connections" in name]
        relations = "".join(packed.read(name).decode() for name in names if name.endswith(".rels"))
        assert 'TargetMode="External"' not in relations
        shown = "".join(packed.read(name).decode() for name in names if name.startswith("xl/charts/"))
    assert "HYPERLINK" not in re.sub(r"<c:v>.*?</c:v>", "", shown)  # a formula in a chart would be in c:f


def test_a_cell_that_is_edited_stays_text() -> None:
    """Excel takes text that begins with = for a formula when the cell is edited, unless its format says it is text."""
    sheet = sheet_of(hostile, "T4")
    cells = {cell.value: cell.quotePrefix for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)}
    assert cells["=s"]
    assert cells[FORMULA]
    assert not cells["i"]


def test_controls_and_what_is_too_long_for_a_cell() -> None:
    assert clean("a\x00b\r\nc\u202ed") == "a�b c�d"
    assert clean("x" * 40_000) == "x" * 32_766 + "…"
    assert headings(["Other", "other", "", "=A1"]) == ["Other", "other (2)", "Column 3", "=A1"]
    assert sheet_name("T1", "a/b:c" + "d" * 40) == "T1 a b c" + "d" * 23
    assert table_name("T1", "Do nothing more") == "Do_nothing_more_T1"
    found = {cell.value for row in sheet_of(hostile, "T11").iter_rows() for cell in row}
    assert any(isinstance(text, str) and text.startswith("a�b c") for text in found)


@ANY
def test_charts_are_native_and_described(plan: Plan) -> None:
    drawn = [one for one in tables(plan).values() if one.drawing is not None and len(one.frame)]
    assert len(drawn) >= 5
    with zipfile.ZipFile(written(plan)) as packed:
        charts = [name for name in packed.namelist() if name.startswith("xl/charts/chart")]
        drawings = "".join(packed.read(name).decode() for name in packed.namelist() if "drawings/drawing" in name)
    assert len(charts) == len(drawn)
    assert len(re.findall(r'descr="Chart\. [^"]{20,}"', drawings)) == len(drawn)


def test_what_is_printed_can_be_read() -> None:
    """A4 landscape, as wide as the page, headings on every page, letters of seven points at least."""
    for sheet in book(with_impact):
        assert sheet.page_setup.orientation == "landscape"
        assert str(sheet.page_setup.paperSize) == "9"
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) in {(1, 0), (None, 0)}
        assert sheet.print_area
        if sheet.tables:
            (listed,) = sheet.tables.values()
            head = int(re.findall(r"\d+", listed.ref)[0])
            assert sheet.print_title_rows == f"${head}:${head}", sheet.title
            if sheet.title != "Contents":
                assert int(re.findall(r"\d+", sheet.freeze_panes)[0]) == head + 1, sheet.title
            wide = sum(sheet.column_dimensions[cell.column_letter].width for cell in sheet[listed.ref][0])
            assert 11 * min(1.0, 785 / (wide * 6.1)) >= 6.8, sheet.title


def test_contents_list_and_link_every_table_and_say_why_one_is_not_there() -> None:
    sheet = book(with_impact)["Contents"]
    rows = rows_of(sheet)
    linked = {cell.value for (cell,) in sheet["A1:A200"] if cell.hyperlink is not None}
    assert {*book(with_impact).sheetnames} - {"Contents"} == linked
    assert ["T17b Scenarios", "Not in this workbook: no scenario was asked for.", None] in rows
    above = [cell.value for cell in sheet["A"]]
    assert above[0] == "Toy: places for children with SEND, 2026/27 to 2028/29"
    assert "The plan finds this." in above


def test_notes_are_numbered_and_every_number_is_explained() -> None:
    notes = {row[0] for row in rows_of(book(with_impact)["Notes"])}
    used = {
        int(number)
        for sheet in book(with_impact)
        for row in range(1, 8)
        for number in re.findall(r"\[note (\d+)\]", str(sheet.cell(row, 1).value))
    }
    assert used == notes


def test_cells_are_shaded_by_the_whole_number_they_show() -> None:
    sheet = sheet_of(with_impact, "T10b")
    rules = [rule for found in sheet.conditional_formatting for rule in found.rules]
    assert rules
    assert all(re.fullmatch(r"ROUND\(\w+,0\)>=\d+", rule.formula[0]) for rule in rules)


def test_libreoffice_opens_it_and_its_formulas_come_to_the_same(tmp_path: Path, require: Require) -> None:
    """LibreOffice opens the workbook as it is, and works every formula out again in a copy of which openpyxl has
    dropped the values beside the formulas: every sheet of both reads the same.
    """
    office = shutil.which("soffice") or shutil.which("libreoffice")
    require("libreoffice", office is not None, "LibreOffice is not installed")
    ours, again = tmp_path / "ours.xlsx", tmp_path / "again.xlsx"
    shutil.copy(written(with_impact), ours)
    openpyxl.load_workbook(ours).save(again)
    every_sheet = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
    home = f"-env:UserInstallation=file://{tmp_path / 'home'}"
    command = [str(office), home, "--headless", "--convert-to", every_sheet, "--outdir", str(tmp_path), ours, again]
    subprocess.run(command, check=True, capture_output=True, timeout=240)
    names = book(with_impact).sheetnames
    read = {one: {name: _lines(tmp_path / f"{one}-{name}.csv") for name in names} for one in ("ours", "again")}
    assert read["ours"] == read["again"]
    results = [row[7] for row in read["again"]["Checks"] if len(row) > 7 and row[7] in ("Ties", "Does not tie")]
    assert results == ["Ties"] * len(checks_of(tables(with_impact)))
    total = next(row for row in read["again"]["T1 Children by phase"] if row[0] == "Total")
    assert total[1] == 73


def _lines(file: Path) -> list[list[Any]]:
    """The rows of a CSV file; numbers to a millionth."""
    rows = csv.reader(file.read_text(encoding="utf-8").splitlines())
    return [[_rounded(cell) for cell in row] for row in rows]


def _rounded(cell: str) -> Any:
    try:
        return round(float(cell), 6)
    except ValueError:
        return cell

"""DfE's returns: every table by hand, totals that tie, blanks with their reason, figures that are cells; golden tables.

`python -m tests.report.test_returns` writes the golden tables anew; read the difference before committing it.
"""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest

import sufficiency as sf
from sufficiency.case import Case
from sufficiency.report.content.returns import Return, Returns, returns_of, rows
from sufficiency.report.content.returns.bridge import DIFFERENTLY
from sufficiency.report.content.returns.checks import checks_of_returns
from sufficiency.report.content.returns.commissioned import commissioned
from sufficiency.report.content.returns.plans import by_year_group, history_of
from sufficiency.report.content.returns.s251 import INCOME, section_251, tag_of
from sufficiency.report.content.tables import Planned, ties
from sufficiency.report.returns import _csv, returns_files, returns_workbook
from sufficiency.report.workbook.text import sheet_name
from tests.report.planned_cases import falls_short, hostile
from tests.tiny import tiny
from tests.worked import case_of, model_of

GOLDEN = Path(__file__).parents[1] / "golden" / "returns.txt"
SHOWN = (
    "lsrp_5_1",
    "lsrp_6",
    "lsrp_bridge",
    "scap_primary",
    "scap_planned_places",
    "place_change",
    "dsg_bases",
    "s251",
)

EACH = (
    ("ASD", "special_school", "reception", 5),
    ("SEMH", "special_free_school", "year_6", 7),
    ("SLCN", "resource_base", "year_6", 3),
    ("MLD", "resource_base", "post_16", 2),
    ("SLD", "hospital", "secondary", 4),
    ("PD", "alternative_provision", "secondary", 6),
    ("HI", "independent", "secondary", 8),
    ("VI", "non_maintained", "year_6", 1),
    ("MSI", "college", "post_16", 9),
    ("DS", "eotas", "secondary", 10),
    ("UNK", "home_education", "secondary", 11),
    ("SPLD", "specialist_post_16", "post_16", 13),
    ("OTH", "other", "secondary", 14),
)
"""Need, type, phase, children: each need can only be met by one type, today and in the year of the plan. In all 93."""


@cache
def each_type() -> Planned:
    phases = {"reception": [0, 0], "year_6": [6, 6], "secondary": [7, 11], "post_16": [12, 14]}
    model = model_of((2025, 2026), phases=phases)
    case = case_of(
        model,
        demand=[
            {"area": "A", "need": need, "phase": phase, "year": year, "children": children}
            for need, _, phase, children in EACH
            for year in (2025, 2026)
        ],
        settings=[{"setting": need, "type": kind} for need, kind, _, _ in EACH],
        places=[{"line": need, "setting": need, "needs": (need,), "places": 20} for need, *_ in EACH],
        costs=[{"type": kind, "per_child": 1_000} for kind in dict.fromkeys(kind for _, kind, _, _ in EACH)],
        placements=[
            {"area": "A", "need": need, "phase": phase, "line": need, "children": children}
            for need, _, phase, children in EACH
        ],
    )
    return Planned(sf.solve(case), case)


@cache
def mitigated() -> Planned:
    """Ten children, placed anew each year: four in a special school and six bought for. A proposed base has two places
    and an option three: two and three are no longer bought for.
    """
    model = model_of((2025, 2026), continuity={"stay": {"primary": 0.0}})
    case = case_of(
        model,
        demand=[{"area": "A", "year": year, "children": 10} for year in (2025, 2026)],
        settings=[
            {"setting": "S"},
            {"setting": "I", "type": "independent"},
            {"setting": "B", "type": "resource_base"},
            {"setting": "C", "type": "resource_base"},
        ],
        places=[
            {"line": "s", "setting": "S", "places": 4},
            {"line": "i", "setting": "I", "places": np.nan},
            {"line": "b", "setting": "B", "places": 2, "from_year": 2026, "status": "proposed"},
        ],
        costs=[
            {"type": "special_school", "per_child": 10_000, "budget_line": "1.2.1 Top-up"},
            {"type": "resource_base", "per_child": 8_000, "budget_line": "1.2.2"},
            {"type": "independent", "per_child": 60_000, "budget_line": "1.2.3"},
        ],
        placements=[{"area": "A", "line": "s", "children": 4}, {"area": "A", "line": "i", "children": 6}],
        options=[{"option": "O", "name": "A base at C", "setting": "C", "places": 3, "earliest": 2026}],
    )
    return Planned(sf.solve(case), case)


HISTORY = {-1: 2, 0: 3, 1: 1, 2: 1, 3: 1, 4: 1, 5: 1, 8: 5, 12: 10}
"""Plans by NCY: 25, of which 8 at primary age."""


def read_with_history(folder: Path, more: str = "") -> Case:
    """The tiny model, four children in a special school today, and the plans of `HISTORY`."""
    file = tiny(folder)
    tables = 'costs = "costs.csv"\nplacements = "p.csv"\nhistory = "h.csv"'
    file.write_text(file.read_text().replace('costs = "costs.csv"', tables) + more)
    (folder / "p.csv").write_text("area,need,phase,line,children\nA,ASD,primary,N1,4\n")
    plans = [f"ASD,{ncy},{year},{count}" for year in (2024, 2025) for ncy, count in HISTORY.items()]
    (folder / "h.csv").write_text("\n".join(["need,ncy,year,plans", *plans]) + "\n")
    return sf.read(file)


@cache
def returns(plan: Any, age: str | None = None) -> Returns:
    return returns_of(plan(), age)


def table(plan: Any, name: str, age: str | None = None) -> Return:
    return next(one for one in returns(plan, age).tables if one.name == name)


def cells(one: Return, key: str, value: str = "children", **where: Any) -> dict[Any, float]:
    """Numbers of the rows that are as in `where`, by `key`; rows of 0 and blank ones left out."""
    rows_there = one.frame
    for column, cell in where.items():
        rows_there = rows_there[rows_there[column] == cell]
    found = rows_there.groupby(key)[value].sum()
    return {name: float(number) for name, number in found.items() if number}


PLAN = {"projection": "mitigated", "year": 2026}


@pytest.mark.parametrize(
    ("ncy", "turned", "start"),
    [
        (-1, "Under 5", "Under 5"),
        (0, "Age 5 to 10", "Under 5"),
        (5, "Age 5 to 10", "Age 5 to 10"),
        (6, "Age 11 to 15", "Age 5 to 10"),
        (7, "Age 11 to 15", "Age 11 to 15"),
        (10, "Age 11 to 15", "Age 11 to 15"),
        (11, "Age 16 to 19", "Age 11 to 15"),
        (14, "Age 16 to 19", "Age 16 to 19"),
        (15, "Age 20 to 25", "Age 16 to 19"),
        (16, "Age 20 to 25", "Age 20 to 25"),
        (20, "Age 20 to 25", "Age 20 to 25"),
    ],
)
def test_reception_and_year_6_are_in_another_band_by_the_age_they_turn(ncy: int, turned: str, start: str) -> None:
    assert (rows.band_of(ncy, "turned"), rows.band_of(ncy, "start")) == (turned, start)


def test_plans_by_the_age_they_turn_and_by_that_at_the_start() -> None:
    """Five in Reception, eleven in Year 6, 53 in Years 7 to 11 (10.6 in each), 24 from Year 12 on."""
    turned = cells(table(each_type, "lsrp_5_1"), "age_band", **PLAN)
    assert turned == pytest.approx({"Age 5 to 10": 5, "Age 11 to 15": 11 + 42.4, "Age 16 to 19": 10.6 + 24})
    start = cells(table(each_type, "lsrp_5_1", "start"), "age_band", **PLAN)
    assert start == pytest.approx({"Under 5": 5, "Age 5 to 10": 11, "Age 11 to 15": 53, "Age 16 to 19": 24})


def test_without_a_switch_each_form_has_the_age_it_asks_for() -> None:
    """Of the eight in NMSS and independent schools one is in Year 6: under 11 at the start of the year."""
    of_dsg = {"breakdown": "By age", **PLAN}
    assert cells(table(each_type, "dsg_nmss_independent"), "row", **of_dsg) == {"Age 5 to 10": 1, "Age 11 to 15": 8}
    turned = cells(table(each_type, "dsg_nmss_independent", "turned"), "row", **of_dsg)
    assert turned == pytest.approx({"Age 11 to 15": 1 + 6.4, "Age 16 to 19": 1.6})
    assert any("LSRP: Age: what a child turns" in note for note in returns(each_type).about)
    assert any("DSG management plan: Age: at the start" in note for note in returns(each_type).about)


def test_plans_by_provision() -> None:
    """A post-16 place in a base has its own row, and a hospital school is in Other."""
    assert cells(table(each_type, "lsrp_6"), "provision", **PLAN) == pytest.approx(
        {
            rows.BASES: 3,
            rows.SPECIAL: 12,
            rows.BOUGHT_LA: 9,
            rows.AP: 6,
            rows.POST_16: 9,
            rows.POST_16_BASE: 2,
            rows.POST_16_SPECIALIST: 13,
            rows.HOME: 11,
            rows.EOTAS: 10,
            rows.OTHER: 18,
        }
    )


def test_plans_by_need_have_no_row_for_down_syndrome() -> None:
    found = table(each_type, "lsrp_7")
    assert not found.frame["need"].str.contains("Down").any()
    needs = cells(found, "need", **PLAN)
    assert needs[rows.FORM_NEEDS["OTH"]] == 14 + 10
    assert needs[rows.NOT_RECORDED] == 11
    assert rows.FORM_NEEDS["NSA"] not in needs
    assert sum(needs.values()) == pytest.approx(93)


@pytest.mark.parametrize(
    ("code", "needs"),
    [
        ("7_1", {}),
        ("7_2", {}),
        ("7_3", {"SLCN": 3}),
        ("7_4", {"ASD": 5, "SEMH": 7}),
        ("7_5", {"HI": 8, "VI": 1}),
        ("7_6", {"SLD": 4, "PD": 6}),
        ("7_7", {"MLD": 2, "MSI": 9, "SPLD": 13}),
    ],
)
def test_needs_by_provision(code: str, needs: dict[str, float]) -> None:
    """Hospital schools are with AP in 7.6, and the post-16 place of a base in 7.7."""
    found = cells(table(each_type, f"lsrp_{code}"), "need", **PLAN)
    assert found == {rows.FORM_NEEDS[need]: children for need, children in needs.items()}


def test_what_none_of_7_1_to_7_7_holds_is_named() -> None:
    found = cells(table(each_type, "lsrp_7_remainder"), "remainder", **PLAN)
    assert found == {rows.HOME: 11, rows.EOTAS: 10, "Other: other settings": 14}


@pytest.mark.parametrize("plan", [each_type, mitigated, falls_short])
def test_totals_tie(plan: Any) -> None:
    sheets = {one.code: one.sheet() for one in returns(plan).tables}
    checks = checks_of_returns(sheets)
    assert len(checks) >= 16  # four a year: two years at the least, of both projections
    assert [check for check in checks if not ties(check, sheets)] == []


@pytest.mark.parametrize("plan", [each_type, mitigated, falls_short, hostile])
def test_a_blank_has_its_reason_and_the_rest_is_known(plan: Any) -> None:
    for one in returns(plan).tables:
        blank = one.frame[list(one.values)].isna().any(axis=1)
        assert (one.frame["note"][blank] != "").all(), one.name


def test_years_that_the_plan_does_not_have_are_blank() -> None:
    found = table(each_type, "lsrp_5_1").frame
    last = found[found["year"] == 2029]
    assert last["children"].isna().all()
    assert (last["note"].str.contains("the plan ends in 2026/27") | last["note"].str.contains("no phase")).all()


def test_the_bridge_puts_children_down_to_the_first_places_they_fill() -> None:
    """Four are in the special school either way. Of six bought for, two are in the proposed base and three in the
    option.
    """
    found = table(mitigated, "lsrp_bridge")
    steps = ["Unmitigated", "Proposed places: b, B", "Option O: A base at C", DIFFERENTLY, "Mitigated"]
    assert list(dict.fromkeys(found.frame["mitigation"])) == steps
    by_row = {
        name: list(found.frame[found.frame["provision"] == name]["children"])
        for name in (rows.BASES, rows.BOUGHT_LA, rows.SPECIAL)
    }
    assert by_row[rows.BASES] == pytest.approx([0, 2, 3, 0, 5])
    assert by_row[rows.BOUGHT_LA] == pytest.approx([6, -2, -3, 0, 1])
    assert by_row[rows.SPECIAL] == pytest.approx([4, 0, 0, 0, 4])


@pytest.mark.parametrize("plan", [each_type, mitigated, falls_short])
@pytest.mark.parametrize(
    ("name", "to", "key"), [("lsrp_bridge", ["lsrp_6"], "provision"), ("lsrp_bridge_by_need", rows.TABLES_7, "need")]
)
def test_the_bridge_goes_from_one_table_to_the_other(plan: Any, name: str, to: Any, key: str) -> None:
    bridge = table(plan, name).frame
    for of in to:
        here = bridge if of == "lsrp_6" else bridge[bridge["table"] == of]
        ends = table(plan, of if of == "lsrp_6" else f"lsrp_{of.replace('.', '_')}").frame
        last = here["order"].max()
        for (year, row), some in here.groupby(["year", key]):
            steps = some.set_index("order")["children"].fillna(0.0)
            assert steps[:last].sum() - steps[last] == pytest.approx(0.0, abs=1e-6)
            for projection, step in (("unmitigated", 0), ("mitigated", last)):
                known = ends[(ends["projection"] == projection) & (ends["year"] == year) & (ends[key] == row)]
                assert known["children"].fillna(0.0).sum() == pytest.approx(steps[step], abs=1e-6)


def test_the_scap_forecast_by_year_group() -> None:
    """Non-maintained schools are with special schools, independents apart; Years 7 to 11 share eight and six evenly."""
    primary, secondary = table(each_type, "scap_primary"), table(each_type, "scap_secondary")
    assert cells(primary, "planning_area", **PLAN) == {"1803001": 3, "1803003": 5 + 7 + 1}
    assert cells(primary, "ncy", **PLAN) == {0: 5, 6: 3 + 7 + 1}
    assert cells(secondary, "planning_area", **PLAN) == pytest.approx({"1803012": 8, "1803014": 6})
    assert cells(secondary, "ncy", **PLAN) == pytest.approx(dict.fromkeys(range(7, 12), 2.8))
    assert sorted(set(primary.frame["year"])) == list(range(2026, 2031))
    assert sorted(set(secondary.frame["year"])) == list(range(2026, 2033))


def test_scap_by_need_and_what_it_leaves_out_are_all_children_to_year_11() -> None:
    by_need = cells(table(each_type, "scap_primary_by_need"), "need", **PLAN)
    assert by_need == {"ASD": 5, "SEMH": 7, "SLCN": 3, "VI": 1}
    left = cells(table(each_type, "scap_left_out"), "where", **PLAN)
    assert sum(left.values()) == pytest.approx(4 + 10 + 11 + 14)


def test_dsg_sheets_hold_every_child_by_age_and_by_need() -> None:
    expected = {"bases": 5, "special": 12, "nmss_independent": 9, "hospital_ap": 10, "post_16": 22, "other": 35}
    for name in rows.DSG_SHEETS:
        found = cells(table(each_type, f"dsg_{name}"), "breakdown", **PLAN)
        wanted = expected.get(name, 0)
        assert found == pytest.approx({"By age": wanted, "By primary need": wanted} if wanted else {}), name
    bands = set(table(each_type, "dsg_post_16").frame.query("breakdown == 'By age'")["row"])
    assert bands == {"Age 16 to 19", "Age 20 to 25"}


def test_section_251_lines_are_told_apart_by_the_space_after_them() -> None:
    assert [
        tag_of(line) for line in ("1.2.1", "1.2.1 Top-up", "1.2.10", "1.2.10 PFI", "1.2.100", "1.2.1a", "x 1.2.1")
    ] == [*("1.2.1", "1.2.1", "1.2.10", "1.2.10", "", "", "")]


def test_section_251_spend_is_all_spend_by_line_and_column() -> None:
    """Seven twelfths of 2026/27 fall in the year: four in special schools at £10,000, five in bases at £8,000."""
    found = section_251(mitigated()).frame.set_index("s251_line")
    assert found.loc["1.2.1", "sen_and_special"] == pytest.approx((40_000 * 7 + 40_000 * 5) / 12)
    assert found.loc["1.2.2", "primary"] == pytest.approx(40_000 * 7 / 12)
    assert found.loc["1.2.3", "net"] == pytest.approx((60_000 * 7 + 360_000 * 5) / 12)
    spend = falls_short().rows("spend_financial")["pounds"].sum()
    assert section_251(falls_short()).frame["net"].sum() == pytest.approx(spend)


def test_section_251_says_estimated_only_of_lines_that_are_split_and_names_funds() -> None:
    """Capital of a base belongs to no phase: it stands in one column, as planned."""
    returned = section_251(falls_short())
    notes = returned.frame[returned.frame["financial_year"] == 2026].set_index("budget_line")["note"]
    assert "estimated" in notes["1.2.2"]
    assert notes["capital"] == INCOME
    assert set(returned.sheet().frame["fund"]) == {"DSG", "General Fund", "Capital"}


def test_places_by_institution_this_september_and_next() -> None:
    """The base at Quay has 12 places and gets half of an option's 6; Sands' 36 are for several ages."""
    found = table(falls_short, "place_change").frame.set_index("setting")
    assert list(found.loc["100001", ["places_now", "places_next", "change", "category"]]) == [12, 15, 3, "SEN, pre-16"]
    assert found.loc["100003", "category"] == "SEN, not split"
    assert found.loc["100004", "category"] == "Alternative provision"
    assert not found.index.isin(["IND", "EOT"]).any()


def test_planned_places_say_what_they_rest_on() -> None:
    found = table(falls_short, "scap_planned_places").frame
    rests = [tuple(row) for row in found[["scheme", "year", "rests_on", "places"]].itertuples(index=False)]
    assert rests == [("QB+", 2026, "chosen", 3), ("QB+", 2027, "chosen", 3), ("HB", 2027, "committed", 4)]
    assert list(table(mitigated, "scap_planned_places").frame["rests_on"]) == ["chosen", "proposed"]


def test_places_commissioned_are_those_of_the_plan_and_those_for_others() -> None:
    planned = falls_short()
    found = commissioned(planned, planned.years).groupby(["line", "year"])["places"].sum(min_count=1)
    taken = planned.case.tables.places.drop_duplicates("line").set_index("line")
    for row in planned.rows("occupancy").itertuples():
        own = found[row.line, row.year] - taken["imported"][row.line] - taken["reserved"][row.line]
        assert own == pytest.approx(row.places, nan_ok=True)


@pytest.fixture(scope="module")
def of_history(tmp_path_factory: pytest.TempPathFactory) -> Returns:
    case = read_with_history(tmp_path_factory.mktemp("history"))
    return returns_of(Planned(sf.solve(case), case))


def test_with_a_history_the_total_is_all_plans(of_history: Returns) -> None:
    """Of 8 plans at primary age 4 are placed by the model; the rest are in ordinary classes, as are those at secondary
    age; of ten in Year 12 England's share is not in education (2,703 of 25,843).
    """
    found = of_history
    by = {one.name: one for one in found.tables}
    today = {"projection": "unmitigated", "year": 2025}
    assert "all EHC plans" in found.about[0]
    provision = cells(by["lsrp_6"], "provision", **today)
    neet = 10 * 2703 / 25_843
    assert provision == pytest.approx(
        {rows.EARLY: 2, rows.MAINSTREAM: 4 + 5, rows.SPECIAL: 4, rows.POST_16: 10 - neet, rows.OTHER: neet}
    )
    ages = cells(by["lsrp_5_1"], "age_band", **today)
    assert ages == pytest.approx({"Under 5": 2, "Age 5 to 10": 8, "Age 11 to 15": 5, "Age 16 to 19": 10})
    left = cells(by["lsrp_7_remainder"], "remainder", **today)
    assert left == pytest.approx({rows.REMAINDERS["neet"]: neet})
    sheets = {one.code: one.sheet() for one in found.tables}
    assert [check for check in checks_of_returns(sheets) if not ties(check, sheets)] == []


def test_a_phase_is_split_over_its_year_groups_as_the_history_is(of_history: Returns) -> None:
    """Five children of 2026 at primary age; in SCAP only those whom the plan places, and nobody of ordinary classes."""
    found = {one.name: one for one in of_history.tables}
    by_group = cells(found["scap_primary"], "ncy", **PLAN)
    assert sum(by_group.values()) == pytest.approx(5)
    assert by_group[0] > 2 * by_group[2]
    assert any("in the proportions of the history" in note for note in found["scap_primary"].notes)


def test_a_history_of_specialist_places_alone_is_no_total(tmp_path: Path) -> None:
    """It still says how a phase falls on its year groups: three of the eight at primary age are in Reception."""
    case = read_with_history(tmp_path, '\n[forecast]\ncounts = "specialist"\n')
    found = history_of(case)
    assert (found.are_all, found.why) == (False, "the history counts only children in specialist places")
    parts = by_year_group(case, found)
    today = parts[(parts["year"] == 2025) & (parts["need"] == "ASD") & (parts["phase"] == "primary")]
    assert list(today["part"]) == pytest.approx([3 / 8, *[1 / 8] * 5, 0])


def test_where_today_is_not_known_the_children_are_named_and_totals_tie(tmp_path: Path) -> None:
    case = sf.read(tiny(tmp_path))
    planned = Planned(sf.solve(case), case)
    by = {one.name: one for one in returns_of(planned).tables}
    assert cells(by["lsrp_6"], "provision", projection="mitigated", year=2025) == {rows.UNPLACED: 4}
    sheets = {one.code: one.sheet() for one in by.values()}
    assert [check for check in checks_of_returns(sheets) if not ties(check, sheets)] == []


@pytest.mark.parametrize("plan", [falls_short, hostile])
def test_every_figure_is_a_cell_of_its_file_and_every_number_a_figure(plan: Any) -> None:
    files = {
        name.removesuffix(".csv"): pd.read_csv(
            io.BytesIO(content), encoding="utf-8-sig", dtype=str, keep_default_na=False
        )
        for name, content in returns_files(returns(plan)).items()
    }
    figures = list(returns(plan).figures())
    assert len({one.id for one in figures}) == len(figures)
    numbers = sum(int((files[one.name][list(one.values)] != "").to_numpy().sum()) for one in returns(plan).tables)
    assert len(figures) == numbers
    if plan is falls_short:
        for one in returns(plan).tables:
            known = {
                (*(str(cell) for cell in row[: len(one.keys)]), column): row[len(one.keys) + place]
                for row in files[one.name].itertuples(index=False)
                for place, column in enumerate(one.values)
            }
            for figure in one.figures():
                assert figure.table == f"report/returns/{one.name}"
                assert float(known[(*map(str, figure.row.values()), figure.column)]) == figure.value


def test_files_have_one_row_of_headings_and_nothing_that_runs() -> None:
    for name, content in returns_files(returns(hostile)).items():
        assert content.startswith(b"\xef\xbb\xbf"), name
        found = pd.read_csv(io.BytesIO(content), encoding="utf-8-sig", dtype=str, keep_default_na=False)
        assert len(found.columns) >= 2, name
        texts = found.to_numpy().ravel()
        assert not [text for text in texts if text[:1] in "=@+" and text[:1]], name


def test_the_workbook_has_a_sheet_for_each_table(tmp_path: Path) -> None:
    found = returns(falls_short)
    file = tmp_path / "returns.xlsx"
    file.write_bytes(returns_workbook(found, falls_short()))
    book = openpyxl.load_workbook(file, data_only=True)
    names = [sheet_name(one.code, one.short) for one in found.tables]
    assert book.sheetnames == ["Contents", "Notes", *names, "Checks"]
    assert all(len(f"{one.code} {one.short}") <= 31 for one in found.tables)
    assert "Fictional data: no real place, school or child" in [cell.value for cell in book["Contents"]["A"]]
    total = next(row for row in book["LSRP 5.1 Plans by age"].values if row[0] == "Total")
    assert total[1] == pytest.approx(73)
    assert total[5] is None  # 2029/30, of which nothing is known
    assert "32 of 32 checks tie" in [cell.value for cell in book["Checks"]["A"]]


def test_a_hostile_model_makes_a_workbook() -> None:
    assert returns_workbook(returns(hostile), hostile()).startswith(b"PK")


def as_text() -> list[str]:
    """Tables of the toy as lines, numbers to two decimals."""
    lines = []
    for name in SHOWN:
        one = table(falls_short, name)
        lines += [f"{name}: {one.title}", " | ".join(one.columns)]
        for row in one.frame[one.columns].itertuples(index=False):
            lines.append(
                " | ".join(
                    "" if cell != cell else f"{cell:.2f}" if isinstance(cell, float) else str(cell) for cell in row
                )
            )
        lines.append("")
    return lines


def test_the_tables_of_the_toy_are_the_golden_ones() -> None:
    from tests.report.test_tables import alike

    golden = GOLDEN.read_text(encoding="utf-8").splitlines()
    found = as_text()
    assert [(ours, theirs) for ours, theirs in zip(found, golden, strict=True) if not alike(ours, theirs)] == []


if __name__ == "__main__":
    GOLDEN.write_text("\n".join(as_text()) + "\n", encoding="utf-8")


def test_text_beside_blanks_and_numbers_runs_as_no_formula() -> None:
    table = pd.DataFrame({"name": ["=1+1", None, 2.5], "children": [1.0, np.nan, 3.0]})
    assert _csv(table).decode("utf-8-sig").split("\r\n")[1:4] == ["'=1+1,1.0", ",", "2.5,3.0"]

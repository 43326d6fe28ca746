"""Tables for people: every number is a cell, or a sum of cells, of the result; totals tie; golden content.

`python -m tests.report.test_tables` writes the golden content anew; read the difference before committing it.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from io import StringIO
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sufficiency as sf
from sufficiency.report.content.tables import (
    Omitted,
    Planned,
    Table,
    Unit,
    checks_of,
    tables_of,
    ties,
    value_of,
)
from sufficiency.report.content.tables.cells import cell_figures, table_csv
from sufficiency.report.content.tables.table import shown
from sufficiency.report.words import academic_year, children
from sufficiency.result.written import unguarded
from tests.report.planned_cases import FORMULA, closes, falls_short, hostile, with_impact
from tests.worked import case_of, model_of, steady

GOLDEN = Path(__file__).parents[1] / "golden" / "tables"
PLANS = {"falls_short": falls_short, "closes": closes}
SHOWN = ("T0", "T5", "T10a", "T10b", "T11", "T13c", "T14a", "T14b", "T15a", "T16a", "T16b")
ANY = pytest.mark.parametrize("plan", [falls_short, closes, hostile])


Plan = Callable[[], Planned]


@cache
def tables(plan: Plan) -> dict[str, Table]:
    return {one.code: one for one in tables_of(plan()) if isinstance(one, Table)}


def as_text(plan: Plan) -> list[str]:
    """Tables as lines: what they are called, their charts, their cells with numbers to two decimals."""
    lines = []
    for code in SHOWN:
        one = tables(plan)[code]
        lines += [f"{code} {one.title}", one.about, *([one.drawing.title] if one.drawing else [])]
        lines.append(" | ".join(column.heading for column in one.columns))
        for cells in zip(*map(one.cells, one.columns), strict=True):
            lines.append(" | ".join(value if isinstance(value, str) else f"{value:.2f}" for value, _ in cells))
        lines.append("")
    return lines


def alike(drawn: str, golden: str) -> bool:
    """Whether lines are the same, numbers within a hundredth."""
    ours, theirs = drawn.split(" | "), golden.split(" | ")
    if len(ours) != len(theirs):
        return False
    for one, other in zip(ours, theirs, strict=True):
        if one != other:
            try:
                if abs(float(one) - float(other)) > 0.011:
                    return False
            except ValueError:
                return False
    return True


@pytest.mark.parametrize("name", list(PLANS))
def test_the_content_is_the_golden_one(name: str) -> None:
    golden = (GOLDEN / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    drawn = as_text(PLANS[name])
    assert [(ours, theirs) for ours, theirs in zip(drawn, golden, strict=True) if not alike(ours, theirs)] == []


def test_a_plan_that_closes_its_gap_says_so_and_one_that_does_not_says_how_short() -> None:
    """With 30 more places in each school nobody waits or is bought a place for want of one; 4 × £1.1m of budget on the
    two lines is more than the £2.1m spent. The toy itself is 7 and 9 short, and £1.0m over the grant.
    """
    enough, short = tables(closes), tables(falls_short)
    assert enough["T10a"].drawing.title == "The plan has a state-funded place for every child who needs one"
    assert short["T10a"].drawing.title == "State-funded places fall 7 short in 2026/27, 9 in 2028/29"
    assert len(enough["T10b"].frame) == 0
    assert "to spare in 2026/27" in enough["T14b"].drawing.title
    assert short["T14b"].drawing.title == "Under the plan the grant is £1.0m short in 2026/27"


@ANY
def test_totals_tie(plan: Plan) -> None:
    drawn = tables(plan)
    checks = checks_of(drawn)
    assert len(checks) > 20
    assert [(one.what, one.when) for one in checks if not ties(one, drawn)] == []


@pytest.mark.parametrize(("code", "column"), [("T8", "2027"), ("T7b", "2026"), ("T10c", "awaiting"), ("T14a", "spend")])
def test_a_number_that_is_wrong_does_not_tie(code: str, column: str) -> None:
    drawn = tables(falls_short)
    frame = drawn[code].frame.copy()
    frame.loc[0, column] += 5
    wrong = drawn | {code: replace(drawn[code], frame=frame)}
    assert [one for one in checks_of(wrong) if not ties(one, wrong)]


@ANY
def test_every_children_cell_is_a_sum_of_the_result(plan: Plan) -> None:
    """T7, T10b, T10c and T10d beside the result's own tables."""
    planned = plan()
    drawn, result = tables(plan), planned.result
    year = planned.years[-1]
    for code, of in (("T7a", "plan"), ("T7b", "unmitigated")):
        rows = result.measures.query("measure == 'children_in' and year == @year").set_index("item")[of]
        shown = drawn[code].frame.set_index("type")[str(year)]
        for kind, number in rows[rows > 0].items():
            assert shown[planned.word("type", kind)] == number
    assert sorted(drawn["T10e"].frame["shortfall"]) == sorted(result.gaps["shortfall"])
    by_year = drawn["T10b"].frame
    large = by_year[by_year["locality"] != "All others"]
    years = [str(one) for one in planned.years]
    assert len(large) == 0 or {*large[years].to_numpy().ravel()} <= {*result.gaps["shortfall"]}
    assert len(large) == (result.gaps.groupby(["locality", "need", "phase"])["shortfall"].max() >= 0.5).sum()
    for column in ("places", "children", "over", "spare", "fill"):
        ours, theirs = drawn["T10d"].frame[column].dropna(), result.occupancy[column].dropna()
        assert sorted(ours) == sorted(theirs)


@ANY
def test_every_number_of_a_table_is_a_figure_with_its_cell(plan: Plan) -> None:
    """Each names one row of the table's CSV file, where its number stands in full; none is left out."""
    for code, one in tables(plan).items():
        rows = list(csv.DictReader(StringIO(table_csv(one).decode("utf-8-sig"), newline="")))
        found = list(cell_figures(one))
        numbers = [value for column in one.columns for value, unit in one.cells(column) if unit is not Unit.TEXT]
        assert len(found) == sum(not isinstance(value, str) and np.isfinite(value) for value in numbers), code
        assert len({figure.id for figure in found}) == len(found)
        for figure in found[:200]:
            assert figure.table == f"report/tables/{code}"
            (row,) = [row for row in rows if all(unguarded(row[key]) == str(cell) for key, cell in figure.row.items())]
            assert float(row[figure.column]) == figure.value, figure
            assert figure.text == shown(figure.value, Unit(figure.unit))


def test_every_pound_is_a_cell_of_the_result() -> None:
    planned = falls_short()
    drawn, result = tables(falls_short), planned.result
    for row in result.overspend.itertuples():
        shown = drawn["T14a"].frame
        shown = shown[(shown["financial_year"] == academic_year(row.financial_year))]
        one = shown.set_index("budget_line").loc[row.budget_line]
        assert (one["budget"], one["spend"], one["over"]) == (row.budget, row.spend, row.over)
    deficit = drawn["T14b"].frame.set_index("year")
    for row in result.deficit.itertuples():
        shown = deficit.loc[academic_year(row.financial_year)]
        assert shown[f"in_year:{row.projection}"] == row.in_year
        assert shown[f"spend:{row.projection}"] == row.spend
    for row in result.spend_financial.itertuples():
        shown = drawn["T14c"].frame
        kind = planned.word("type", row.type)
        shown = shown[(shown["budget_line"] == row.budget_line) & (shown["kind"] == kind)]
        assert row.pounds in shown[str(row.financial_year)].to_numpy()
    appraisal = result.options_appraisal
    assert drawn["T16a"].frame["saving"].dropna().tolist() == appraisal["saving"].dropna().tolist()
    assert drawn["T17c"].frame["pounds_from"].sum() == pytest.approx(result.place_values["pounds_from"].sum())


def test_spending_that_is_not_modelled_is_blank_in_years_without_it() -> None:
    """The toy's other spending is of 2026 alone: what it is later is not known, and is not 0."""
    frame = tables(falls_short)["T14d"].frame
    other = frame[frame["kind"] == "Not in the model"].iloc[0]
    assert other["2026"] == 250_000
    assert pd.isna(other["2027"])
    assert pd.isna(other["2028"])


def test_children_today_are_those_of_the_placements() -> None:
    """In the toy 27 + 20 + 9 + 5 + 2 of 73 children are placed: 10 wait, 5 of each need."""
    frame = tables(falls_short)["T3"].frame.query("year == '2025/26'").set_index("need")
    assert frame["type:special_school"].sum() == 27
    assert frame["type:awaiting"].to_dict() == {
        "Social, emotional and mental health": 5,
        "Autistic spectrum disorder": 5,
    }


def test_the_pipeline_has_commitments_and_what_the_plan_chooses() -> None:
    """Line HB has 10 places, and 14 from 2027 on: 4 more; the option QB+ adds 6 rooms for £90,000."""
    rows = tables(falls_short)["T11"].frame.set_index("scheme")
    assert rows.loc["HB", ["status", "opens", "places"]].tolist() == ["Committed", 2027, 4]
    chosen = rows.loc["QB+ Two more rooms at Quay"]
    assert chosen[["status", "opens", "places", "capital"]].tolist() == ["Chosen by the plan", 2026, 6, 90_000]


def test_the_pipeline_has_settings_that_close() -> None:
    """School S with its 3 places closes in 2027: 3 fewer from then on. A line that keeps its number is no change."""
    case = case_of(
        model_of((2025, 2027)),
        demand=steady("A", 2, range(2025, 2028)),
        settings=[{"setting": "S", "closes": 2027}, {"setting": "I", "type": "independent"}],
        places=[
            {"line": "s", "setting": "S", "places": 3, "from_year": 2025},
            {"line": "s", "setting": "S", "places": 3, "from_year": 2026},
            {"line": "i", "setting": "I", "places": np.nan, "from_year": 2025},
            {"line": "i", "setting": "I", "places": np.nan, "from_year": 2026},
        ],
        costs=[{"type": "special_school", "per_child": 10_000}, {"type": "independent", "per_child": 60_000}],
        placements=[{"area": "A", "line": "s", "children": 2}],
    )
    rows = tables(lambda: Planned(sf.solve(case), case))["T11"].frame
    assert rows[["scheme", "status", "opens", "places"]].to_numpy().tolist() == [["s", "Closes", 2027, -3]]


def test_journeys_added_up_are_means_over_children() -> None:
    """Mean minutes of all children from T15b is that of T15a."""
    drawn = tables(falls_short)
    rows = drawn["T15b"].frame.query("year == '2026/27'")
    mean = (rows["mean_minutes"] * rows["children"]).sum() / rows["children"].sum()
    overall = drawn["T15a"].frame.query("projection == 'Plan' and unit == 'minutes'")["2026"].iloc[0]
    assert mean == pytest.approx(overall, abs=1e-6)


def test_what_is_not_there_is_named_with_the_reason() -> None:
    left_out = {one.code: one.why for one in tables_of(falls_short()) if isinstance(one, Omitted)}
    assert left_out["T17b"] == "no scenario was asked for"
    assert left_out["T14h"] == "the budget table has no rows for the base year"
    assert "T17b" not in {one.code for one in tables_of(hostile()) if isinstance(one, Omitted)}


def test_scenarios_stand_side_by_side() -> None:
    planned = replace(falls_short(), scenarios={"closes": closes().result})
    frame = next(one for one in tables_of(planned) if one.code == "T17b").frame
    row = frame[(frame["measure"] == "shortfall") & (frame["year"] == 2028)].iloc[0]
    assert row["scenario:base"] == falls_short().register.value("shortfall.2028")
    assert row["scenario:closes"] == closes().register.value("shortfall.2028")


def test_assumptions_say_what_was_given_and_what_is_a_default_with_its_source() -> None:
    frame = tables(falls_short)["A2"].frame.set_index("key")
    assert frame.loc["travel.method", ["value", "given"]].tolist() == ["matrix", "Model file"]
    assert frame.loc["finance.stability_grant_share", ["value", "given"]].tolist() == [0.9, "Default"]
    assert "DfE, Explanatory note" in frame.loc["finance.stability_grant_share", "meaning"]
    weight = falls_short().summary["weights"]["awaiting_place"]
    assert frame.loc["weights.awaiting_place", "value"] == weight


@ANY
def test_no_two_columns_of_a_table_share_a_key_and_units_are_known(plan: Plan) -> None:
    for one in tables(plan).values():
        assert len({column.key for column in one.columns}) == len(one.columns), one.code
        for column in one.columns:
            assert all(isinstance(unit, Unit) for _, unit in one.cells(column)), one.code


def test_spend_by_locality_and_need_ties_and_says_what_belongs_to_no_child() -> None:
    drawn = tables(with_impact)
    capital = drawn["T14e"].frame.query("fund == 'Capital'").iloc[0]
    assert (capital["locality"], capital["2026"]) == ("Belongs to no child", 90_000)
    assert drawn["T14f"].frame["need"].tolist()[-1] == "Belongs to no child"
    spend = with_impact().result.spend.groupby("year")["pounds"].sum()
    for code in ("T14e", "T14f"):
        assert drawn[code].frame["2027"].sum() == pytest.approx(spend[2027])
    named = [one for one in checks_of(drawn) if "T14e" in one.what or "T14f" in one.what]
    assert len(named) == 8  # four years, by locality and by need
    assert all(ties(one, drawn) for one in named)


def test_impact_sets_the_plan_beside_doing_nothing_more() -> None:
    """All children first, then localities, then needs in the order of codes; the plan above doing nothing more."""
    frame = tables(with_impact)["T18a"].frame
    assert frame[["group_words", "which", "projection"]].to_numpy().tolist() == [
        ["All children", "All", "Today"],
        ["Locality", "North", "Plan"],
        ["Locality", "North", "Do nothing more"],
        ["Primary need", "Social, emotional and mental health", "Plan"],
        ["Primary need", "Autistic spectrum disorder", "Plan"],
    ]
    assert frame["in_locality"].tolist()[1:3] == [40, 30]
    changed = tables(with_impact)["T18b"].frame
    assert (changed.loc[1, "longer"], changed.loc[1, "shorter"]) == (2, 5)
    assert pd.isna(changed.loc[2, "longer"])
    by_option = tables(with_impact)["T18c"].frame
    assert by_option[["name", "state", "mean_minutes"]].to_numpy().tolist() == [
        ["Two more rooms at Quay", "With it", 13],
        ["Two more rooms at Quay", "Without it", 14],
    ]


def test_low_and_high_demand_have_the_unit_of_their_measure() -> None:
    one = tables(with_impact)["T17a"]
    assert one.cells(one.columns[3]) == [(2, Unit.CHILDREN), (-500_000, Unit.POUNDS)]
    assert one.frame["financial_year"].tolist() == ["2028/29", "2026/27"]


def test_a_line_that_an_option_opens_has_the_type_of_its_places() -> None:
    """The hostile case may open a school with a line of its own; its place value says of which type it is."""
    planned = hostile()
    lines = set(planned.result.place_values["line"]) - set(planned.case.tables.places["line"])
    assert lines
    frame = tables(hostile)["T17c"].frame
    assert set(frame[frame["line"].isin(lines)]["type"]) == {FORMULA}


def test_budget_lines_stand_in_the_order_of_their_numbers() -> None:
    planned = falls_short()
    rows = pd.DataFrame({"budget_line": ["transport", "1.2.10", "1.2.2", "1.0.2", "recouped", "1.10"]})
    assert planned.in_words(rows)["budget_line"].tolist() == [
        "1.0.2",
        "1.2.2",
        "1.2.10",
        "1.10",
        "recouped",
        "transport",
    ]


def test_a_half_is_one_more_as_in_a_spreadsheet() -> None:
    """The toy has 86.5 children in its last year, which Excel shows as 87."""
    assert [children(number) for number in (86.5, 77.5, 2.49, -0.3, -1.5, 1234.5)] == [
        "87",
        "78",
        "2",
        "0",
        "-2",
        "1,235",
    ]


def test_checks_see_each_side() -> None:
    drawn = tables(falls_short)
    check = next(one for one in checks_of(drawn) if "cost avoided" in one.what)
    assert value_of(check.left, drawn) == pytest.approx(falls_short().register.value("cost_avoided"))


if __name__ == "__main__":
    GOLDEN.mkdir(exist_ok=True, parents=True)
    for name, plan in PLANS.items():
        (GOLDEN / f"{name}.txt").write_text("\n".join(as_text(plan)) + "\n", encoding="utf-8")

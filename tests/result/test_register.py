"""The register of figures: each is the cell it names, and the screen prints no other."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

import sufficiency as sf
from sufficiency.case import Case
from sufficiency.report.content import ALSO_IN_MEASURES, KINDS, Figure, Register, figures
from sufficiency.report.screens.compare import compare_screen
from sufficiency.report.screens.plan import screen
from sufficiency.result import Result
from sufficiency.result.written import unguarded
from sufficiency.studies.compare import compared
from sufficiency.tables.schema.results import OUTPUTS

from ..solved import toy_result
from ..worked import case_of, model_of, steady


@cache
def with_options() -> Result:
    """An option whose code Excel would run, in parts, and a rule that is missed."""
    case = case_of(
        model_of((2025, 2028), rules={"share": [{"name": "=None", "types": ["independent"], "at_most_children": 1}]}),
        demand=steady("A", 6, range(2025, 2029)),
        settings=[{"setting": "S"}, {"setting": "I", "type": "independent"}, {"setting": "N"}],
        places=[{"line": "s", "setting": "S", "places": 2}, {"line": "i", "setting": "I", "places": np.nan}],
        costs=[
            {"type": "special_school", "per_child": 10_000},
            {"type": "independent", "per_child": 60_000},
        ],
        placements=[{"area": "A", "line": "s", "children": 2}, {"area": "A", "line": "i", "children": 4}],
        options=[
            {"option": "+O", "setting": "N", "places": 4, "earliest": 2026, "latest": 2028, "capital": 1_000},
            {"option": "P", "line": "s", "setting": "S", "places": 1, "earliest": 2027, "latest": 2028, "capital": 500},
        ],
    )
    return sf.solve(case)


@cache
def without_budget() -> Result:
    """One school, one area, no money but fees."""
    case = case_of(
        model_of((2025, 2026)),
        demand=steady("A", 3, range(2025, 2027)),
        places=[{"line": "s", "setting": "S", "places": 3}],
        costs=[{"type": "special_school", "per_child": 10_000}],
    )
    return sf.solve(case)


RESULTS = pytest.mark.parametrize("result", [toy_result, with_options, without_budget])


def cell_of(folder: Path, figure: Figure) -> float:
    """The one cell of the CSV files that a figure names."""
    with (folder / f"{figure.table}.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [
            row
            for row in csv.DictReader(file)
            if all(unguarded(row[column]) == str(cell) for column, cell in figure.row.items())
        ]
    assert len(rows) == 1, figure
    return float(rows[0][figure.column])


@RESULTS
def test_every_figure_is_the_cell_it_names(result: Callable[[], Result], tmp_path: Path) -> None:
    folder = result().save(tmp_path / "result")
    found = figures(result())
    assert len({figure.id for figure in found}) == len(found)
    for figure in found:
        assert cell_of(folder, figure) == figure.value, figure
    assert {figure.id for figure in figures(sf.load(folder))} == {figure.id for figure in found}


def test_figures_of_the_toy_are_those_of_its_tables() -> None:
    """75.5 and 2 children in 2026 in its demand; six places of the option; the base year's 73 children."""
    register = Register(toy_result())
    assert register.text("children.plan.2026") == "78"  # 77.5
    assert register.text("children.today") == "73"
    assert register.text("programme_places") == "6"
    assert register.text("option_opens.QB+.2026") == "2026/27"
    assert "overspend.plan.2026" in register
    assert not Register(without_budget()).of("overspend")


@RESULTS
def test_the_screen_prints_the_register(result: Callable[[], Result]) -> None:
    """Every number of `measures`, `deficit` and `overspend` changed, the screen changes: it has no other source."""
    shown = result()
    for table, column in (("measures", "plan"), ("measures", "today"), ("deficit", "in_year"), ("overspend", "over")):
        if table in shown.frames and shown.frames[table][column].notna().any():
            frame = shown.frames[table].assign(**{column: shown.frames[table][column] * 3 + 123_456_789})
            changed = replace(shown, frames=shown.frames | {table: frame})
            assert screen(changed, detail=True) != screen(shown, detail=True), (table, column)
    parts = [part for part in screen(shown).split("\n\n") if part.startswith("Children and places")]
    register = Register(shown)
    first, last = shown.summary["years"]
    texts = [register.text(f"children.{column}") for column in ("today", f"plan.{first}", f"plan.{last}")]
    columns = {shown.summary["base_year"], first, (first + last) // 2, last}
    row = parts[0].splitlines()[1].split()[-len(columns) :]
    assert row[0] == texts[0]
    assert row[-1] == texts[-1]


def test_every_kind_names_a_table_and_a_column_that_are_written() -> None:
    for kind in KINDS:
        assert {*kind.columns, *kind.by, *kind.where} <= set(OUTPUTS[kind.table].names), kind.name
        assert kind.meaning
    named = [(kind.name, *kind.columns) for kind in KINDS]
    assert len(set(named)) == len(named)


@RESULTS
def test_every_measure_is_in_the_register(result: Callable[[], Result]) -> None:
    registered = {(kind.where["period"], kind.where["measure"]) for kind in KINDS if kind.table == "measures"}
    found = set(result().measures[["period", "measure"]].itertuples(index=False, name=None))
    assert {one for one in found - registered if one[1] not in ALSO_IN_MEASURES} == set()
    assert set(ALSO_IN_MEASURES.values()) <= {kind.name for kind in KINDS}


@RESULTS
def test_units_say_which_pounds(result: Callable[[], Result]) -> None:
    pounds = result().measures.query("unit.str.startswith('£')").groupby("measure")["unit"].agg(set).to_dict()
    assert pounds["spend"] == {"£ cash of the year"}
    for measure in ("discounted_money", "cost_avoided", "objective", "policy_weights", "bound", "saves_at_most"):
        assert pounds[measure] == {"£ present value, 2026/27 pounds"}
    assert set().union(*pounds.values()) <= {
        "£ cash of the year",
        "£ cash, added up",
        "£ present value, 2026/27 pounds",
    }


def test_cost_avoided_is_what_doing_nothing_more_costs_beyond_the_plan() -> None:
    """Four children, of whom half stay each year, today all in the independent school (60,000); a new school of four
    places (10,000). The plan places the two who start each year there: 2 × 60 + 2 × 10, then 1 × 60 + 3 × 10 thousand:
    230,000. Doing nothing more fills one of its places (a quarter): 3 × 60 + 1 × 10 both years, 380,000.
    """
    register = Register(
        sf.solve(
            case_of(
                model_of((2025, 2027), continuity={"stay": {"primary": 0.5}, "new_places_fill": 0.25}),
                demand=steady("A", 4, range(2025, 2028)),
                settings=[{"setting": "S"}, {"setting": "I", "type": "independent"}],
                places=[{"line": "s", "setting": "S", "places": 4}, {"line": "i", "setting": "I", "places": np.nan}],
                costs=[{"type": "special_school", "per_child": 10_000}, {"type": "independent", "per_child": 60_000}],
                placements=[{"area": "A", "line": "i", "children": 4}],
            )
        )
    )
    assert register.value("discounted_money.plan") == pytest.approx(230_000)
    assert register.value("cost_avoided") == pytest.approx(150_000)
    assert register.text("cost_avoided") == "£150k"
    assert register.value("saves_at_most") == pytest.approx(0, abs=0.01)  # proven to the optimum: written all the same
    assert "saves_at_most" in register


def carried_and_otherwise_than_at_school() -> Case:
    """Half of the primary and of the secondary children stay; all who finish primary go on where their school takes
    secondary. Four are in primary: one in S, for both phases, three in J; two in secondary: one in I, one in EOTAS. Of
    four in secondary in 2026 one is still there and three enter.
    """
    return case_of(
        model_of(
            (2025, 2026),
            phases={"primary": [0, 6], "secondary": [7, 11]},
            continuity={"stay": {"primary": 0.5, "secondary": 0.5}, "through": 1.0},
        ),
        demand=[
            *steady("A", 4, range(2025, 2027)),
            {"area": "A", "phase": "secondary", "year": 2025, "children": 2},
            {"area": "A", "phase": "secondary", "year": 2026, "children": 4},
        ],
        settings=[
            {"setting": "S"},
            {"setting": "J", "type": "independent"},
            {"setting": "I", "type": "independent"},
            {"setting": "E", "type": "eotas"},
        ],
        places=[
            {"line": "s", "setting": "S", "places": 2},
            {"line": "j", "setting": "J", "places": np.nan, "phases": ("primary",)},
            {"line": "i", "setting": "I", "places": np.nan, "phases": ("secondary",)},
            {"line": "e", "setting": "E", "places": np.nan, "phases": ("secondary",)},
        ],
        costs=[
            {"type": "special_school", "per_child": 10_000},
            {"type": "independent", "per_child": 60_000},
            {"type": "eotas", "per_child": 40_000},
        ],
        placements=[
            {"area": "A", "line": "s", "children": 1},
            {"area": "A", "line": "j", "children": 3},
            {"area": "A", "line": "i", "phase": "secondary", "children": 1},
            {"area": "A", "line": "e", "phase": "secondary", "children": 1},
        ],
    )


def test_who_enters_a_line_can_be_counted_in_the_placements() -> None:
    """Two start in primary. Half a child goes on in S, so 2.5 of the three in secondary look for a place: 4.5 enter.
    (Taking all four in primary for children who could go on, two would, and only one would be free to choose.) Today's
    pattern asks 2 × (1/4, 3/4) in primary and 2.5 × (1/2, 1/2) in secondary. S has one place left beside the half and
    the half who stay: 1 enters it. Whoever takes it, those placed otherwise follow from the rows.
    """
    result = sf.solve(carried_and_otherwise_than_at_school())
    register, rows = Register(result), result.placements.query("entrants > 0")
    assert register.value("free_to_choose.2026") == pytest.approx(4.5) == rows["entrants"].sum()
    pattern = {("primary", "s"): 1 / 4, ("primary", "j"): 3 / 4, ("secondary", "i"): 1 / 2, ("secondary", "e"): 1 / 2}
    entering = rows.groupby("phase")["entrants"].sum()
    there = rows.set_index(["phase", "line"])["entrants"]
    missing = {key: max(entering[key[0]] * share - there.get(key, 0.0), 0.0) for key, share in pattern.items()}
    assert register.value("directed_elsewhere.2026") == pytest.approx(sum(missing.values()))


def test_the_plan_and_doing_nothing_more_take_other_shares_of_who_is_otherwise_than_at_school() -> None:
    """Half of today's pattern in secondary is EOTAS, where half a child stays. The plan takes that share of one child
    (three less the two who could go on from primary), doing nothing more of 2.5 (three less the half who does go on).
    """
    register = Register(sf.solve(carried_and_otherwise_than_at_school()))
    assert register.value("by_pattern.plan.2026") == pytest.approx(0.5 + 0.5 * 1)
    assert register.value("by_pattern.unmitigated.2026") == pytest.approx(0.5 + 0.5 * 2.5)


def test_one_name_means_one_thing() -> None:
    """A measure that is called what a column of `gaps.csv` is called is the sum of that column; no type of setting is
    a measure.
    """
    result, register = toy_result(), Register(toy_result())
    sums = result.gaps.groupby("year").sum(numeric_only=True)
    for column in ("by_pattern", "awaiting", "over_places", "shortfall", "preferences_missed"):
        for year, children in sums[column].items():
            assert any(
                one.value == pytest.approx(children, abs=1e-6)
                for one in register
                if one.id in (f"{column}.{year}", f"{column}.plan.{year}")
            ), column
    measures = set(result.measures["measure"])
    assert not measures & {"state_places", "independent", "demand"}
    assert not measures & {"resource_base", "special_school", "non_maintained"}
    # in state-funded places, in bought ones, by pattern: each child once, over places or not
    total = sums[["state_places", "independent", "by_pattern", "over_places", "awaiting"]].sum(axis=1)
    parts = ("in_state_funded_places", "in_colleges_and_others", "bought", "by_pattern", "awaiting")
    for year, children in total.items():
        assert sum(register.value(f"{part}.plan.{year}") for part in parts) == pytest.approx(children)
        assert register.value(f"children.plan.{year}") == pytest.approx(children)


def test_placed_otherwise_than_todays_pattern_is_not_what_changes_counts() -> None:
    """Four children, half of whom stay each year; all of today's are in the independent school, and a cheaper school of
    four places is free. Both years two children start, would follow the pattern into the independent school, and are
    placed in the other: 2 and 2 placed otherwise. `changes.csv` counts everybody placed, by type: 2, then 3, for one of
    those who started in the first year stays.
    """
    case = case_of(
        model_of((2025, 2027), continuity={"stay": {"primary": 0.5}}),
        demand=steady("A", 4, range(2025, 2028)),
        settings=[{"setting": "S"}, {"setting": "I", "type": "independent"}],
        places=[{"line": "s", "setting": "S", "places": 4}, {"line": "i", "setting": "I", "places": np.nan}],
        costs=[{"type": "special_school", "per_child": 10_000}, {"type": "independent", "per_child": 60_000}],
        placements=[{"area": "A", "line": "i", "children": 4}],
    )
    result = sf.solve(case)
    register = Register(result)
    assert [register.value(f"directed_elsewhere.{year}") for year in (2026, 2027)] == pytest.approx([2, 2])
    assert [register.value(f"free_to_choose.{year}") for year in (2026, 2027)] == pytest.approx([2, 2])
    assert "2026/27 2 of 2; 2027/28 2 of 2" in screen(result, detail=True)
    assert "today's pattern: 2 of 2 new placements in 2026/27." in screen(result)


def test_a_missed_rule_is_said_to_be_a_breach() -> None:
    """At most one child in an independent school, where four are today and stay: missed, and its price is no saving."""
    rules = with_options().rules
    assert set(rules["how"]) <= {"saving", "breach"}
    missed = rules["value"] > rules["limit"] + 0.05
    assert missed.any()
    assert (rules.loc[missed, "how"] == "breach").all()
    assert (rules.loc[~missed, "how"] == "saving").all()


def test_a_comparison_names_the_rules_that_are_missed() -> None:
    comparison = compared({"base": with_options()})
    assert "base: =None: missed in 2026/27" in compare_screen(comparison)
    assert "rules missed" not in compare_screen(compared({"base": without_budget()}))

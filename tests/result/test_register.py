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
from sufficiency.report.content import KINDS, Figure, Register, figures
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
    assert register.text("programme_opens.QB+.2026") == "2026/27"
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
            assert screen(changed) != screen(shown), (table, column)
    parts = [part for part in screen(shown).split("\n\n") if part.startswith("Places against children")]
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
    assert "2026/27 2 of 2; 2027/28 2 of 2" in screen(result)


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

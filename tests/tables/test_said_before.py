"""What is said before a plan is made: units that cannot be, factors without effect, localities, a long plan."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from sufficiency.model_file import read_model
from sufficiency.tables import Tables
from sufficiency.tables.checks.all import check_tables
from sufficiency.tables.checks.effort import check_effort, number_of_arcs
from sufficiency.tables.checks.findings import Inspection
from sufficiency.tables.checks.units import check_units
from sufficiency.tables.read import read_tables
from tests.tables.faults import TOY

MODEL = read_model(TOY / "toy.toml")


@pytest.fixture(scope="module")
def tables() -> Tables:
    return read_tables(MODEL)[0]


def units_said(tables: Tables, **changes: pd.DataFrame) -> list[str]:
    inspection = Inspection(MODEL, replace(tables, **changes))
    check_units(inspection)
    return [problem.what for problem in inspection.problems]


def test_a_matrix_in_miles_is_warned_of_as_one(tables: Tables) -> None:
    """Twelve areas 10 km and more from a school; roads 1.3 times the straight line, written in miles: 0.808 of it."""
    areas = tables.areas.iloc[[0]].loc[[2] * 12].reset_index(drop=True)
    far = [f"A{number}" for number in range(12)]
    shift = [number * 1000.0 for number in range(12)]
    areas = areas.assign(area=far, x=areas["x"] - shift, geometry=areas.geometry.translate(-12_000))
    areas = areas.assign(x=areas.geometry.centroid.x, geometry=areas.geometry.centroid.buffer(500))
    school = tables.settings[tables.settings["setting"] == "100003"]
    straight = ((areas["x"] - float(school["x"].iloc[0])) ** 2 + (areas["y"] - float(school["y"].iloc[0])) ** 2) ** 0.5
    km = straight / 1000 * 1.3
    travel = pd.DataFrame({"area": far, "setting": "100003", "minutes": km * 1.5, "km": km})
    settings = tables.settings.assign(in_area=False)
    assert units_said(tables, areas=areas, settings=settings, travel=travel) == []
    miles = travel.assign(km=travel["km"] / 1.609344)
    assert units_said(tables, areas=areas, settings=settings, travel=miles) == [
        "half of 12 longer journeys have at most 0.81 times the km of the straight line"
    ]


def test_average_journeys_of_hours_are_warned_of(tables: Tables) -> None:
    """All of the toy's journeys sixtyfold: seconds for minutes. Its children travel about ten minutes."""
    assert tables.travel is not None
    seconds = tables.travel.assign(minutes=tables.travel["minutes"] * 60, km=tables.travel["km"] * 60)
    assert any(what.startswith("the average journey takes") for what in units_said(tables, travel=seconds))


def test_arcs_are_years_times_cells_times_lines_that_take_them(tables: Tables) -> None:
    """By hand: the cells of each need and phase times the lines and options that take them, in three years.

    ASD primary QB, SP, IN, EO; ASD secondary HB, SP, IN, EO; SEMH primary SP, IN, EO and the option LB; SEMH secondary
    HB (can meet), SP, AP, IN, EO; SEMH post-16 SP, AP, IN, EO: 4, 4, 4, 5 and 4 lines, three areas each.
    """
    assert number_of_arcs(Inspection(MODEL, tables)) == 3 * 3 * (4 + 4 + 4 + 5 + 4)


def test_a_plan_of_minutes_and_many_localities_are_said(tables: Tables, monkeypatch: pytest.MonkeyPatch) -> None:
    inspection = Inspection(MODEL, tables)
    check_effort(inspection)
    assert inspection.problems == []
    monkeypatch.setattr("sufficiency.tables.checks.effort.ARCS_A_MINUTE", 50)
    monkeypatch.setattr("sufficiency.tables.checks.effort.MOST_LOCALITIES", 1)
    monkeypatch.setattr("sufficiency.tables.checks.effort.MANY_SCHEMES", 1)
    check_effort(inspection)
    said = [problem.what for problem in inspection.problems]
    assert said[0] == "there are 2 localities for 3 areas: tables by locality will be as long"
    assert said[1].endswith("expect about 4 minutes")  # 189 arcs at 50 a minute
    assert said[2].startswith("2 schemes may open or not")


def test_children_whom_no_placement_has_are_said(tables: Tables) -> None:
    """Rows 1, 3 … 19 of the toy's placements hold 5 + 6 + 6 + 4 + 5 + 3 + 3 + 3 + 2 + 2 = 39 of the base year's 73
    children; all 19 hold 64, and the 9 beside them are few enough to be waiting.
    """
    assert tables.placements is not None
    half = replace(tables, placements=tables.placements.iloc[::2])
    said = [problem.what for problem in check_tables(MODEL, half)]
    assert said == ["34 of 73 children in demand for 2025 are in no row: they count as waiting at the start"]
    assert check_tables(MODEL, tables) == []

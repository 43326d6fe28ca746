"""What is said of journeys by road that are odd, on tables of journeys made by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sufficiency.travel.roads.answers import Floats, RoadTable
from sufficiency.travel.roads.oddities import Ends, oddities, profile_fault


def _table(seconds: Floats, areas_off: Floats | None = None, settings_off: Floats | None = None) -> RoadTable:
    rows, columns = seconds.shape
    return RoadTable(
        seconds,
        np.where(np.isnan(seconds), np.nan, seconds * 10.0),
        np.zeros(rows) if areas_off is None else areas_off,
        np.zeros(columns) if settings_off is None else settings_off,
    )


def _said(table: RoadTable) -> list[str]:
    rows, columns = table.seconds.shape
    areas = pd.DataFrame({"area": [f"A{at}" for at in range(rows)], "name": ""}, index=range(2, rows + 2))
    settings = pd.DataFrame(
        {"setting": [f"S{at}" for at in range(columns)], "name": "School"}, index=range(2, columns + 2)
    )
    called = {"areas": "areas.csv", "settings": "settings.csv"}
    return [str(problem).partition(" →")[0] for problem in oddities(table, Ends(areas, settings, called), "x.osm.pbf")]


def test_nothing_odd() -> None:
    assert _said(_table(np.full((3, 2), 600.0))) == []


def test_the_farthest_points_come_first_and_the_rest_are_counted() -> None:
    off = np.concatenate([np.linspace(600, 1_700, 12), [100.0, 2_500.0]])
    said = _said(_table(np.full((14, 2), 600.0), areas_off=off))
    assert said[0].startswith(
        "areas.csv, row 15, column area, value “A13”: no road is near: the nearest is 2.5 km away"
    )
    assert said[1].startswith("areas.csv, row 13, column area, value “A11”: the nearest road is 1.7 km away; journeys")
    assert said[-1] == "areas.csv: 2 more areas are more than 500 m from a road"
    assert len(said) == 1 + 10 + 1


def test_a_setting_that_nobody_can_reach_is_one_line() -> None:
    seconds = np.full((3, 2), 600.0)
    seconds[:, 1] = np.nan
    assert _said(_table(seconds)) == [
        "settings.csv, row 3, column setting, value “S1 School”: there is no way by road to this setting"
    ]


def test_an_area_that_is_cut_off_is_one_line() -> None:
    seconds = np.full((3, 2), 600.0)
    seconds[1] = np.nan
    assert _said(_table(seconds)) == [
        "areas.csv, row 3, column area, value “A1”: there is no way by road from this area"
    ]


def test_a_single_pair() -> None:
    seconds = np.full((3, 2), 600.0)
    seconds[2, 0] = np.nan
    assert _said(_table(seconds)) == [
        "x.osm.pbf, value “A2 to S0 School”: there is no way by road for this pair: no child can be placed so"
    ]


def test_short_journeys_say_nothing_of_the_profile() -> None:
    """Below a kilometre a car spends its time at junctions."""
    assert profile_fault(_table(np.full((2, 2), 90.0)), walking=False) is None

"""The map of a result agrees with its tables."""

from __future__ import annotations

import time

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from sufficiency.result.layers import make_layers
from sufficiency.tables.schema.results import OUTPUTS
from tests.result.small import GRID, YEARS, areas, frames, settings


def test_areas_count_everyone_whose_area_is_known() -> None:
    layer, _, _ = make_layers(areas(imd_decile=[1.0, 9.0]), settings(), frames(3.0), YEARS)
    assert list(layer.columns) == [
        *("area", "name", "locality", "x", "y", "imd_decile"),
        *("demand_2026", "awaiting_2026", "gap_2026", "demand_2027", "awaiting_2027", "gap_2027", "geometry"),
    ]
    assert layer["demand_2026"].tolist() == [4.0, 0.0]
    assert layer["gap_2026"].tolist() == [0.75, 0.0]
    assert layer["awaiting_2027"].tolist() == [0.0, 1.5]
    assert layer["gap_2027"].tolist() == [0.0, 1.5]
    assert layer.crs == GRID


def test_settings_add_up_their_lines() -> None:
    _, layer, _ = make_layers(areas(), settings(), frames(3.0), YEARS)
    assert list(layer.columns[:7]) == ["setting", "name", "type", "locality", "in_area", "x", "y"]
    assert layer["places_2026"].tolist()[:2] == [10.0, 0.0]  # 8 has no line open in 2026
    assert layer["places_2027"].tolist()[:2] == [16.0, 3.0]
    assert np.isnan(layer["places_2026"][2])  # the pool has no limit
    assert layer["children_2026"].tolist() == [6.0, 0.0, 2.0]
    assert np.isnan(layer["value_2026"]).all()
    assert layer["value_2027"][0] == 300.0
    assert layer.geometry[2] is None


def test_a_line_without_limit_beside_one_with_leaves_no_limit() -> None:
    tables = frames()
    row = {"year": 2027, "line": "L8b", "setting": "8", "type": "resource_base", "children": 0.0}
    tables["occupancy"] = pd.concat([tables["occupancy"], pd.DataFrame([row])], ignore_index=True)
    _, layer, _ = make_layers(areas(), settings(), tables, YEARS)
    assert np.isnan(layer["places_2027"][1])


def test_desire_lines_run_from_where_people_live_to_the_setting() -> None:
    _, _, lines = make_layers(areas(), settings(), frames(3.0), YEARS)
    # nobody of an unknown area, nobody to the pool, no line for a part of a child too small to tell
    assert lines.drop(columns="geometry").to_dict("records") == [
        {"year": 2026, "area": "001", "setting": "000007", "type": "special_school", "children": 2.0},
        {"year": 2027, "area": "B", "setting": "000007", "type": "alternative_provision", "children": 2.0},
    ]
    assert shapely.get_coordinates(lines.geometry[0]).tolist() == [[2.0, 3.0], [5.0, 5.0]]


def test_everything_comes_out_on_the_national_grid() -> None:
    inland = areas().set_geometry(areas().translate(450_000, 300_000))
    layer, _, _ = make_layers(inland.to_crs(4326), settings(), frames(), YEARS)
    assert layer.crs == GRID
    assert layer.total_bounds == pytest.approx([450_000, 300_000, 450_020, 300_010], abs=0.01)


@pytest.mark.parametrize(
    ("name", "column"),
    [("area_gaps", "area"), ("occupancy", "setting"), ("placements", "area"), ("placements", "line")],
)
def test_a_code_that_is_on_no_map_is_named(name: str, column: str) -> None:
    tables = frames()
    tables[name] = tables[name].assign(**{column: "stray"})
    with pytest.raises(ValueError, match="stray"):
        make_layers(areas(), settings(), tables, YEARS)


def test_nobody_anywhere_is_no_error() -> None:
    nothing = {name: pd.DataFrame({column: [] for column in spec.names}) for name, spec in OUTPUTS.items()}
    for layer in make_layers(areas(), settings(), nothing, YEARS):
        assert isinstance(layer, gpd.GeoDataFrame)
        assert layer.crs == GRID


def test_ten_years_of_small_areas_are_quick() -> None:
    codes, schools = [f"A{i}" for i in range(240)], [f"S{i}" for i in range(60)]
    draw = np.random.default_rng(1)
    spots = draw.uniform(0, 1e4, (300, 2))
    here = gpd.GeoDataFrame(
        {"area": codes, "name": codes, "locality": "x", "x": spots[:240, 0], "y": spots[:240, 1]},
        geometry=shapely.points(spots[:240]),
        crs=GRID,
    )
    there = gpd.GeoDataFrame(
        {"setting": schools, "name": schools, "type": "other", "locality": "x", "in_area": True}
        | {"x": spots[240:, 0], "y": spots[240:, 1]},
        geometry=shapely.points(spots[240:]),
        crs=GRID,
    )
    span = range(2026, 2036)
    pairs = pd.MultiIndex.from_product([span, codes, schools], names=["year", "area", "setting"]).to_frame(index=False)
    lines = pd.MultiIndex.from_product([span, schools], names=["year", "setting"]).to_frame(index=False)
    tables = frames() | {
        "placements": pairs.assign(line=pairs["setting"], children=1.0),
        "occupancy": lines.assign(line=lines["setting"], type="other", places=9.0, children=9.0),
        "area_gaps": pairs.drop_duplicates(["year", "area"]).assign(demand=1.0, shortfall=0.0),
        "awaiting": frames()["awaiting"].iloc[:0],
        "place_values": frames()["place_values"].iloc[:0],
    }
    started = time.process_time()
    _, _, drawn = make_layers(here, there, tables, span)
    assert len(drawn) == 144_000
    assert time.process_time() - started < 5  # 0.7 s on a laptop; slack for a busy machine

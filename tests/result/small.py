"""A small result, written by hand: two areas, three settings of which one is on no map, two years."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from sufficiency.result import Result
from sufficiency.result.layers import make_layers
from sufficiency.tables.schema.results import OUTPUTS

GRID = 27700
YEARS = range(2026, 2028)
NAN = float("nan")


def areas(**more: Any) -> gpd.GeoDataFrame:
    """Two squares, whose centres of population are not their middles."""
    columns = {"area": ["001", "B"], "name": ["=West", "East"], "locality": "Here", "x": [2.0, 11.0], "y": [3.0, 4.0]}
    shapes = [shapely.box(0, 0, 10, 10), shapely.box(10, 0, 20, 10)]
    return gpd.GeoDataFrame(columns | more, geometry=shapes, crs=GRID)


def settings() -> gpd.GeoDataFrame:
    """Settings 7 and 8 on the map; P is a pool, on none."""
    columns = {
        "setting": ["000007", "8", "P"],
        "name": ["Oak", "Ash", "Pool"],
        "type": ["special_school", "resource_base", "independent"],
        "locality": ["Here", "Here", ""],
        "in_area": [True, True, False],
        "x": [5.0, 15.0, NAN],
        "y": [5.0, 5.0, NAN],
    }
    shapes = [shapely.Point(5, 5), shapely.Point(15, 5), shapely.Point()]
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=GRID)


def table(name: str, *rows: tuple[Any, ...]) -> pd.DataFrame:
    """Rows of an output, its numbers as floats."""
    spec = OUTPUTS[name]
    frame = pd.DataFrame(list(rows), columns=list(spec.names))
    numbers = {column.name: "float64" for column in spec.columns if column.kind == "number"}
    years = {column.name: "int64" for column in spec.columns if column.kind == "year"}
    text = {column.name: "str" for column in spec.columns if column.kind not in {"number", "year"}}
    return frame.astype(numbers | years | text)


def frames(scale: float = 1.0) -> dict[str, pd.DataFrame]:
    """Tables that agree with each other; `scale` tells one result from another."""
    third = scale / 3
    return {
        "placements": table(
            "placements",
            (2026, "001", "ASD", "-1", "L7", "000007", third, 0.1),
            (2026, "001", "SEMH", "-1", "L7", "000007", 1.0, 0.0),
            (2026, "001", "ASD", "-1", "LP", "P", 2.0, 0.0),
            (2026, "unknown", "ASD", "-1", "L7", "000007", 4.0, 0.0),
            (2027, "B", "ASD", "-1", "L8", "8", 5e-10, 0.0),
            (2027, "B", "ASD", "-1", "L7b", "000007", 2.0, 0.0),
        ),
        "occupancy": table(
            "occupancy",
            (2026, "L7", "000007", "special_school", 10.0, 5.0 + third, 0.0, 5.0 - third, 0.5),
            (2026, "LP", "P", "independent", NAN, 2.0, 0.0, NAN, NAN),
            (2027, "L7", "000007", "special_school", 10.0, 0.0, 0.0, 10.0, 0.0),
            (2027, "L7b", "000007", "alternative_provision", 6.0, 2.0, 0.0, 4.0, 1 / 3),
            (2027, "L8", "8", "resource_base", 3.0, 5e-10, 0.0, 3.0, 0.0),
            (2027, "LP", "P", "independent", NAN, 0.0, 0.0, NAN, NAN),
        ),
        "awaiting": table("awaiting", (2027, "B", "ASD", "-1", 1.5)),
        "place_values": table(
            "place_values",
            (2027, "L7", "000007", 10.0, 100.0, -1234.5, "resolved", 100.0),
            (2027, "L7b", "000007", 10.0, 300.0, -2.0, "dual", 300.0),
        ),
        "area_gaps": table(
            "area_gaps",
            (2026, "001", "ASD", "-1", 2.0 + third, 0.25),
            (2026, "001", "SEMH", "-1", 1.0, 0.5),
            (2026, "unknown", "ASD", "-1", 4.0, 4.0),
            (2027, "B", "ASD", "-1", 3.5, 1.5),
        ),
        "changes": table("changes"),
    }


def result(scale: float = 1.0, **summary: Any) -> Result:
    """A whole result."""
    figures = {"status": "optimal", "objective": scale, "certificate": {"ok": True}, "years": [2026, 2027]}
    tables = frames(scale)
    return Result(tables, figures | summary, *make_layers(areas(), settings(), tables, YEARS))


def assert_same(left: Result, right: Result) -> None:
    """Whether two results hold the same, to the last digit."""
    assert left.summary == right.summary
    assert left.frames.keys() == right.frames.keys()
    for name, frame in left.frames.items():
        pd.testing.assert_frame_equal(frame, right.frames[name], check_exact=True)
    for layer in ("areas", "settings", "desire_lines"):
        one, other = getattr(left, layer), getattr(right, layer)
        shapes = zip(one.geometry, other.geometry, strict=True)
        assert all((a is None and b is None) or shapely.normalize(a).equals(shapely.normalize(b)) for a, b in shapes)
        plain = [pd.DataFrame(frame.drop(columns="geometry")) for frame in (one, other)]
        pd.testing.assert_frame_equal(*plain, check_exact=True, check_dtype=False)
        assert one.crs == other.crs == GRID


def inside(folder: Path) -> list[str]:
    """The names in a folder, sorted."""
    return sorted(item.name for item in folder.iterdir())

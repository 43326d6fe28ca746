"""Areas on the map: any reference system in, clean shapes in British National Grid (EPSG:27700) out."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj.exceptions import CRSError, ProjError

from sufficiency.problems import InputError, Problem
from sufficiency.tables.cells import cell_text, has_shape
from sufficiency.tables.parse import MOST_SHOWN, Parsed

if TYPE_CHECKING:
    import pandas as pd

BRITISH_NATIONAL_GRID = "EPSG:27700"
GREAT_BRITAIN = (0.0, 0.0, 700_000.0, 1_300_000.0)
"""Extent of the British National Grid: least x, least y, most x, most y, in m."""
_DEGREES_OF_BRITAIN = (-9.5, 49.0, 2.5, 61.5)
_OVERLAP_SHARE = 0.01
"""Share of the smaller area; less is a sliver between two drawings of one boundary."""

Flags = NDArray[np.bool_]


def in_great_britain(x: Any, y: Any) -> Flags:
    """Whether points (m, British National Grid) lie in Great Britain's extent; NaN does not."""
    low_x, low_y, high_x, high_y = GREAT_BRITAIN
    inside = (np.asarray(x) > low_x) & (np.asarray(x) < high_x) & (np.asarray(y) > low_y) & (np.asarray(y) < high_y)
    return np.asarray(inside, dtype=np.bool_)


def in_british_degrees(longitude: Any, latitude: Any) -> Flags:
    """Whether points (degrees) lie in Great Britain's extent; NaN does not."""
    west, south, east, north = _DEGREES_OF_BRITAIN
    lon, lat = np.asarray(longitude), np.asarray(latitude)
    return np.asarray((lon > west) & (lon < east) & (lat > south) & (lat < north), dtype=np.bool_)


def row_problems(
    what: str,
    frame: pd.DataFrame,
    mask: Any,
    name: str,
    file: str,
    column: str = "",
    fix: str = "",
    severity: Any = "error",
) -> list[Problem]:
    """A problem for each of the first rows in `mask`; the rest are counted on one more.

    The row is called by its column `name`; the value is the cell of `column`, where one is given.
    """
    rows = frame[np.asarray(mask, dtype=bool)]
    problems: list[Problem] = []
    for position, (row, code) in enumerate(zip(rows.index[: MOST_SHOWN + 1], rows[name], strict=False)):
        rest = len(rows) - MOST_SHOWN if position == MOST_SHOWN else 1
        about, value = (
            (what, str(code))
            if column in {"", name}
            else (f"{name} {code}: {what}", cell_text(rows[column].iloc[position]))
        )
        problems.append(Problem(about, file, int(row), column, value, fix, severity, rest))
    return problems


def area_shapes(areas: Parsed) -> tuple[gpd.GeoDataFrame, list[Problem]]:
    """The areas with geometry in EPSG:27700 and `x`, `y` filled in.

    Raises InputError where no shape can be used: no reference system, the wrong one, or neither shapes nor x
    and y.
    """
    frame, problems = _checked_centres(areas)
    if areas.shapes is None or not has_shape(areas.shapes).any():
        return _points(areas, frame, problems)
    given, strange = _without_strange_numbers(areas.shapes)
    problems += row_problems(
        "the area's shape has a corner that is no number",
        frame,
        strange,
        "area",
        areas.file,
        "area",
        "repair it in the GIS, or draw it anew",
    )
    shapes = in_national_grid(given, areas.file)
    empty = ~has_shape(shapes)
    problems += row_problems(
        "the area has no shape", frame, empty & ~strange, "area", areas.file, "area", "draw it, or remove the row"
    )
    kinds = shapes.geom_type.where(~empty).dropna()
    polygons = kinds.isin({"Polygon", "MultiPolygon"})
    if not polygons.all() and not (kinds == "Point").all():
        wrong = frame.index.isin(kinds.index[~polygons])
        what = "the area is neither a polygon nor, like all others, a point"
        problems += row_problems(what, frame, wrong, "area", areas.file, "area", "export polygons")
        return _framed(frame, shapes), problems
    shapes, repaired = _repaired(shapes)
    problems += row_problems(
        "the boundary crosses itself; it is repaired",
        frame,
        repaired,
        "area",
        areas.file,
        "area",
        "repair it in the GIS",
        "warning",
    )
    problems += _outside(areas, frame, shapes, ~empty)
    problems += _overlaps(frame, shapes, areas.file)
    placed = _framed(frame, shapes)
    problems += _centres_outside(placed, areas.file)
    centres = shapes.centroid
    placed["x"] = placed["x"].where(placed["x"].notna(), centres.x)
    placed["y"] = placed["y"].where(placed["y"].notna(), centres.y)
    return placed, problems


def in_national_grid(shapes: gpd.GeoSeries, file: str) -> gpd.GeoSeries:
    """`shapes` in EPSG:27700, flat. Raises InputError where their reference system is missing, unknown or
    plainly wrong.
    """
    fix = "export the layer again with its reference system (CRS), such as EPSG:27700"
    if shapes.crs is None:
        raise InputError(
            [
                Problem(
                    "the layer does not say which reference system (CRS) its coordinates are in",
                    file,
                    fix=fix,
                )
            ]
        )
    try:
        moved = shapes.set_axis(shapes.index).to_crs(BRITISH_NATIONAL_GRID)
    except (CRSError, ProjError, ValueError):
        raise InputError(
            [Problem("the layer's reference system (CRS) has no place on the globe", file, fix=fix)]
        ) from None
    moved = gpd.GeoSeries(shapely.force_2d(moved.to_numpy()), index=moved.index, crs=moved.crs)
    there = moved[has_shape(moved)]
    bounds = there.bounds.to_numpy()
    middle_x, middle_y = (bounds[:, 0] + bounds[:, 2]) / 2, (bounds[:, 1] + bounds[:, 3]) / 2
    if len(there) and not in_great_britain(middle_x, middle_y).any():
        raise InputError([_wrong_system(shapes[there.index], file)])
    return moved


def _wrong_system(shapes: gpd.GeoSeries, file: str) -> Problem:
    low_x, low_y, high_x, high_y = shapes.total_bounds
    x, y = (low_x + high_x) / 2, (low_y + high_y) / 2
    crs = shapes.crs
    said = f"EPSG:{crs.to_epsg()}" if crs.to_epsg() else str(crs.name)
    what = f"the layer says its coordinates are {said}, which puts it outside Great Britain"
    if in_british_degrees(y, x).all():
        fix = "latitude and longitude are swapped: export it again"
    elif in_british_degrees(x, y).all():
        fix = "its coordinates are degrees: set the reference system to EPSG:4326"
    elif in_great_britain(x, y).all():
        fix = "its coordinates look like British National Grid: set the reference system to EPSG:27700"
    else:
        fix = "export it again as EPSG:27700"
    return Problem(what, file, fix=fix)


def _framed(frame: pd.DataFrame, shapes: gpd.GeoSeries) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(frame, geometry=shapes.set_axis(frame.index), crs=BRITISH_NATIONAL_GRID)


def _points(areas: Parsed, frame: pd.DataFrame, problems: list[Problem]) -> tuple[gpd.GeoDataFrame, list[Problem]]:
    missing = (frame["x"].isna() | frame["y"].isna()).to_numpy()
    if not problems and not areas.doubtful & {"areas.x", "areas.y"}:
        fix = "give a map layer (GeoPackage, GeoJSON, shapefile), or columns x and y"
        if missing.all() and len(frame):
            raise InputError([Problem("the areas have neither shapes nor x and y", areas.file, fix=fix)])
        problems = row_problems(
            "the area has no x and y", frame, missing, "area", areas.file, "x", "give them in m, EPSG:27700"
        )
    shapes = shapely.points(frame["x"], frame["y"])
    shapes[missing] = shapely.Point()
    return _framed(frame, gpd.GeoSeries(shapes, index=frame.index, crs=BRITISH_NATIONAL_GRID)), problems


def _checked_centres(areas: Parsed) -> tuple[pd.DataFrame, list[Problem]]:
    """The frame with x and y blank where they are not in Great Britain, and a problem for each such row."""
    frame = areas.frame.copy()
    x, y = frame["x"].to_numpy(), frame["y"].to_numpy()
    half = np.isnan(x) != np.isnan(y)
    if areas.doubtful & {"areas.x", "areas.y"}:
        half[:] = False
    lost = ~np.isnan(x) & ~np.isnan(y) & ~in_great_britain(x, y)
    problems = row_problems(
        "only one of x and y is given", frame, half, "area", areas.file, "x", "give both or neither"
    )
    fix = "x and y are m in British National Grid (EPSG:27700), such as 407500 and 92800"
    problems += row_problems("x and y are not in Great Britain", frame, lost, "area", areas.file, "x", fix)
    frame.loc[half | lost, ["x", "y"]] = math.nan
    return frame, problems


def _without_strange_numbers(shapes: gpd.GeoSeries) -> tuple[gpd.GeoSeries, Flags]:
    """Shapes without those that have a coordinate which is not a finite number, and which these are."""
    points, shape = shapely.get_coordinates(shapes.to_numpy(), return_index=True)
    strange = np.zeros(len(shapes), dtype=np.bool_)
    strange[shape[~np.isfinite(points).all(axis=1)]] = True
    return shapes.where(~strange), strange


def _repaired(shapes: gpd.GeoSeries) -> tuple[gpd.GeoSeries, Flags]:
    broken = ~shapes.is_valid.to_numpy() & has_shape(shapes)
    if not broken.any():
        return shapes, broken
    repaired = shapes.copy()
    repaired[broken] = gpd.GeoSeries(
        [_polygons(shape) for shape in shapely.make_valid(shapes[broken].to_numpy())], crs=shapes.crs
    ).values
    return repaired, broken


def _polygons(shape: Any) -> Any:
    """The polygons of a repaired shape; the lines and points a repair leaves over have no area."""
    parts = [part for part in shapely.get_parts(shape) if shapely.area(part) > 0]
    return shapely.union_all(parts)


def _outside(areas: Parsed, frame: pd.DataFrame, shapes: gpd.GeoSeries, there: Flags) -> list[Problem]:
    middle = shapes.bounds
    inside = in_great_britain((middle["minx"] + middle["maxx"]) / 2, (middle["miny"] + middle["maxy"]) / 2)
    return row_problems(
        "the area lies outside Great Britain",
        frame,
        there & ~inside,
        "area",
        areas.file,
        "area",
        "check its coordinates",
    )


def _overlaps(frame: pd.DataFrame, shapes: gpd.GeoSeries, file: str) -> list[Problem]:
    """A warning for areas that share ground."""
    if not shapes.geom_type.isin({"Polygon", "MultiPolygon"}).any():
        return []
    geometry = shapes.to_numpy()
    tree = shapely.STRtree(geometry)
    touching = np.hstack([tree.query(geometry, predicate=predicate) for predicate in ("overlaps", "contains")])
    touching = np.unique(np.sort(touching[:, touching[0] != touching[1]], axis=0), axis=1)
    shared = shapely.area(shapely.intersection(geometry[touching[0]], geometry[touching[1]]))
    smaller = np.minimum(shapely.area(geometry[touching[0]]), shapely.area(geometry[touching[1]]))
    codes = frame["area"].to_numpy()
    problems = [
        Problem(
            f"the area overlaps {codes[first]} by {metres / 1e6:,.2f} km²",
            file,
            int(frame.index[second]),
            "area",
            str(codes[second]),
            "each place should lie in one area",
            "warning",
        )
        for first, second, metres, size in zip(*touching, shared, smaller, strict=True)
        if metres > _OVERLAP_SHARE * size
    ]
    if len(problems) > MOST_SHOWN:
        more = f"{len(problems) - MOST_SHOWN} more pairs of areas overlap"
        problems[MOST_SHOWN:] = [Problem(more, file, severity="warning")]
    return problems


def _centres_outside(areas: gpd.GeoDataFrame, file: str) -> list[Problem]:
    bounds = areas.geometry.bounds
    x, y = areas["x"], areas["y"]
    polygon = areas.geom_type.isin({"Polygon", "MultiPolygon"})
    off = (
        polygon
        & x.notna()
        & ((x < bounds["minx"]) | (x > bounds["maxx"]) | (y < bounds["miny"]) | (y > bounds["maxy"]))
    )
    what = "x and y lie outside the area's own shape"
    return row_problems(what, areas, off, "area", file, "x", "check that the row's x and y belong to it", "warning")

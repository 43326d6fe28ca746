"""Settings on the map: from x and y, latitude and longitude, or a layer's points."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from sufficiency.tables.cells import has_shape
from sufficiency.tables.shapes import (
    BRITISH_NATIONAL_GRID,
    in_british_degrees,
    in_great_britain,
    in_national_grid,
    row_problems,
)

if TYPE_CHECKING:
    from sufficiency.problems import Problem
    from sufficiency.tables.parse import Parsed

Floats = NDArray[np.float64]

FAR_FROM_POLYGONS_M = 2_000
FAR_FROM_POINTS_M = 10_000
"""Farther than this from all areas, a setting said to be in the area is worth a look."""


def place_settings(settings: Parsed, areas: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, list[Problem]]:
    """The settings with points in EPSG:27700 (empty where they have no place on the map), `x`, `y` and
    `locality` filled in.

    x and y hold before latitude and longitude, and these before a layer's geometry. Raises InputError where a
    layer says no reference system.
    """
    frame = settings.frame.copy()
    problems = _half_given(settings)
    x, y = frame["x"].to_numpy(copy=True), frame["y"].to_numpy(copy=True)
    problems += _not_metres(settings, x, y)
    from_degrees, swapped = _degrees(settings, np.isnan(x) | np.isnan(y))
    problems += swapped
    x, y = (
        np.where(np.isnan(from_degrees[0]), x, from_degrees[0]),
        np.where(np.isnan(from_degrees[1]), y, from_degrees[1]),
    )
    problems += _from_layer(settings, x, y)
    lost = ~np.isnan(x) & ~np.isnan(y) & ~in_great_britain(x, y)
    fix = "give x and y in m, British National Grid, or latitude and longitude"
    problems += row_problems("the setting is not in Great Britain", frame, lost, "setting", settings.file, "", fix)
    gone = lost | np.isnan(x) | np.isnan(y)
    frame["x"], frame["y"] = np.where(gone, math.nan, x), np.where(gone, math.nan, y)
    points = shapely.points(frame["x"], frame["y"])
    points[gone] = shapely.Point()
    placed = gpd.GeoDataFrame(frame, geometry=points, crs=BRITISH_NATIONAL_GRID)
    problems += _off_the_areas(placed, areas, settings.file)
    return _with_localities(placed, areas), problems


def _half_given(settings: Parsed) -> list[Problem]:
    problems: list[Problem] = []
    for first, second in (("x", "y"), ("latitude", "longitude")):
        if settings.doubtful & {f"settings.{first}", f"settings.{second}"}:
            continue
        given = settings.frame[[first, second]].notna()
        for here, other in ((first, second), (second, first)):
            mask = given[here] & ~given[other]
            what, fix = f"{here} is given without {other}", f"give {other} too, or neither"
            problems += row_problems(what, settings.frame, mask, "setting", settings.file, other, fix)
    return problems


def _not_metres(settings: Parsed, x: Floats, y: Floats) -> list[Problem]:
    """Problems of x and y that are no metres; they are made blank in place."""
    degrees = (np.abs(x) <= 180) & (np.abs(y) <= 180)
    nowhere = (x == 0) & (y == 0)
    problems = row_problems(
        "x and y look like degrees, not metres",
        settings.frame,
        degrees & ~nowhere,
        "setting",
        settings.file,
        "x",
        "call the columns longitude and latitude",
    )
    problems += row_problems(
        "x and y are 0: the coordinates are missing",
        settings.frame,
        nowhere,
        "setting",
        settings.file,
        "x",
        "leave both blank, or give them",
    )
    x[degrees], y[degrees] = math.nan, math.nan
    return problems


def _degrees(settings: Parsed, wanted: NDArray[np.bool_]) -> tuple[tuple[Floats, Floats], list[Problem]]:
    """X and y of the rows `wanted` that give latitude and longitude."""
    latitude, longitude = settings.frame["latitude"].to_numpy(), settings.frame["longitude"].to_numpy()
    there = wanted & ~np.isnan(latitude) & ~np.isnan(longitude)
    swapped = there & in_british_degrees(latitude, longitude)
    problems = row_problems(
        "latitude and longitude are swapped",
        settings.frame,
        swapped,
        "setting",
        settings.file,
        "latitude",
        "in England latitude is about 50 to 56 and longitude about -6 to 2",
    )
    x, y = np.full(len(there), math.nan), np.full(len(there), math.nan)
    used = there & ~swapped
    if used.any():
        points = gpd.GeoSeries(gpd.points_from_xy(longitude[used], latitude[used]), crs="EPSG:4326").to_crs(
            BRITISH_NATIONAL_GRID
        )
        x[used], y[used] = points.x, points.y
        beyond = used & ~np.isfinite(np.nan_to_num(x, nan=0.0))
        x[beyond], y[beyond] = -1.0, -1.0  # a place that the grid cannot say: not in Great Britain
    return (x, y), problems


def _from_layer(settings: Parsed, x: Floats, y: Floats) -> list[Problem]:
    """Fill x and y, in place, from the points of a layer where the columns gave none."""
    if settings.shapes is None:
        return []
    there = has_shape(settings.shapes) & np.isnan(x) & np.isnan(y)
    if not there.any():
        return []
    shapes = in_national_grid(settings.shapes[there], settings.file)
    centres = shapes.centroid
    x[there], y[there] = centres.x, centres.y
    return []


def _off_the_areas(settings: gpd.GeoDataFrame, areas: gpd.GeoDataFrame, file: str) -> list[Problem]:
    """Settings said to be in the area but well outside it; an error where x and y are plainly swapped."""
    there = has_shape(areas.geometry)
    mapped = settings["x"].notna() & settings["in_area"]
    if not there.any() or not mapped.any():
        return []
    hull = areas.geometry[there].union_all().convex_hull
    far = FAR_FROM_POINTS_M if (areas.geom_type[there] == "Point").all() else FAR_FROM_POLYGONS_M
    here = settings[mapped]
    mirrored = gpd.GeoSeries(gpd.points_from_xy(here["y"], here["x"]), index=here.index, crs=here.crs)
    off = here.geometry.distance(hull) > far
    swapped = off & (mirrored.distance(hull) <= far)
    problems = row_problems(
        "x and y are swapped", here, swapped, "setting", file, "x", "x is the easting, y the northing"
    )
    metres = gpd.GeoSeries(gpd.points_from_xy(here["x"] * 1000, here["y"] * 1000), index=here.index, crs=here.crs)
    kilometres = off & ~swapped & (metres.distance(hull) <= far)
    problems += row_problems(
        "x and y are in km, not metres", here, kilometres, "setting", file, "x", "give both in metres, × 1,000"
    )
    off &= ~kilometres
    what, fix = "the setting lies outside the areas", "check its coordinates, or give in_area = false"
    return problems + row_problems(what, here, off & ~swapped, "setting", file, "", fix, "warning")


def _with_localities(settings: gpd.GeoDataFrame, areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Blank localities filled in: of the area that holds the point, else of the nearest area."""
    blank = (settings["locality"] == "") & settings["x"].notna()
    known = areas[has_shape(areas.geometry)]
    if not blank.any() or known.empty:
        return settings
    at, nearest = known.sindex.nearest(settings.geometry[blank].to_numpy(), return_all=False)
    filled = settings.copy()
    filled.loc[settings.index[blank][at], "locality"] = known["locality"].to_numpy()[nearest]
    return filled

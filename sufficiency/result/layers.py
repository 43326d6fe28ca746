"""The layers of the map, from the tables of a result: areas, settings, and lines between the two."""

from __future__ import annotations

from collections.abc import Iterable

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from sufficiency.codes import UNKNOWN_AREA
from sufficiency.result.geopackage import BRITISH_GRID

NOBODY = 1e-9
"""Children: lines with fewer are left out."""


def make_layers(
    areas: gpd.GeoDataFrame, settings: gpd.GeoDataFrame, frames: dict[str, pd.DataFrame], years: Iterable[int]
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Areas, settings and desire lines of a result, in EPSG:27700.

    A setting with no place on the map has no geometry and no line. Children of area `unknown` are on no layer; the
    tables count them.
    """
    span = list(years)
    return _areas(areas, frames, span), _settings(settings, frames, span), _desire_lines(areas, settings, frames)


def _areas(areas: gpd.GeoDataFrame, frames: dict[str, pd.DataFrame], years: list[int]) -> gpd.GeoDataFrame:
    codes = pd.Index(areas["area"], name="area")
    figures = {
        "demand": _by_year(frames["area_gaps"], "area", "demand", codes, years),
        "awaiting": _by_year(frames["awaiting"], "area", "children", codes, years),
        "gap": _by_year(frames["area_gaps"], "area", "shortfall", codes, years),
    }
    columns = _columns(areas, ["area", "name", "locality", "x", "y", "imd_decile"])
    # an area that a table does not name has nobody in it that year
    return _layer(columns | _interleaved(figures, years), areas)


def _settings(settings: gpd.GeoDataFrame, frames: dict[str, pd.DataFrame], years: list[int]) -> gpd.GeoDataFrame:
    codes = pd.Index(settings["setting"], name="setting")
    occupancy = _known(frames["occupancy"], "setting", codes)
    figures = {
        "places": _spread(_places(occupancy), codes, years, 0.0),  # no line open that year: no places
        "children": _spread(occupancy.groupby(["setting", "year"])["children"].sum(), codes, years, 0.0),
        "value": _spread(_values(frames["place_values"], codes), codes, years, np.nan),
    }
    columns = _columns(settings, ["setting", "name", "type", "locality", "in_area", "x", "y"])
    return _layer(columns | _interleaved(figures, years), settings)


def _places(occupancy: pd.DataFrame) -> pd.Series[float]:
    """Places by setting and year; NaN where one of its lines has no limit."""
    grouped = occupancy.groupby(["setting", "year"])["places"]
    return grouped.sum().where(grouped.count() == grouped.size())


def _values(place_values: pd.DataFrame, codes: pd.Index[str]) -> pd.Series[float]:
    return _known(place_values, "setting", codes).groupby(["setting", "year"])["pounds_from"].max()


def _desire_lines(
    areas: gpd.GeoDataFrame, settings: gpd.GeoDataFrame, frames: dict[str, pd.DataFrame]
) -> gpd.GeoDataFrame:
    placements = frames["placements"]
    placements = placements[placements["area"] != UNKNOWN_AREA]
    types = frames["occupancy"][["year", "line", "type"]]
    typed = placements[["year", "area", "setting", "line", "children"]].merge(
        types, on=["year", "line"], how="left", validate="many_to_one"
    )
    if typed["type"].isna().any():
        line = typed.loc[typed["type"].isna(), "line"].iloc[0]
        raise ValueError(f"children are placed in line {line}, which occupancy does not name that year")
    rows = typed.groupby(["year", "area", "setting", "type"], as_index=False, sort=True)["children"].sum()
    home = _rows_of(rows["area"], pd.Index(areas["area"]))
    there = _rows_of(rows["setting"], pd.Index(settings["setting"]))
    points = np.stack(
        [
            np.stack([areas["x"].to_numpy(float)[home], areas["y"].to_numpy(float)[home]], axis=1),
            np.stack([settings["x"].to_numpy(float)[there], settings["y"].to_numpy(float)[there]], axis=1),
        ],
        axis=1,
    )
    drawn = np.isfinite(points).all(axis=(1, 2)) & (rows["children"].to_numpy() >= NOBODY)
    lines = shapely.linestrings(points[drawn])
    return gpd.GeoDataFrame(rows[drawn].reset_index(drop=True), geometry=lines, crs=BRITISH_GRID)


def _known(frame: pd.DataFrame, column: str, codes: pd.Index[str]) -> pd.DataFrame:
    """`frame`; raises where it names what the layer does not hold."""
    _rows_of(frame[column], codes)
    return frame


def _rows_of(names: pd.Series[str], codes: pd.Index[str]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    rows = codes.get_indexer(pd.Index(names))
    if (rows < 0).any():
        raise ValueError(f"{names.name} {names[rows < 0].iloc[0]} is in a result table and not on the map")
    return np.asarray(rows, dtype=np.int64)


def _by_year(frame: pd.DataFrame, key: str, value: str, codes: pd.Index[str], years: list[int]) -> pd.DataFrame:
    known = _known(frame[frame[key] != UNKNOWN_AREA], key, codes)
    return _spread(known.groupby([key, "year"])[value].sum(), codes, years, 0.0)


def _spread(figures: pd.Series[float], codes: pd.Index[str], years: list[int], absent: float) -> pd.DataFrame:
    """A row for each code and a column for each year; `absent` where there is no figure at all."""
    every = pd.MultiIndex.from_product([codes, years])
    values = figures.reindex(every, fill_value=absent).to_numpy(dtype=float)
    return pd.DataFrame(values.reshape(len(codes), len(years)), index=codes, columns=years)


def _interleaved(figures: dict[str, pd.DataFrame], years: list[int]) -> dict[str, object]:
    return {f"{name}_{year}": table[year].to_numpy(dtype=float) for year in years for name, table in figures.items()}


def _columns(frame: gpd.GeoDataFrame, names: list[str]) -> dict[str, object]:
    return {name: frame[name].to_numpy() for name in names if name in frame.columns}


def _layer(columns: dict[str, object], placed: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    shapes = placed.geometry.to_numpy()
    shapes = np.where(shapely.is_empty(shapes), None, shapes)
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=placed.crs).to_crs(BRITISH_GRID)

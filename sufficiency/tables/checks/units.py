"""Numbers that cannot be in the unit of their column: miles for km, seconds for minutes, thousands for pounds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sufficiency.tables.checks.travel import journey_method
from sufficiency.tables.points import FAR_FROM_POLYGONS_M

if TYPE_CHECKING:
    import geopandas as gpd

    from sufficiency.tables.checks.findings import Inspection

FASTEST, SLOWEST = 110.0, 4.0
"""km/h of a journey to school door to door, with its stops (assumptions): beyond a motorway without any; a walk."""
FAR, LONG = 5.0, 15.0
"""km and minutes from which on a speed is looked at: short journeys round to any speed."""
ENOUGH = 10
"""Journeys from which their length is compared with straight lines as a whole."""
LONGEST_AVERAGE = 90.0
"""Minutes one way that children cannot take on average: twice the guideline for primary."""
FEW_POUNDS = {"costs.per_child": 1_000.0, "options.capital": 1_000.0, "budget.pounds": 10_000.0}
"""£ below which the largest figure of a column must be in thousands or millions (an assumption)."""


def check_units(inspection: Inspection) -> None:
    """Journeys whose speed, length or average cannot be, and pounds that must be thousands or millions."""
    if inspection.tables.travel is not None and journey_method(inspection.model, inspection.tables) == "matrix":
        _matrix(inspection, inspection.tables.travel)
    _pooled(inspection)
    _thousands(inspection)


def _matrix(inspection: Inspection, matrix: pd.DataFrame) -> None:
    if not inspection.sure("travel.km", "travel.minutes", "travel.area", "travel.setting"):
        return
    name = matrix["area"] + " " + matrix["setting"]
    shorter = _shorter_than_straight(inspection, matrix, name) if inspection.sure("areas.x", "settings.x") else 0
    if not shorter:
        speeds = _speeds(matrix["km"], matrix["minutes"])
        _say_speeds(inspection, "travel", matrix, name, speeds)
    _average(inspection, matrix)


def _shorter_than_straight(inspection: Inspection, matrix: pd.DataFrame, name: pd.Series[str]) -> int:
    """Warn of journeys shorter than the straight line; how many there are. An area's own reach is allowed for: a matrix
    may start from where its people live.
    """
    areas = inspection.tables.areas.drop_duplicates("area").set_index("area")
    settings = inspection.tables.settings.drop_duplicates("setting").set_index("setting")
    reach = np.sqrt(areas.geometry.area / np.pi) / 1000 + 0.5
    apart = [
        (matrix["area"].map(areas[axis]) - matrix["setting"].map(settings[axis])).to_numpy(dtype=float) / 1000
        for axis in ("x", "y")
    ]
    straight = pd.Series(np.hypot(*apart), index=matrix.index)
    least = np.minimum(straight - matrix["area"].map(reach), 0.95 * straight)
    doubtful = matrix["area"].isin(_off_their_shape(areas)) | matrix["setting"].isin(
        _off_the_areas(inspection, settings)
    )
    far = ~doubtful & (straight > 2 * matrix["area"].map(reach))
    ratio = float((matrix["km"] / straight)[far].median()) if far.sum() >= ENOUGH else 1.0
    if ratio < 0.97:  # a road is about 1.3 times the straight line, in miles 0.8 times
        what = f"half of {far.sum():,} longer journeys have at most {ratio:.2f} times the km of the straight line"
        fix = "give km along roads: are these miles? A mile is 1.609 km"
        inspection.warn(what, inspection.file("travel"), fix, column="km")
        return int(far.sum())
    short = np.flatnonzero((matrix["km"] < least) & ~doubtful)
    if not len(short):
        return 0
    at, fix = int(short[0]), "check the unit, and where both are on the map"
    what = f"{matrix['km'].iloc[at]:g} km is shorter than the straight line, {straight.iloc[at]:.1f} km"
    where = {"row": int(matrix.index[at]), "column": "km", "value": str(name.iloc[at]), "count": len(short)}
    inspection.warn(what, inspection.file("travel"), fix, **where)
    return len(short)


def _off_their_shape(areas: gpd.GeoDataFrame) -> list[str]:
    """Areas whose centre is elsewhere, which is said already."""
    bounds = areas.geometry.bounds
    inside = areas["x"].between(bounds["minx"], bounds["maxx"]) & areas["y"].between(bounds["miny"], bounds["maxy"])
    return list(areas.index[~inside.to_numpy()])


def _off_the_areas(inspection: Inspection, settings: gpd.GeoDataFrame) -> list[str]:
    """Settings in the area that stand well outside it, which is said already."""
    hull = inspection.tables.areas.geometry.union_all().convex_hull
    far = settings["in_area"] & (settings.geometry.distance(hull) > FAR_FROM_POLYGONS_M)
    return list(settings.index[far.to_numpy()])


def _speeds(km: Any, minutes: Any) -> pd.Series[float]:
    """Km/h where the journey is long enough to tell, else NaN."""
    far_enough = (km >= FAR) | (minutes >= LONG)
    speeds: pd.Series[float] = (60 * km / minutes.where(minutes > 0, 0.1)).where(far_enough)
    return speeds


def _say_speeds(
    inspection: Inspection, table: str, frame: pd.DataFrame, name: pd.Series[str], speeds: pd.Series[float]
) -> None:
    for wrong, fix in (
        (speeds > FASTEST, "check the units: km and minutes, both one way (hours for minutes, metres for km?)"),
        ((speeds < SLOWEST) & (frame["minutes"] >= LONG), "check the units: km and minutes, both one way (seconds?)"),
    ):
        rows = np.flatnonzero(wrong)
        if len(rows):
            at = int(rows[0])
            km, minutes = frame["km"].iloc[at], frame["minutes"].iloc[at]
            what = f"{km:g} km in {minutes:g} minutes is {speeds.iloc[at]:,.0f} km an hour"
            row, value = int(frame.index[at]), str(name.iloc[at])
            where = {"row": row, "column": "minutes", "value": value, "count": len(rows)}
            inspection.warn(what, inspection.file(table), fix, **where)


def _average(inspection: Inspection, matrix: pd.DataFrame) -> None:
    """Minutes of the children placed today, else of all journeys."""
    minutes = matrix["minutes"]
    weights = pd.Series(1.0, index=minutes.index)
    if len(inspection.placed) and inspection.sure(
        "placements.area", "placements.line", "places.setting", "placements.children"
    ):
        placed = inspection.placed.assign(setting=inspection.placed["line"].map(inspection.lines["setting"]))
        children = placed.groupby(["area", "setting"])["children"].sum()
        journeys = pd.MultiIndex.from_frame(matrix[["area", "setting"]])
        there = children.reindex(journeys).fillna(0.0)  # journeys that nobody makes
        weights = pd.Series(there.to_numpy(), index=minutes.index) if there.sum() > 0 else weights
    average = float((minutes * weights).sum() / weights.sum())
    if average > LONGEST_AVERAGE:
        what = f"the average journey takes {average / 60:,.1f} hours one way"
        inspection.warn(
            what, inspection.file("travel"), "check the unit: minutes one way (are these seconds?)", column="minutes"
        )


def _pooled(inspection: Inspection) -> None:
    """The journey that a setting gives itself."""
    if inspection.sure("settings.km", "settings.minutes"):
        settings = inspection.tables.settings
        _say_speeds(inspection, "settings", settings, settings["setting"], _speeds(settings["km"], settings["minutes"]))


def _thousands(inspection: Inspection) -> None:
    for column, few in FEW_POUNDS.items():
        table, name = column.split(".")
        frame = getattr(inspection.tables, table)
        if frame is None or not inspection.sure(column):
            continue
        most = float(frame[name].abs().max()) if len(frame) else 0.0
        if 0 < most < few:
            what = f"the largest figure is £{most:,.0f}"
            fix = "give pounds: are these thousands or millions?"
            row = int(frame.index[int(frame[name].abs().fillna(0.0).argmax())])
            inspection.warn(what, inspection.file(table), fix, row=row, column=name)

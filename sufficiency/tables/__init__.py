"""Tables: what is read from a planner's files and what is written back."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING

import pandas as pd

from sufficiency.tables.checks.remembered import Remembered

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd


@dataclass(frozen=True)
class Tables:
    """The input tables, parsed: codes canonical, numbers numeric, shapes in EPSG:27700.

    Every frame keeps the columns of its catalogue entry (optional ones filled in), then the file's extra
    columns. Its index is the row as a planner's editor counts it. Blank text is "", a blank number NaN, a
    blank year NaN; `needs`, `can_meet`, `phases`, `levels` hold tuples of codes, where blank `needs` and
    `phases` are spelled out as all, and blank `levels` is the empty tuple. `places.type` and
    `settings.locality` are filled in; `areas` and `settings` are GeoDataFrames (a setting without a place on
    the map has an empty geometry), with x and y always there for areas (the centroid where the file gave
    none). In `demand` several simulations are averaged. `placements.line` is filled in where the file names a
    setting instead. `costs.from_year` is 0 where blank, and a cost row for several phases is there once for
    each (so its row number repeats). A blank `ramp` is (1.0,).
    """

    areas: gpd.GeoDataFrame
    demand: pd.DataFrame
    settings: gpd.GeoDataFrame
    places: pd.DataFrame
    costs: pd.DataFrame
    placements: pd.DataFrame | None = None
    options: pd.DataFrame | None = None
    travel: pd.DataFrame | None = None
    budget: pd.DataFrame | None = None
    other_spend: pd.DataFrame | None = None
    monitoring: pd.DataFrame | None = None
    files: dict[str, Path] = field(default_factory=dict)
    """Where each table was read from, by table name."""
    called: dict[str, str] = field(default_factory=dict)
    """What problems call the file of each table, with its sheet or layer; a table that is in no file by its name."""
    doubtful: frozenset[str] = frozenset()
    """Columns (`places.needs`) with cells that could not be read, each already reported: what rests on them
    is not checked.
    """
    checked: Remembered = field(default_factory=Remembered, compare=False, repr=False)
    """What checks found, kept by tables that are made from these: only what has changed is checked again."""
    filled: dict[str, pd.Index] = field(default_factory=dict)
    """By column (`places.type`, `settings.locality`, `placements.line`) the rows in which the file left it blank and
    another table gave it: it follows that table when a scenario changes it.
    """

    simulated: pd.DataFrame | None = None
    """The demand table by simulated path, where it has paths: its columns `simulation` and `children` beside the keys.
    """

    def frames(self) -> dict[str, pd.DataFrame]:
        """The tables that are there, by name."""
        named = {item.name: getattr(self, item.name) for item in fields(self) if item.name != "simulated"}
        return {name: frame for name, frame in named.items() if isinstance(frame, pd.DataFrame)}

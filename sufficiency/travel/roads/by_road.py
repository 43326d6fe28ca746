"""The journeys of a model by road: points put on the map, asked of OSRM, and what is odd about them listed by name."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from sufficiency.codes import NOT_PLACED_BY_MAP
from sufficiency.model import Model
from sufficiency.problems import InputError, Problem
from sufficiency.progress import Progress
from sufficiency.tables import Tables
from sufficiency.tables.checks.roads import roads_path
from sufficiency.tables.shapes import BRITISH_NATIONAL_GRID
from sufficiency.travel.pairs import Roads
from sufficiency.travel.roads.answers import RoadTable
from sufficiency.travel.roads.engine import table_of_extract
from sufficiency.travel.roads.oddities import NO_ROAD, Ends, oddities, profile_fault
from sufficiency.travel.roads.server import ServerError, table_of_server

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.intp]
DEGREES = "EPSG:4326"
_DIGITS = 6
"""Of a degree: a tenth of a metre, and what OSRM itself keeps."""


@dataclass(frozen=True)
class _Source:
    """Where journeys come from: a file of roads, or a server. `walking`: whether on foot."""

    path: Path | None
    address: str
    walking: bool
    model_file: str

    @property
    def called(self) -> str:
        """What problems call it."""
        return self.path.name if self.path is not None else self.model_file

    @property
    def key(self) -> str:
        """The key of the model file that names it."""
        return "travel.roads" if self.path is not None else f"travel.{'walking_' if self.walking else ''}server"


def by_road(model: Model, tables: Tables, progress: Progress) -> tuple[Roads, list[Problem]]:
    """Journeys by road of the areas and settings of a model, and warnings of points far from a road and pairs without a
    way.

    By car for km and minutes, on foot for walking km where that is known. A point more than `NO_ROAD` metres from any
    road has no journeys. Raises InputError where the roads or the server cannot be used.
    """
    areas, settings = tables.areas, tables.settings
    mapped = settings["x"].notna() & settings["y"].notna() & ~settings["type"].isin(NOT_PLACED_BY_MAP)
    from_, to = np.flatnonzero(areas["x"].notna()), np.flatnonzero(mapped)
    shape = (len(areas), len(settings))
    if not len(from_) or not len(to):
        return Roads(np.full(shape, np.nan), np.full(shape, np.nan)), []
    points = degrees(areas.iloc[from_]), degrees(settings.iloc[to])
    ends = Ends(pd.DataFrame(areas).iloc[from_], pd.DataFrame(settings).iloc[to], tables.called)
    car, on_foot = _sources(model)
    by_car = _asked(car, *points, progress)
    found = oddities(by_car, ends, car.called)
    walked = None if on_foot is None else _asked(on_foot, *points, progress)
    return (
        Roads(
            _spread(_reached(by_car, by_car.metres) / 1000, shape, from_, to),
            _spread(_reached(by_car, by_car.seconds) / 60, shape, from_, to),
            None if walked is None else _spread(_reached(walked, walked.metres) / 1000, shape, from_, to),
        ),
        found,
    )


def _sources(model: Model) -> tuple[_Source, _Source | None]:
    """Where journeys by car, and on foot, come from."""
    travel, file = model.travel, model.path.name
    if travel.roads is not None:
        path = roads_path(model)
        return _Source(path, "", False, file), _Source(path, "", True, file)
    car = _Source(None, str(travel.server), False, file)
    return car, None if travel.walking_server is None else _Source(None, travel.walking_server, True, file)


def _asked(source: _Source, sources: Floats, destinations: Floats, progress: Progress) -> RoadTable:
    """The journeys that a source gives; raises InputError where it gives none, or those of another way to travel."""
    try:
        table = _answer(source, _stamp(source), sources.tobytes(), destinations.tobytes(), progress)
    except ServerError as error:
        raise InputError([error.problem(source.key, source.address, source.called)]) from None
    fault = profile_fault(table, walking=source.walking)
    if fault is not None:
        raise InputError([Problem(f"{source.key}: {fault[0]}", source.called, value=source.address, fix=fault[1])])
    return table


def _stamp(source: _Source) -> tuple[int, int]:
    """What changes when a file of roads does."""
    if source.path is None:
        return 0, 0
    stat = source.path.stat()
    return stat.st_size, stat.st_mtime_ns


_MOST_ANSWERS = 8
_answers: dict[tuple[object, ...], RoadTable] = {}
"""The last answers of this process: scenarios with the same areas and settings are not asked for again."""


def _answer(
    source: _Source, stamp: tuple[int, int], sources: bytes, destinations: bytes, progress: Progress
) -> RoadTable:
    key = (source, stamp, sources, destinations)
    if key not in _answers:
        start, end = (np.frombuffer(points).reshape(-1, 2) for points in (sources, destinations))
        if source.path is not None:
            profile = "foot" if source.walking else "car"
            answer = table_of_extract(source.path, profile, start, end, source.called, progress)
        else:
            answer = table_of_server(source.address, start, end, progress)
        while len(_answers) >= _MOST_ANSWERS:
            _answers.pop(next(iter(_answers)))
        _answers[key] = answer
    return _answers[key]


def degrees(points: pd.DataFrame) -> Floats:
    """Longitude and latitude of points in British National Grid, a row each."""
    on_map = gpd.points_from_xy(points["x"], points["y"], crs=BRITISH_NATIONAL_GRID).to_crs(DEGREES)
    return np.round(np.column_stack([on_map.x, on_map.y]), _DIGITS)


def _reached(table: RoadTable, values: Floats) -> Floats:
    """`values` where both ends are on a road."""
    off = (table.source_off > NO_ROAD)[:, None] | (table.destination_off > NO_ROAD)
    return np.where(off, np.nan, values)


def _spread(values: Floats, shape: tuple[int, int], rows: Whole, columns: Whole) -> Floats:
    whole = np.full(shape, np.nan)
    whole[np.ix_(rows, columns)] = values
    return whole

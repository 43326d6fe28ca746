"""From a model's tables to its journeys, by the method that its model file says."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from sufficiency.codes import UNKNOWN_AREA
from sufficiency.model import Model
from sufficiency.problems import Problem, raise_errors
from sufficiency.progress import Progress, silent
from sufficiency.tables import Tables
from sufficiency.tables.checks.findings import Inspection
from sufficiency.tables.checks.roads import roads_path
from sufficiency.tables.checks.travel import check_pairs, journey_method
from sufficiency.travel import Journeys, default_curve, journeys

ROADS = "roads"
"""What the file of roads is called among the files that a plan was made from."""


def journeys_of(model: Model, tables: Tables) -> Journeys:
    """Minutes and km one way for every area and setting of a model. Raises as `find_journeys`."""
    return find_journeys(model, tables, silent)[0]


def find_journeys(model: Model, tables: Tables, progress: Progress) -> tuple[Journeys, list[Problem]]:
    """The journeys of a model, and warnings of what is odd about those by road.

    Raises InputError where roads or a server cannot be used, or where children are placed today without a way by road.
    """
    travel, method = model.travel, journey_method(model, tables)
    roads, odd = None, list[Problem]()
    if method == "osrm":
        from sufficiency.travel.roads.by_road import by_road

        roads, odd = by_road(model, tables, progress)
    areas = tables.areas[["area", "x", "y"]]
    named = [frame["area"] for frame in (tables.demand, tables.placements) if frame is not None]
    if any((column == UNKNOWN_AREA).any() for column in named):
        nowhere = pd.DataFrame({"area": [UNKNOWN_AREA], "x": np.nan, "y": np.nan})
        areas = pd.concat([areas, nowhere], ignore_index=True)
        roads = None if roads is None else roads.with_one_more_area()
    found = journeys(
        areas,
        tables.settings[["setting", "type", "x", "y", "km", "minutes"]],
        method=method,
        matrix=tables.travel,
        curve=default_curve(travel.detour, travel.speed_factor),
        roads=roads,
        weights=tables.demand.groupby("area")["children"].sum(),
    )
    problems = [*odd, *pairs_without_journey(model, tables, found)]
    raise_errors(problems)
    return found, problems


def pairs_without_journey(model: Model, tables: Tables, found: Journeys) -> list[Problem]:
    """An error for each pair that children are placed in today and that has no way by road."""
    if found.method != "osrm":
        return []
    inspection = Inspection(model, tables)
    area, setting = np.nonzero(~np.isnan(found.minutes))
    known = {(found.areas[row], found.settings[column]) for row, column in zip(area, setting, strict=True)}
    file = str(model.travel.roads or model.path.name)
    check_pairs(inspection, known, file, "use roads that reach both ends, or check their x and y")
    return inspection.problems


def with_roads(model: Model, tables: Tables) -> Tables:
    """The tables with the file of roads among their files where journeys come from one, and without it elsewhere."""
    files = {name: path for name, path in tables.files.items() if name != ROADS}
    if journey_method(model, tables) == "osrm" and model.travel.roads is not None:
        files[ROADS] = roads_path(model)
    return tables if files == tables.files else replace(tables, files=files)

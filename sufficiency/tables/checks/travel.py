"""Checks of journeys: the method, and pairs that a matrix leaves out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sufficiency.codes import NOT_PLACED_BY_MAP, UNKNOWN_AREA
from sufficiency.tables.checks.findings import Inspection, children
from sufficiency.tables.checks.roads import check_roads, check_roads_unused

if TYPE_CHECKING:
    from sufficiency.model import Model
    from sufficiency.tables import Tables


def journey_method(model: Model, tables: Tables) -> str:
    """How journeys are found: the method the model file writes, else the travel table where there is one,
    else the default.
    """
    written = "method" in model.travel.model_fields_set
    return "matrix" if tables.travel is not None and not written else model.travel.method


def check_travel(inspection: Inspection) -> None:
    """Whether every journey that children make today is known."""
    method, matrix = journey_method(inspection.model, inspection.tables), inspection.tables.travel
    if method == "osrm":
        check_roads(inspection)
    else:
        check_roads_unused(inspection, method)
    if method == "matrix" and matrix is None:
        what = 'travel.method is "matrix", but no travel table is given'
        inspection.error(what, inspection.model.path.name, 'add travel to [tables], or use "straight_line"')
    elif method == "matrix" and matrix is not None:
        _journeys_missing(inspection, matrix)
    elif matrix is not None and len(matrix):
        what = f'the travel table is not used: travel.method is "{method}"'
        inspection.warn(what, inspection.file("travel"), 'set travel.method = "matrix"')


def _journeys_missing(inspection: Inspection, matrix: pd.DataFrame) -> None:
    """A pair missing from the matrix is no arc; where a child is placed there it is an error."""
    if not inspection.sure("travel.area", "travel.setting", "placements.area", "placements.line", "places.setting"):
        return
    known = set(zip(matrix["area"], matrix["setting"], strict=True))
    missing = check_pairs(inspection, known, inspection.file("travel"), "add the journey")
    mapped = _mapped(inspection)
    unreached = mapped[~mapped["setting"].isin(matrix["setting"]) & ~mapped["setting"].isin(missing)]
    for row, setting in zip(unreached.index[:10], unreached["setting"][:10], strict=True):
        what = "the travel table has no journey to this setting: no child can be placed there"
        inspection.warn(
            what,
            inspection.file("settings"),
            "add its journeys",
            row=int(row),
            column="setting",
            value=str(setting),
        )


def check_pairs(inspection: Inspection, known: set[tuple[str, str]], file: str, fix: str) -> set[str]:
    """An error for a pair of area and setting that children are placed in today and that is not among the `known`
    journeys; the settings of these pairs. `file` and `fix` are what the errors name.
    """
    placed = inspection.placed[inspection.placed["area"] != UNKNOWN_AREA]
    pairs = placed.assign(setting=placed["line"].map(inspection.lines["setting"]))
    pairs = pairs[pairs["setting"].isin(_mapped(inspection)["setting"])]
    unknown = [pair not in known for pair in zip(pairs["area"], pairs["setting"], strict=True)]
    missing = pairs[np.array(unknown, dtype=bool)]
    for (area, setting), rows in list(missing.groupby(["area", "setting"], sort=False))[:10]:
        total = children(float(rows["children"].sum()))
        what = f"there is no journey between this area and setting, but {total} make it today"
        inspection.error(what, file, fix, value=f"{area} {setting}")
    return set(missing["setting"])


def _mapped(inspection: Inspection) -> pd.DataFrame:
    """The settings that stand on the map."""
    settings = inspection.tables.settings
    return pd.DataFrame(settings[settings["x"].notna() & ~settings["type"].isin(NOT_PLACED_BY_MAP)])

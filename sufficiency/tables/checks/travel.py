"""Checks of journeys: the method, and pairs that a matrix leaves out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sufficiency.codes import NOT_PLACED_BY_MAP, UNKNOWN_AREA
from sufficiency.tables.checks.findings import Inspection, children

if TYPE_CHECKING:
    import pandas as pd

    from sufficiency.model import Model
    from sufficiency.tables import Tables


def journey_method(model: Model, tables: Tables) -> str:
    """How journeys are found: the method the model file writes, else the travel table where there is one,
    else the default.
    """
    written = "method" in model.travel.model_fields_set
    return "matrix" if tables.travel is not None and not written else model.travel.method


def check_travel(seen: Inspection) -> None:
    """Whether every journey that children make today is known."""
    method, matrix = journey_method(seen.model, seen.tables), seen.tables.travel
    if method == "osrm":
        what = "travel.method: road routing (osrm) is an extra that this version does not have yet"
        seen.error(what, seen.model.path.name, 'use "straight_line", or "matrix" with a travel table')
    elif method == "matrix" and matrix is None:
        what = 'travel.method is "matrix", but no travel table is given'
        seen.error(what, seen.model.path.name, 'add travel to [tables], or use "straight_line"')
    elif method == "matrix" and matrix is not None:
        _pairs_missing(seen, matrix)
    elif matrix is not None and len(matrix):
        what = f'the travel table is not used: travel.method is "{method}"'
        seen.warn(what, seen.file("travel"), 'set travel.method = "matrix"')


def _pairs_missing(seen: Inspection, matrix: pd.DataFrame) -> None:
    """A pair missing from the matrix is no arc; where a child is placed there it is an error."""
    if not seen.sure("travel.area", "travel.setting", "placements.area", "placements.line", "places.setting"):
        return
    settings = seen.tables.settings
    mapped = settings[settings["x"].notna() & ~settings["type"].isin(NOT_PLACED_BY_MAP)]
    known = set(zip(matrix["area"], matrix["setting"], strict=True))
    placed = seen.placed[seen.placed["area"] != UNKNOWN_AREA]
    pairs = placed.assign(setting=placed["line"].map(seen.lines["setting"]))
    pairs = pairs[pairs["setting"].isin(mapped["setting"])]
    unknown = [pair not in known for pair in zip(pairs["area"], pairs["setting"], strict=True)]
    missing = pairs[np.array(unknown, dtype=bool)]
    for (area, setting), rows in list(missing.groupby(["area", "setting"], sort=False))[:10]:
        total = children(float(rows["children"].sum()))
        what = f"there is no journey for this pair, but {total} make it today"
        seen.error(what, seen.file("travel"), "add the pair", value=f"{area} {setting}")
    unreached = mapped[~mapped["setting"].isin(matrix["setting"]) & ~mapped["setting"].isin(missing["setting"])]
    for row, setting in zip(unreached.index[:10], unreached["setting"][:10], strict=True):
        what = "the travel table has no journey to this setting: no child can be placed there"
        seen.warn(
            what,
            seen.file("settings"),
            "add its journeys",
            row=int(row),
            column="setting",
            value=str(setting),
        )

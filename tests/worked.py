"""Small cases written by hand, and random ones: tables as plain rows, no files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely.geometry import Point

from sufficiency.case import Case
from sufficiency.model import Model
from sufficiency.model_file import parse_model
from sufficiency.tables import Tables
from sufficiency.tables.schema.inputs import INPUTS
from sufficiency.travel import journeys

Row = dict[str, Any]

PLAIN: Row = {
    "continuity": {"preference_share": 0.0, "through": 0.0},
    "travel": {"method": "matrix", "fixed_per_child": 0, "pounds_per_km": 0, "limit_minutes": {}},
    "weights": {"awaiting_place": 1_000_000, "over_places": 0, "off_designation": 0, "hour_travelled": 0},
    "finance": {"discount_rate": 0.0, "inflation": {"default": 0.0}},
}
"""Settings under which money is the sum of the rates and nothing else: sums a reader can do in the head."""


def model_of(years: tuple[int, int], **sections: Any) -> Model:
    """A model of `PLAIN` settings with `sections` merged over them."""
    document: Row = {key: dict(value) for key, value in PLAIN.items()}
    for key, value in sections.items():
        document[key] = {**document.get(key, {}), **value} if isinstance(value, dict) and key != "phases" else value
    document |= {"name": "Worked", "base_year": years[0], "years": [years[0] + 1, years[1]]}
    document["tables"] = {name: f"{name}.csv" for name in ("areas", "demand", "settings", "places", "costs")}
    return parse_model(document, Path("worked.toml"))


def frame_of(table: str, rows: list[Row], **defaults: Any) -> pd.DataFrame:
    """Rows as the reader would give them: every column of the catalogue, blanks filled in."""
    zero = {"imported", "reserved", "overfill", "capital", "per_year", "smallest_fill"}
    blanks: dict[str, Any] = {"number": np.nan, "year": np.nan, "needs": (), "phases": (), "levels": (), "flag": True}
    columns = {
        column.name: [
            row.get(
                column.name,
                defaults.get(
                    column.name,
                    column.default
                    if column.default not in (None, "")
                    else (0.0 if column.name in zero else blanks.get(column.kind, "")),
                ),
            )
            for row in rows
        ]
        for column in INPUTS[table].columns
    }
    return pd.DataFrame(columns)


def case_of(
    model: Model,
    *,
    demand: list[Row],
    places: list[Row],
    costs: list[Row],
    settings: list[Row] | None = None,
    placements: list[Row] | None = None,
    travel: list[Row] | None = None,
    areas: list[Row] | None = None,
    options: list[Row] | None = None,
    budget: list[Row] | None = None,
    other_spend: list[Row] | None = None,
) -> Case:
    """A case of plain rows. Areas and settings that rows name are made where none are given; journeys are 0 unless
    given.
    """
    names = sorted({row["area"] for row in demand} | {row["area"] for row in placements or []})
    areas = areas or [{"area": name, "locality": "All"} for name in names]
    area_frame = frame_of("areas", [{"name": row["area"], "x": 0.0, "y": 0.0} | row for row in areas])
    named = dict.fromkeys(row["setting"] for row in [*places, *(options or [])])
    settings = settings or [{"setting": name} for name in named]
    setting_frame = frame_of(
        "settings",
        [
            {"name": row["setting"], "type": "special_school", "x": 0.0, "y": 0.0, "in_area": True} | row
            for row in settings
        ],
    )
    kind = setting_frame.set_index("setting")["type"]
    phases = tuple(phase.code for phase in model.phase_list)
    place_rows = [
        {"needs": ("ASD",), "phases": phases, "from_year": model.base_year, "type": kind[row["setting"]]} | row
        for row in places
    ]
    cost_frame = frame_of("costs", costs, from_year=0)
    spread = [row | {"need": row.get("need", "ASD"), "phase": row.get("phase", "primary")} for row in demand]
    tables = Tables(
        areas=gpd.GeoDataFrame(area_frame, geometry=[Point(0, 0)] * len(area_frame), crs=27700),
        demand=frame_of("demand", spread),
        settings=gpd.GeoDataFrame(setting_frame, geometry=[Point(0, 0)] * len(setting_frame), crs=27700),
        places=frame_of("places", place_rows),
        costs=cost_frame,
        placements=None
        if placements is None
        else frame_of("placements", [{"need": "ASD", "phase": "primary"} | row for row in placements]),
        options=None if options is None else options_of(options, phases),
        budget=None if budget is None else frame_of("budget", budget),
        other_spend=None if other_spend is None else frame_of("other_spend", other_spend, fund="dsg"),
    )
    known = {(row["area"], row["setting"]): row for row in travel or []}
    matrix = pd.DataFrame(
        [
            {"area": area, "setting": setting, "minutes": 0.0, "km": 0.0} | known.get((area, setting), {})
            for area in area_frame["area"]
            for setting in setting_frame["setting"]
        ]
    )
    found = journeys(
        area_frame[["area", "x", "y"]],
        setting_frame[["setting", "type", "x", "y", "km", "minutes"]],
        method="matrix",
        matrix=matrix,
    )
    return Case(model, tables, found)


def options_of(options: list[Row], phases: tuple[str, ...]) -> pd.DataFrame:
    """Options as the reader would give them: needs ASD, all phases, full at once."""
    plain = {"needs": ("ASD",), "phases": phases, "ramp": (1.0,), "places": 0.0, "scalable": False}
    return frame_of("options", [plain | row for row in options])


def steady(area: str, children: float, years: range, **more: Any) -> list[Row]:
    """Demand of the same number of children every year."""
    return [{"area": area, "year": year, "children": children} | more for year in years]

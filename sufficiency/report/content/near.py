"""Who lives near a suitable place: children by the minutes to the nearest one that is designated for them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sufficiency.case import Case
from sufficiency.codes import BOUGHT

MINUTES = (30, 45, 60)
"""One way, by car: 45 minutes is DfE's guideline for primary children."""


def near_places(case: Case) -> pd.DataFrame:
    """`area, need, phase, children, minutes`: the children of the first plan year and the minutes one way to the
    nearest suitable place (inf where there is none, or none can be reached).

    Suitable: a line designated for the need and phase, with places that year or without a limit, full or not, at a
    setting that is open and stands on the map (or in the travel table). Independent and non-maintained schools and
    decisions that no school is appropriate are no such place: a council does not plan where they are.
    """
    year = case.model.years[0]
    demand = case.tables.demand
    cells = demand[(demand["year"] == year) & (demand["children"] > 0)]
    cells = cells.groupby(["area", "need", "phase"], sort=False)["children"].sum().reset_index()
    columns = _columns_by_cell(case, _suitable_lines(case, year))
    area = pd.Index(case.journeys.areas).get_indexer(pd.Index(cells["area"]))
    minutes = np.full(len(cells), np.inf)
    group, kinds = pd.factorize(pd.MultiIndex.from_frame(cells[["need", "phase"]]))
    for number, kind in enumerate(kinds):
        rows = np.flatnonzero((group == number) & (area >= 0))
        near = columns.get((str(kind[0]), str(kind[1])), [])
        if near and len(rows):
            times = case.journeys.minutes[area[rows]][:, near]
            minutes[rows] = np.where(np.isfinite(times), times, np.inf).min(axis=1)
    return cells.assign(minutes=minutes)


def near_summary(near: pd.DataFrame) -> pd.DataFrame:
    """`need, phase, children, within_30, within_45, within_60, no_place`: children, by need and phase."""
    counted = near.assign(
        **{f"within_{limit}": near["children"].where(near["minutes"] <= limit, 0.0) for limit in MINUTES},
        no_place=near["children"].where(~np.isfinite(near["minutes"]), 0.0),
    )
    columns = ["children", *(f"within_{limit}" for limit in MINUTES), "no_place"]
    return counted.groupby(["need", "phase"], sort=False)[columns].sum().reset_index()


def _suitable_lines(case: Case, year: int) -> pd.DataFrame:
    """The lines that have a place to offer that year, with the type of the line and where it is."""
    rows = case.tables.places.sort_values("from_year", kind="stable")
    rows = rows[rows["from_year"] <= year].drop_duplicates("line", keep="last")
    settings = case.tables.settings.set_index("setting").loc[rows["setting"]]
    is_open = (settings["opens"].fillna(-np.inf) <= year) & (settings["closes"].fillna(np.inf) > year)
    on_map = settings["km"].isna() & settings["minutes"].isna()
    has_places = rows["places"].isna() | (rows["places"] > 0)
    planned = ~rows["type"].isin([*BOUGHT, *case.model.continuity.by_pattern])
    return pd.DataFrame(rows[is_open.to_numpy() & on_map.to_numpy() & has_places & planned])


def _columns_by_cell(case: Case, lines: pd.DataFrame) -> dict[tuple[str, str], list[int]]:
    """Positions in the journeys of the settings suitable for each need and phase."""
    column = dict(zip(case.journeys.settings, range(len(case.journeys.settings)), strict=True))
    columns: dict[tuple[str, str], list[int]] = {}
    for setting, needs, phases in zip(lines["setting"], lines["needs"], lines["phases"], strict=True):
        for need in needs:
            for phase in phases:
                columns.setdefault((need, phase), []).append(column[setting])
    return columns

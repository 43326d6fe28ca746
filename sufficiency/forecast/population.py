"""People by age and year: known years, years between them on a straight line, years beyond by growing older."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from sufficiency.arrays import Floats
from sufficiency.forecast.england import YEAR_GROUPS


def people(table: pd.DataFrame | None, areas: Sequence[str], years: Sequence[int]) -> tuple[Floats, Floats | None]:
    """People of the authority [year, NCY] and, where the table has areas, young people by area [area] in the last
    year it tells. Without a table the population is level: one for every age.
    """
    if table is None:
        return np.ones((len(years), len(YEAR_GROUPS))), None
    ncy = np.clip(table["age"].to_numpy() - 4, YEAR_GROUPS[0], YEAR_GROUPS[-1]).astype(int)
    rows = table.assign(ncy=ncy)
    whole = rows[rows["area"] == ""]
    chosen = whole if len(whole) else rows
    known = chosen.pivot_table(index="year", columns="ncy", values="people", aggfunc="sum").reindex(columns=YEAR_GROUPS)
    # ages 24 and 25 share the last year group: half of both is one year of age
    both = chosen[chosen["ncy"] == YEAR_GROUPS[-1]].groupby("year")["age"].nunique()
    known[YEAR_GROUPS[-1]] = known[YEAR_GROUPS[-1]] / both.reindex(known.index).fillna(1.0)
    known = known.interpolate(axis=1, limit_direction="both")
    by_area = rows[rows["area"] != ""]
    return _over_years(known, years), _young(by_area, areas) if len(by_area) else None


def _over_years(known: pd.DataFrame, years: Sequence[int]) -> Floats:
    wanted = np.array(years)
    there = known.index.to_numpy(dtype=float)
    out = np.array([np.interp(wanted, there, known[ncy].to_numpy(dtype=float)) for ncy in known.columns]).T
    for position in np.flatnonzero(wanted > there[-1]):
        if position:
            out[position, 1:] = out[position - 1, :-1]
            out[position, 0] = out[position - 1, 0]
    return out


def _young(rows: pd.DataFrame, areas: Sequence[str]) -> Floats:
    last = rows[rows["year"] == rows["year"].max()]
    return np.asarray(last.groupby("area")["people"].sum().reindex(list(areas)).fillna(0.0).to_numpy(dtype=float))

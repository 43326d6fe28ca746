"""How Saltmere's EHC plans came to be, ten years back: plans, plans begun and ended, people and homes. All invented
but the rates, which are England's (`flows.py`).

The base year's children with a specialist place are those of the placements; with the children whose plan an ordinary
class meets they are all who have a plan. Each year further back, some had no plan yet, others had one that has ended
since, and some another need.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from children import BASE_YEAR, LAST_YEAR, NEEDS, YEAR_GROUPS, area_weights, ordinary_counts
from flows import BIRTHS, ENDED, NEED_CHANGES, begun, needs_before

if TYPE_CHECKING:
    from geography import Floats, Geography

FIRST_YEAR = 2016
SEED = 2
HOMES = {"S04": (120, 180, 180, 120, 60), "S12": (0, 40, 80, 80, 40), "S21": (200, 260, 260, 220, 160)}
HOMES_FROM = 2027
PEOPLE_YEARS = (2016, 2020, 2025, 2030, 2035)


def tables(children: pd.DataFrame, geography: Geography) -> dict[str, pd.DataFrame]:
    """The tables that a forecast is made from, by file name; `children` as placed in the base year."""
    rng = np.random.default_rng(SEED)
    ward = geography.small_areas["ward"].to_numpy()
    now = _everyone(rng, children[["small", "need", "ncy"]], geography)
    plans, new, ended = [now.assign(year=BASE_YEAR)], [], []
    changed = needs_before()
    for year in range(BASE_YEAR, FIRST_YEAR, -1):
        joined = rng.random(len(now)) < begun(year)[_cells(now)]
        new.append(now[joined].assign(year=year))
        before = _year_before(rng, now[~joined], changed)
        left = _left(rng, before, now)
        ended.append(left.assign(year=year))
        now = pd.concat([before, left], ignore_index=True)
        plans.append(now.assign(year=year - 1))
    history = pd.concat(plans).assign(area=lambda frame: ward[frame["small"]])
    return {
        "history": _counted(history, ["area", "need", "ncy", "year"]),
        "new_plans": _counted(pd.concat(new), ["need", "ncy", "year"]),
        "ceased_plans": _counted(pd.concat(ended), ["need", "ncy", "year"]),
        "population": _population(geography),
        "housing": _housing(),
    }


def _everyone(rng: np.random.Generator, specialist: pd.DataFrame, geography: Geography) -> pd.DataFrame:
    """All children with a plan in the base year, one a row."""
    counts, weights = ordinary_counts(), area_weights(geography)
    rows = [
        (int(i), need, ncy)
        for n, need in enumerate(NEEDS)
        for ncy, count in zip(YEAR_GROUPS, counts[n], strict=True)
        for i in rng.choice(len(weights), count, p=weights[:, n])
    ]
    return pd.concat([specialist, pd.DataFrame(rows, columns=["small", "need", "ncy"])], ignore_index=True)


def _year_before(rng: np.random.Generator, stayed: pd.DataFrame, changed: Floats) -> pd.DataFrame:
    """The children of a year who had a plan the year before, a year younger, some of them with another need."""
    needs, ages = stayed["need"].to_numpy(dtype=object).copy(), stayed["ncy"].to_numpy()
    other = rng.random(len(stayed)) < NEED_CHANGES
    for at in np.flatnonzero(other):
        mix = changed[:, ages[at] - YEAR_GROUPS[0]]
        if mix.any():
            needs[at] = NEEDS[rng.choice(len(NEEDS), p=mix)]
    return stayed.assign(ncy=stayed["ncy"] - 1, need=needs)


def _left(rng: np.random.Generator, before: pd.DataFrame, now: pd.DataFrame) -> pd.DataFrame:
    """Children whose plan ended in the year: like those of their age who stayed, or, of the oldest, like today's."""
    left = []
    for ncy, share in zip(YEAR_GROUPS, ENDED, strict=True):
        oldest = ncy == YEAR_GROUPS[-1]
        alike = now[now["ncy"] == ncy] if oldest else before[before["ncy"] == ncy]
        count = rng.poisson(len(alike) * (0.9 if oldest else share / (1 - share)))
        if len(alike):
            left.append(alike.iloc[rng.integers(len(alike), size=count)])
    return pd.concat(left, ignore_index=True)


def _cells(children: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Positions of need and year group."""
    return children["need"].map(NEEDS.index).to_numpy(), children["ncy"].to_numpy() - YEAR_GROUPS[0]


def _counted(rows: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    return rows.groupby(by).size().rename("plans").reset_index()


def _population(geography: Geography) -> pd.DataFrame:
    """People by ward, age and year: the young people of a ward, by how many were born in each year."""
    wards = geography.small_areas["ward"].to_numpy()
    young = pd.Series(geography.young_people).groupby(wards).sum()
    born = np.array(list(BIRTHS))
    rows = []
    for year in PEOPLE_YEARS:
        for age in range(26):
            level = np.interp(year - age, born, list(BIRTHS.values()))
            rows += [(ward, age, year, round(float(count) / 26 * float(level), 1)) for ward, count in young.items()]
    return pd.DataFrame(rows, columns=["area", "age", "year", "people"]).sort_values(["area", "age", "year"])


def _housing() -> pd.DataFrame:
    rows = [
        (ward, HOMES_FROM + later, homes)
        for ward, all_homes in HOMES.items()
        for later, homes in enumerate(all_homes)
        if homes
    ]
    return pd.DataFrame(rows, columns=["area", "year", "homes"]).query(f"year <= {LAST_YEAR}")

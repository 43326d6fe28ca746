"""How Saltmere's EHC plans came to be, ten years back: plans, plans begun and ended, people and homes. All invented
but the rates, which are England's.

The base year's children with a specialist place are those of the placements; with the children whose plan an ordinary
class meets they are all who have a plan. Each year further back, some had no plan yet and others had one that has
ended since.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from children import BASE_YEAR, EHC_PLANS, LAST_YEAR, NEEDS, YEAR_GROUPS, area_weights, published, specialist_profile

if TYPE_CHECKING:
    from geography import Floats, Geography

FIRST_YEAR = 2016
SEED = 2016
# Of the plans at an age, those begun in the year before, by national curriculum year from −4 on: England, January
# 2025, from plans at each age in January 2024 and a year older in 2025 (DfE), with 2.5 % leaving before 16 and the
# leaving below.
BEGUN = (1.0, 1.0, 1.0, 0.89, 0.80, 0.32, 0.24, 0.21, 0.19, 0.19, 0.20, 0.19, 0.11, 0.12, 0.13, 0.11, 0.08,
         0.04, 0.04, 0.04, 0.01, 0.01, 0.01, 0.01, 0.01)  # fmt: skip
# Of the plans at an age, those ended a year later, likewise; at 20 (ages 24 and 25) all.
ENDED = (0.025,) * 16 + (0.04, 0.16, 0.24, 0.25, 0.28, 0.33, 0.37, 0.43, 1.0)
# Children whose recorded need is another than the year before: assumed; then it is drawn from the needs of that age.
NEED_CHANGES = 0.08
HOMES = {"S04": (120, 180, 180, 120, 60), "S12": (0, 40, 80, 80, 40), "S21": (200, 260, 260, 220, 160)}
HOMES_FROM = 2027
# People of an age against the first, by the year they were born in: births rose to 2012 and have fallen since
# (England's pattern, rounded).
BIRTHS = {1990: 1.00, 2001: 0.88, 2012: 1.05, 2020: 0.90, 2035: 0.86}
PEOPLE_YEARS = (2016, 2020, 2025, 2030, 2035)


def tables(children: pd.DataFrame, geography: Geography) -> dict[str, pd.DataFrame]:
    """The tables that a forecast is made from, by file name; `children` as placed in the base year."""
    rng = np.random.default_rng(SEED)
    ward = geography.small_areas["ward"].to_numpy()
    now = _everyone(rng, children[["small", "need", "ncy"]], geography)
    plans, begun, ended = [now.assign(year=BASE_YEAR)], [], []
    mix = _need_mix()
    for year in range(BASE_YEAR, FIRST_YEAR, -1):
        joined = rng.random(len(now)) < np.take(BEGUN, now["ncy"].to_numpy() - YEAR_GROUPS[0])
        begun.append(now[joined].assign(year=year))
        before, left = _year_before(rng, now[~joined], now, mix)
        ended.append(left.assign(year=year))
        now = pd.concat([before, left], ignore_index=True)
        plans.append(now.assign(year=year - 1))
    history = pd.concat(plans).assign(area=lambda frame: ward[frame["small"]])
    return {
        "history": _counted(history, ["area", "need", "ncy", "year"]),
        "new_plans": _counted(pd.concat(begun), ["need", "ncy", "year"]),
        "ceased_plans": _counted(pd.concat(ended), ["need", "ncy", "year"]),
        "population": _population(geography),
        "housing": _housing(),
    }


def _everyone(rng: np.random.Generator, specialist: pd.DataFrame, geography: Geography) -> pd.DataFrame:
    """All children with a plan in the base year, one a row."""
    table = published("need_by_year_group.csv", "ncy").reindex(YEAR_GROUPS, fill_value=0)[list(NEEDS)].to_numpy(float).T
    others = np.maximum(table * EHC_PLANS / table.sum() - specialist_profile(), 0.0)
    weights = area_weights(geography)
    rows = []
    for n, need in enumerate(NEEDS):
        counts = np.diff(np.rint(np.concatenate([[0.0], np.cumsum(others[n])]))).astype(int)
        for ncy, count in zip(YEAR_GROUPS, counts, strict=True):
            rows += [(int(i), need, ncy) for i in rng.choice(len(weights), count, p=weights[:, n])]
    ordinary = pd.DataFrame(rows, columns=["small", "need", "ncy"])
    return pd.concat([specialist, ordinary], ignore_index=True)


def _year_before(
    rng: np.random.Generator, stayed: pd.DataFrame, now: pd.DataFrame, mix: Floats
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The children of a year who had a plan the year before, a year younger; and those whose plan ended in between."""
    before = stayed.assign(ncy=stayed["ncy"] - 1)
    for at, ncy in enumerate(before["ncy"]):
        if rng.random() < NEED_CHANGES:
            before.iloc[at, before.columns.get_loc("need")] = rng.choice(NEEDS, p=mix[:, ncy - YEAR_GROUPS[0]])
    left = []
    for ncy in YEAR_GROUPS:
        alike = before[before["ncy"] == ncy] if ncy < YEAR_GROUPS[-1] else now[now["ncy"] == ncy]
        ended = ENDED[ncy - YEAR_GROUPS[0]]
        count = rng.poisson(len(alike) * (ended / (1 - ended) if ended < 1 else 0.9))
        if len(alike):
            left.append(alike.iloc[rng.integers(len(alike), size=count)])
    return before, pd.concat(left, ignore_index=True)


def _need_mix() -> Floats:
    table = published("need_by_year_group.csv", "ncy").reindex(YEAR_GROUPS).bfill()[list(NEEDS)].to_numpy(float).T
    return table / table.sum(axis=0)


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

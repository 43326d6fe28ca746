"""What England's published figures say where a council's own are few: need by age, who needs a specialist place, who
joins and who leaves.

Sources, in `reference/`: DfE, Education, health and care plans, January 2025 (plans by need and age, by placement and
age, by placement and need), plans at each age in January 2024 with those a year older in January 2025, and plans begun
in 2024 by need and age. Age at the start of the academic year less four is the national curriculum year (NCY); −2
stands for under 3, 20 for 24 and 25. DfE gives new plans by the age before the count, so they stand a year group on;
−1 stands for aged 2 and under before it, 17 for 20 and over.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd

from sufficiency.arrays import Floats
from sufficiency.codes import FIRST_NCY, LAST_NCY, NEEDS
from sufficiency.shipped import reference_file

YEAR_GROUPS = np.arange(FIRST_NCY, LAST_NCY + 1)
NEED_CODES = tuple(NEEDS)
LEAVING_BEFORE_16 = 0.025
"""A year, of those aged under 16: DfE, reporting year 2025; nearly all move to another authority."""
JOINING_SHARE_16, JOINING_SHARE_19 = 0.03, 0.005
"""New plans as a share of plans at 16 to 18 and from 19 on: DfE, SEN2 2021 (2,977 new of 98,647; 179 of 34,309)."""
COLLEGE_SHARE, NURSERY_SHARE = 0.5, 0.5
"""Of plans in further education and in early years settings, those that need a specialist place: assumptions."""
SPECIALIST = ("base", "state_special", "inmss", "ap", "eotas")
LEAST_MIX = 1e-4


def _published(name: str, index: str) -> pd.DataFrame:
    return pd.read_csv(reference_file(f"england_{name}.csv"), index_col=index)


@cache
def plans() -> Floats:
    """[need, NCY] England's plans, January 2025; Down syndrome was not published apart, nor unknown needs by age."""
    table = _published("need_by_year_group", "ncy").reindex(index=YEAR_GROUPS, columns=list(NEED_CODES))
    youngest = table.index < -2
    table.loc[youngest] = table.loc[-2].to_numpy() * 0.25
    return np.asarray(table.fillna(0.0).to_numpy(dtype=float).T)


@cache
def need_mix() -> Floats:
    """[need, NCY] share of each need at an age."""
    counts = plans() + LEAST_MIX * plans().sum(axis=0) * (plans().sum(axis=1) > 0)[:, None]
    return np.asarray(counts / counts.sum(axis=0))


@cache
def placed_by_year_group() -> pd.DataFrame:
    """England's plans by where children are, January 2025: a row a year group, `plans` all of them."""
    return _published("placement_by_year_group", "ncy")


@cache
def specialist_share() -> Floats:
    """[need, NCY] share of plans that need a specialist place: England's share at the age, tilted by that of the
    need.
    """
    by_age = placed_by_year_group()
    special = (
        by_age[list(SPECIALIST)].sum(axis=1) + COLLEGE_SHARE * by_age["fe"] + NURSERY_SHARE * by_age["early_years"]
    )
    age = (special / by_age["plans"]).reindex(YEAR_GROUPS, method="bfill").to_numpy(dtype=float)
    by_need = _published("placement_share_by_need", "need")
    share = (by_need[list(SPECIALIST)].sum(axis=1) + COLLEGE_SHARE * by_need["fe"]) / 100
    need = share.reindex(list(NEED_CODES)).fillna(share["ALL"]).to_numpy(dtype=float)
    tilt = logit(need) - logit(np.array([share["ALL"]]))
    return expit(logit(age)[None, :] + tilt[:, None])


@cache
def leaving() -> Floats:
    """[NCY] share of the plans at an age that have ended a year later."""
    cohorts = _cohorts()
    ratio = (cohorts["plans_a_year_older_2025"] / cohorts["plans_2024"]).reindex(YEAR_GROUPS)
    joining = np.where(YEAR_GROUPS < 15, JOINING_SHARE_16, JOINING_SHARE_19)
    rates = np.where(YEAR_GROUPS < 12, LEAVING_BEFORE_16, 1 - ratio.to_numpy(dtype=float) + joining)
    rates[-1] = 1.0
    return np.clip(rates, LEAVING_BEFORE_16, 1.0)


@cache
def joining() -> Floats:
    """[NCY] children of England who joined in a year and were of that age at its end."""
    cohorts = _cohorts()
    stayed = cohorts["plans_2024"].reindex(YEAR_GROUPS).fillna(0.0).to_numpy(dtype=float) * (1 - leaving())
    now = plans().sum(axis=0)
    joined = np.empty(len(YEAR_GROUPS))
    joined[0], joined[1:] = now[0], now[1:] - stayed[:-1]
    return np.maximum(joined, 0.0)


@cache
def joining_mix() -> Floats:
    """[need, NCY] share of each need among the plans begun in a year, by the NCY at the count that follows."""
    table = _published("new_plans_by_year_group", "ncy").reindex(columns=list(NEED_CODES)).fillna(0.0)
    counts = table.reindex(YEAR_GROUPS).bfill().ffill().to_numpy(dtype=float).T
    counts = counts + LEAST_MIX * counts.sum(axis=0) * (counts.sum(axis=1) > 0)[:, None]
    return np.asarray(counts / counts.sum(axis=0))


@cache
def drift() -> Floats:
    """[need, NCY] change of each need's share among those who stay, from an age to the next; adds up to zero.

    Those a year older less those who joined are those who stayed: their shares less the shares a year younger.
    """
    mix, joined = need_mix(), joining()
    stayed = np.nan_to_num(_cohorts()["plans_2024"].reindex(YEAR_GROUPS).to_numpy(dtype=float)) * (1 - leaving())
    remained = np.maximum(mix[:, 1:] * (stayed[:-1] + joined[1:]) - joining_mix()[:, 1:] * joined[1:], 0.0)
    known = stayed[:-1] > 0
    changed = np.where(known, remained / remained.sum(axis=0) - mix[:, :-1], 0.0)
    return np.append(changed, np.zeros((len(mix), 1)), axis=1)


@cache
def _cohorts() -> pd.DataFrame:
    cohorts = _published("cohorts", "age")
    cohorts.index = cohorts.index - 4
    return cohorts


def logit(share: Floats) -> Floats:
    """Log odds."""
    return np.asarray(np.log(share) - np.log1p(-share))


def expit(odds: Floats) -> Floats:
    """The share of log odds."""
    return np.asarray(1 / (1 + np.exp(-odds)))

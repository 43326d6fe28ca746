"""The children to come: plans grow a year older, end and begin at the rates that the history was made with, and a
falling share of them needs a specialist place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from children import (
    BASE_YEAR,
    LAST_YEAR,
    NEEDS,
    TEN_THOUSANDTHS,
    YEAR_GROUPS,
    area_weights,
    ordinary_counts,
    specialist_profile,
)
from flows import ENDED, begun, drift, people, plans_profile

if TYPE_CHECKING:
    import pandas as pd
    from geography import Floats, Geography, Ints

# Growth of the joining rate in the first year, and the years after which half of it is left: assumed, between what
# Saltmere has seen and England's 12 % a year.
JOINING_GROWTH, GROWTH_HALF = 0.10, 4.0
# Yearly change of the share of plans that need a specialist place, and what a year leaves of it: special schools held
# 38.6 % of England's plans in 2019 and 30.4 % in 2025 (DfE); that it fades is assumed.
SPECIALIST_DRIFT, DRIFT_LEFT = -0.04, 0.85
STAY_IN_SPECIALIST = 0.985  # a year: about 2.5 % of plans cease before 16, and few of them specialist places
PLANS_PER_HOME = 0.02  # half a child a home, of whom 4 % have a plan (DfE, pupil yields)


def demand(children: pd.DataFrame, geography: Geography, homes: pd.Series) -> Ints:
    """[year, small area, need, year group] expected children, in ten-thousandths, so that sums are exact.

    The base year are the children themselves. They grow a year older where they live, as far as the authority's total
    of their need and age allows; the others are spread over the areas by young people and deprivation. `homes` are new
    homes by year.
    """
    stock = np.zeros((LAST_YEAR - BASE_YEAR + 1, len(geography.young_people), len(NEEDS), len(YEAR_GROUPS)))
    index = (children["small"], children["need"].map(NEEDS.index), children["ncy"] - YEAR_GROUPS[0])
    np.add.at(stock[0], tuple(i.to_numpy() for i in index), 1)
    plans = _plans(stock[0].sum(axis=0) + ordinary_counts(), geography, homes)
    weights = area_weights(geography)
    share = specialist_profile() / np.maximum(plans_profile(), 1e-9)
    for t in range(1, len(stock)):
        fallen = (1 + SPECIALIST_DRIFT) ** ((1 - DRIFT_LEFT**t) / (1 - DRIFT_LEFT))
        target = plans[t] * share * fallen
        staying = _grow_up(stock[t - 1] * STAY_IN_SPECIALIST)
        there = staying.sum(axis=0)
        staying *= np.divide(target, there, out=np.zeros_like(there), where=there > 0).clip(max=1.0)
        stock[t] = staying + weights[:, :, None] * (target - staying.sum(axis=0)).clip(min=0.0)
    return np.rint(stock * TEN_THOUSANDTHS).astype(np.int64)


def _plans(start: Floats, geography: Geography, homes: pd.Series) -> Floats:
    """[year, need, year group] expected plans of the authority."""
    joined, change = begun() * plans_profile(), drift()
    plans = np.zeros((LAST_YEAR - BASE_YEAR + 1, *start.shape))
    plans[0] = start
    fading = 0.5 ** ((np.arange(1, len(plans)) / GROWTH_HALF) ** 3)
    level = np.exp(np.log1p(JOINING_GROWTH) * np.cumsum(fading))
    at_risk = people(geography, BASE_YEAR) - (start.sum(axis=0) - joined.sum(axis=0))
    for t in range(1, len(plans)):
        stayed = plans[t - 1] * (1 - ENDED)
        older = _grow_up(np.maximum(stayed + change * stayed.sum(axis=0), 0.0))
        without = people(geography, BASE_YEAR + t) - older.sum(axis=0)
        new_homes = PLANS_PER_HOME * homes.get(BASE_YEAR + t, 0) * start / start.sum()
        plans[t] = older + joined * (without / at_risk) * level[t - 1] + new_homes
    return plans


def _grow_up(stock: Floats) -> Floats:
    """Everyone a year group on; the oldest leave."""
    older = np.zeros_like(stock)
    older[..., 1:] = stock[..., :-1]
    return older

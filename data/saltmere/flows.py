"""Who begins a plan, whose plan ends and whose need is recorded anew: England's rates at Saltmere's level. The history
looks back along them and the demand table ahead, so both tell one story.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from children import BASE_YEAR, EHC_PLANS, NEEDS, YEAR_GROUPS, published

if TYPE_CHECKING:
    from geography import Floats, Geography

# Plans begun in a year for those there, after Reception, against England (1): in the base year, and what it was a year
# before. Invented: Saltmere finds its children as early as England, and fewer join later, so its plans grow slowly.
JOINING, YEAR_BEFORE = {"SEMH": 0.80, "else": 0.66}, 0.97
# Of the plans at an age, those ended a year later, by national curriculum year from −4 on; at 20 (ages 24 and 25) all.
# England, from plans at each age in January 2024 and a year older in 2025 (DfE), with 2.5 % leaving before 16.
ENDED = np.array((0.025,) * 16 + (0.04, 0.16, 0.24, 0.25, 0.28, 0.33, 0.37, 0.43, 1.0))
# Children whose recorded need is another than the year before: assumed.
NEED_CHANGES = 0.08
# People of an age against the first, by the year they were born in: births rose to 2012 and have fallen since
# (England's pattern, rounded).
BIRTHS = {1990: 1.00, 2001: 0.88, 2012: 1.05, 2020: 0.90, 2035: 0.86}


def plans_profile() -> Floats:
    """[need, year group] plans of the base year, England's pattern at Saltmere's total."""
    table = _by_need("need_by_year_group.csv")
    return table * (EHC_PLANS / table.sum())


def begun(year: int = BASE_YEAR) -> Floats:
    """[need, year group] of the plans there in a year up to the base year, the share begun in the year before.

    England's plans begun in 2024 against those there in January 2025; the share that was there before is raised to the
    power of Saltmere's JOINING.
    """
    there, new = _by_need("need_by_year_group.csv"), _by_need("new_plans_by_year_group.csv")
    share = np.divide(new, there, out=np.ones_like(new), where=there > 0).clip(max=1.0)
    share[:, np.array(YEAR_GROUPS) < -1] = 1.0
    joining = np.array([[JOINING.get(need, JOINING["else"])] for need in NEEDS])
    level = np.where(np.array(YEAR_GROUPS) > 0, joining * YEAR_BEFORE ** (BASE_YEAR - year), 1.0)
    return np.round(1 - (1 - share) ** level, 6)


def needs_before() -> Floats:
    """[need, year group] the needs that children of an age whose need has changed since had a year before.

    Such that the others, who keep their need, and they together have England's needs of that age.
    """
    there = _by_need("need_by_year_group.csv")
    new = np.minimum(_by_need("new_plans_by_year_group.csv"), there)
    before = np.zeros_like(there)
    before[:, 1:] = there[:, :-1]
    stayed, before = (_shares(counts) for counts in (there - new, before))
    return _shares(np.maximum(before - (1 - NEED_CHANGES) * stayed, 0.0))


def drift() -> Floats:
    """[need, year group] what a need's share of those who stay changes by, from an age to the next."""
    there = _by_need("need_by_year_group.csv")
    stayed = _shares(there - np.minimum(_by_need("new_plans_by_year_group.csv"), there))
    change = np.zeros_like(there)
    change[:, :-1] = stayed[:, 1:] - _shares(there)[:, :-1]
    change[:, there.sum(axis=0) == 0] = 0.0
    return change


def people(geography: Geography, year: int) -> Floats:
    """[year group] people of Saltmere by age."""
    level = np.interp(year - 4 - np.array(YEAR_GROUPS), list(BIRTHS), list(BIRTHS.values()))
    return geography.young_people.sum() / 26 * level


def _by_need(name: str) -> Floats:
    table = published(name, "ncy").reindex(YEAR_GROUPS, fill_value=0)[list(NEEDS)]
    return table.to_numpy(float).T


def _shares(counts: Floats) -> Floats:
    sums = counts.sum(axis=0)
    return np.divide(counts, sums, out=np.zeros_like(counts), where=sums > 0)

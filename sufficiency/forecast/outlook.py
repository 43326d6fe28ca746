"""Three outlooks: joining goes on growing, stays as it is, or follows the path that DfE expects of its reforms."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sufficiency.arrays import Floats
from sufficiency.forecast.cohort import course, level_of_joining
from sufficiency.forecast.flows import Rates

REFORM = {2024: 5.3, 2029: 7.7, 2034: 4.7}
"""Per cent of pupils with a plan by the academic year: DfE's path as given to Parliament in 2026 (2024/25, 2029/30 and
2034/35); between them a steady rate of change, after them level.
"""
MOST_JOINING = 3.0
"""Times today's joining that the path of the reforms may ask for in a year."""


def joining_level(
    outlook: str, start: Floats, rates: Rates, people: Floats, extra: Floats, years: Sequence[int]
) -> Floats:
    """[year] joining against today's. `years`: the last known year, then those to come."""
    ahead = len(years) - 1
    if outlook == "stabilise":
        return np.ones(ahead)
    if outlook == "trend":
        return level_of_joining(rates.growth, ahead)
    return _following(start, rates, people, extra, reform_path(years))


def reform_path(years: Sequence[int]) -> Floats:
    """Plans against those of the first year, as the reforms' path has them."""
    per_cent = np.exp(np.interp(years, list(REFORM), np.log(list(REFORM.values()))))
    return np.asarray(per_cent / per_cent[0])


def _following(start: Floats, rates: Rates, people: Floats, extra: Floats, path: Floats) -> Floats:
    """The joining that keeps expected plans on a path: never below 0, so that nobody loses a plan for it."""
    level = np.zeros(len(path) - 1)
    stock = start
    for year, wanted in enumerate(path[1:]):
        none, one = (
            course(stock, rates, people[year : year + 1], np.array([times]), extra[year : year + 1])[1, 0]
            for times in (0.0, 1.0)
        )
        joining = float((one - none).sum())
        short = wanted * start.sum() - none.sum()
        level[year] = np.clip(short / joining, 0.0, MOST_JOINING) if joining > 0 else 1.0
        stock = none + level[year] * (one - none)
    return level

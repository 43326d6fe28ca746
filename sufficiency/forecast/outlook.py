"""Outlooks: joining goes on growing, stays as it is, follows the path that DfE expects of its reforms, or grows as
requests rise, or refusals fall.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sufficiency.arrays import Floats
from sufficiency.forecast.cohort import course, level_of_joining
from sufficiency.forecast.flows import Rates
from sufficiency.model.forecast import Forecast

REFORM = {2024: 5.3, 2029: 7.7, 2034: 4.7}
"""Per cent of pupils with a plan by the academic year: DfE's path as given to Parliament in 2026 (2024/25, 2029/30 and
2034/35); between them a steady rate of change, after them level.
"""
MOST_JOINING = 3.0
"""Times today's joining that the path of the reforms may ask for in a year."""


OUTLOOKS = ("trend", "stabilise", "reform", "requests_rise", "refusals_fall")
DECIDED_IN_YEAR = 32 / 52
"""Of the requests of a year, those that lead to plans before its end: 20 weeks are given for one (SEND Regulations
2014, regulation 13).
"""


def joining_level(
    choice: Forecast,
    start: Floats,
    rates: Rates,
    people: Floats,
    extra: Floats,
    years: Sequence[int],
    refused: float = 0.0,
) -> Floats:
    """[year] joining against today's. `years`: the last known year, then those to come; `refused`: today's share of
    requests refused.
    """
    if choice.outlook == "stabilise":
        return np.ones(len(years) - 1)
    if choice.outlook == "reform":
        return _following(start, rates, people, extra, reform_path(years))
    times = np.ones(len(years) - 1)
    if choice.outlook == "requests_rise":
        turn = max(REFORM, key=lambda year: REFORM[year])
        times = delayed(np.where(np.array(years[1:]) <= turn, 1 + choice.requests_rise, 1.0))
    if choice.outlook == "refusals_fall" and refused < 1:
        granted = (1 - refused * (1 - choice.refusals_fall)) / (1 - refused)
        times = delayed(np.full(len(years) - 1, granted))
    return level_of_joining(rates.growth, len(years) - 1) * times


def delayed(times: Floats) -> Floats:
    """What requests, `times` [year] today's, are as plans begun: a part of a year's come in the next."""
    before = np.append(1.0, times[:-1]) if len(times) else times
    return np.asarray(DECIDED_IN_YEAR * times + (1 - DECIDED_IN_YEAR) * before)


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

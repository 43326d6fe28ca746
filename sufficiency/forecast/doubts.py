"""What is hard to believe in a forecast: more of an age group with a plan than is known anywhere, and a demand table
that says otherwise.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from sufficiency.arrays import Floats
from sufficiency.forecast.ages import span_named
from sufficiency.forecast.band_history import BANDS
from sufficiency.forecast.england import YEAR_GROUPS
from sufficiency.forecast.inputs import Inputs
from sufficiency.forecast.run import expected_children, expected_plans
from sufficiency.problems import Problem

HIGHEST_SHARE = 0.15
"""Of an age band, the share with a plan above which a forecast is doubted. The highest of 152 authorities in January
2022 was 7.6 % (Torbay, 551 plans at 11 to 15; England 4.9 %): plans from DfE's SEN2, and as many children at each age
from 2 to 18 (DfE, high-needs benchmarking). England's plans at 11 to 15 rose by 39 % to January 2025 (167,305 to
233,317), and DfE expects pupils with a plan to rise by another 45 % to their peak (5.3 % in 2024/25, 7.7 % in 2029/30):
7.6 % × 1.39 × 1.45 is 15 %.
"""
MOST_APART = 0.05
"""Of the children in the demand table, the difference from the forecast above which it is said: about what forecasts of
totals miss by a year ahead.
"""
MOST_YEARS = 12


def too_many_plans(inputs: Inputs) -> list[Problem]:
    """A warning for each age band of which the forecast gives more a plan than `HIGHEST_SHARE`, the worst year named;
    none where the people of each age are not known.
    """
    if not inputs.counted or inputs.imported is not None:
        return []
    plans = expected_plans(inputs).sum(axis=1)
    people = inputs.people[len(inputs.years) - 1 :].copy()
    people[:, -1] *= 2  # ages 24 and 25 share the last year group, and its people are those of one age
    years = np.arange(inputs.years[-1], inputs.years[-1] + len(plans))
    doubts = []
    spans = [(band, span_named(band, ())) for band in BANDS]
    for band, (first, last) in [(band, span) for band, span in spans if span is not None]:
        ages = (first <= YEAR_GROUPS) & (last >= YEAR_GROUPS)
        with_plan, of_all = plans[:, ages].sum(axis=1), people[:, ages].sum(axis=1)
        share = np.divide(with_plan, of_all, out=np.zeros_like(with_plan), where=of_all > 0)
        worst = int(share.argmax())
        if share[worst] > HIGHEST_SHARE:
            first_year = years[int((share > HIGHEST_SHARE).argmax())]
            what = (
                f"the forecast gives {share[worst]:.0%} of those aged {band} a plan in {years[worst]} "
                f"({with_plan[worst]:,.0f} of {of_all[worst]:,.0f} people), and more than {HIGHEST_SHARE:.0%} for "
                f"the first time in {first_year}; the highest known is 7.6% (Torbay, aged 11 to 15, January 2022), "
                f"which at the peak that DfE expects would be {HIGHEST_SHARE:.0%}"
            )
            fix = (
                "check that history and population count the same area and ages; a lower forecast.joining_growth or "
                'outlook = "stabilise" gives fewer'
            )
            doubts.append(Problem(what, _file(inputs), fix=fix, severity="warning"))
    return doubts


def demand_apart(inputs: Inputs, demand: pd.DataFrame, file: str) -> list[Problem]:
    """One warning where the children of the demand table and those that the history leads to are more than `MOST_APART`
    apart in a year of the plan, with the figures of those years. `demand`: columns `year` and `children`.
    """
    years = list(inputs.model.plan_years)
    inside = inputs.phase_of >= 0
    forecast = expected_children(inputs)[1:, :, inside].sum(axis=(1, 2))
    table = demand.groupby("year")["children"].sum().reindex(years).to_numpy(dtype=float)
    apart = _apart(table, forecast)
    far = [place for place in range(len(years)) if apart[place] > MOST_APART]
    if not far:
        return []
    worst = max(far, key=lambda place: apart[place])
    differences = "; ".join(
        f"{years[place]} {table[place]:,.0f} and {forecast[place]:,.0f}" for place in far[:MOST_YEARS]
    )
    more = f"; and {len(far) - MOST_YEARS} more years" if len(far) > MOST_YEARS else ""
    used = "the demand table" if inputs.model.forecast is None else "the forecast"
    what = (
        f"the demand table and the forecast from {_file(inputs)} are up to {apart[worst]:.0%} apart ({years[worst]}); "
        f"the plan uses {used}; children in the table and in the forecast: {differences}{more}"
    )
    fix = "decide which is right: name the demand.csv that `sufficiency forecast` writes, or correct the history"
    return [Problem(what, file, column="children", fix=fix, severity="warning")]


def _apart(table: Floats, forecast: Floats) -> Floats:
    """Differences as a share of the table; years that it does not have are no difference."""
    known = np.isfinite(table)
    children = np.where(known, table, 1.0)
    none = np.where(np.abs(forecast) > 0, np.inf, 0.0)
    share = np.divide(np.abs(forecast - children), children, out=none, where=children > 0)
    return np.where(known, share, 0.0)


def _file(inputs: Inputs) -> str:
    return inputs.files["history"].name

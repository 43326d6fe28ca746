"""What the children placed and the places commissioned cost: cash of the year, undiscounted.

A place counts for its academic year; a financial year takes 5/12 of the academic year that ends in it and 7/12 of
the one that starts (post-16: 4/12 and 8/12). Source: DfE, high needs place funding; checked against its 2023-24
allocations.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from sufficiency.arrays import Floats, positions, totals
from sufficiency.case import Case
from sufficiency.codes import SCHOOL_PHASES
from sufficiency.plan.cells import PlanData
from sufficiency.plan.money import pair_keys
from sufficiency.rates import ChildRates, child_rates, inflation_factor, place_rates, transport_per_child

POST_16_TYPES = ("college", "specialist_post_16")
EARLIER_SHARE = {False: 5 / 12, True: 4 / 12}
"""Share of the earlier academic year in a financial year, by whether the money is post-16."""

COLUMNS = ["year", "budget_line", "type", "fund", "pounds"]


def spend_by_academic_year(case: Case, data: PlanData, stock: Floats, waiting: Floats) -> pd.DataFrame:
    """Rows of `spend.csv`, base year included, with a further column `post_16`. `stock` [T+1, P], `waiting` [T+1,
    C].
    """
    keys = pair_keys(data.cells, data.lines, data.pair_cell, data.pair_line)
    setting = positions(case.tables.settings["setting"], data.lines["setting"])
    late = [phase.code for phase in case.model.phase_list if phase.first >= SCHOOL_PHASES["post_16"][0]]
    older = keys["phase"].isin(late) | keys["type"].isin(POST_16_TYPES)
    older_line = data.lines["phases"].map(lambda phases: set(phases) <= set(late)) | data.lines["type"].isin(
        POST_16_TYPES
    )
    years = data.years.tolist()
    used = np.flatnonzero(stock.any(axis=0))
    keys, at = keys.iloc[used], setting[data.pair_line[used]]
    fees = child_rates(case, keys, years)
    transport = transport_per_child(case, at, keys["type"], data.km[used], years)
    funding = _place_funding(case, data, stock)
    common = {"type": keys["type"].to_numpy(), "post_16": older.to_numpy()[used]}
    by_line = {"type": data.lines["type"].to_numpy(), "post_16": older_line.to_numpy()}
    travel_line = case.model.finance.transport_budget_line
    parts: list[pd.DataFrame] = []
    for t, year in enumerate(years):
        children = stock[t, used]
        parts += [
            _part(year, "dsg", fees.budget_line[t], fees.pounds[t] * children, **common),
            _part(year, "general_fund", travel_line, transport[t] * children, **common),
            _part(year, "dsg", funding.budget_line[t], funding.pounds[t], **by_line),
            _awaiting(case, year, float(waiting[t].sum())),
        ]
    rows = pd.concat(parts, ignore_index=True)
    rows = rows[rows["pounds"] != 0]
    rows["budget_line"] = rows["budget_line"].replace("", "not given")
    return rows.groupby(["year", "budget_line", "type", "fund", "post_16"])["pounds"].sum().reset_index()


def _part(year: int, fund: str, budget_line: object, pounds: Floats, **columns: object) -> pd.DataFrame:
    return pd.DataFrame({"year": year, "fund": fund, "budget_line": budget_line, "pounds": pounds} | columns)


def _place_funding(case: Case, data: PlanData, stock: Floats) -> ChildRates:
    """[T+1, L] £ a year: filled places at their rate and empty ones at theirs, so that the sum is what the
    objective counts.
    """
    rates = place_rates(case, data.lines, data.years.tolist())
    counted = data.line_open & np.isfinite(data.commissioned)
    children = np.stack([totals(data.pair_line, row, len(data.lines)) for row in stock])
    pounds = data.place_funding + data.option_cost + (rates.filled - rates.empty) * np.where(counted, children, 0.0)
    return ChildRates(pounds, rates.budget_line)


def _awaiting(case: Case, year: int, children: float) -> pd.DataFrame:
    cost = case.model.finance.awaiting_cost * inflation_factor(case, "default", year) * children
    return pd.DataFrame(
        {
            "year": [year],
            "type": "awaiting",
            "post_16": False,
            "budget_line": "interim provision",
            "fund": "dsg",
            "pounds": cost,
        }
    )


def academic(spend: pd.DataFrame, first_year: int) -> pd.DataFrame:
    """`spend.csv`: plan years only."""
    rows = spend[spend["year"] >= first_year]
    return rows.groupby(COLUMNS[:-1])["pounds"].sum().reset_index()


def financial(spend: pd.DataFrame, first_year: int) -> pd.DataFrame:
    """`spend_financial.csv`: financial years that start in a plan year, from the academic years either side of
    September.
    """
    earlier = spend["post_16"].map(EARLIER_SHARE).astype(float)
    starts = spend.assign(pounds=spend["pounds"] * (1 - earlier), financial_year=spend["year"])
    ends = spend.assign(pounds=spend["pounds"] * earlier, financial_year=spend["year"] + 1)
    rows = pd.concat([starts, ends], ignore_index=True)
    rows = rows[(rows["financial_year"] >= first_year) & (rows["financial_year"] <= spend["year"].max())]
    summed: pd.DataFrame = rows.groupby(["financial_year", "budget_line", "type", "fund"])["pounds"].sum().reset_index()
    return summed

"""What the children placed and the places commissioned cost: cash of the year, undiscounted.

A place counts for its academic year; a financial year takes 5/12 of the academic year that ends in it and 7/12 of the one that starts
(post-16: 4/12 and 8/12). Source: DfE, high needs place funding; checked against its 2023-24 allocations.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sufficiency.case import Case
from sufficiency.codes import SCHOOL_PHASES
from sufficiency.plan.cells import PlanData
from sufficiency.plan.money import pair_keys
from sufficiency.rates import child_rates, inflation_factor, place_rates, transport_per_child

Floats = NDArray[np.float64]

POST_16_TYPES = ("college", "specialist_post_16")
EARLIER_SHARE = {False: 5 / 12, True: 4 / 12}
"""Share of the earlier academic year in a financial year, by whether the money is post-16."""

COLUMNS = ["year", "budget_line", "type", "fund", "pounds"]


def spend_by_academic_year(case: Case, data: PlanData, stock: Floats, waiting: Floats) -> pd.DataFrame:
    """Rows of `spend.csv`, base year included, with a further column `post_16`. `stock` [T+1, P], `waiting` [T+1, C]."""
    keys = pair_keys(data.cells, data.lines, data.pair_cell, data.pair_line)
    setting = pd.Index(case.tables.settings["setting"]).get_indexer(data.lines["setting"])
    late = [phase.code for phase in case.model.phase_list if phase.first >= SCHOOL_PHASES["post_16"][0]]
    older = keys["phase"].isin(late) | keys["type"].isin(POST_16_TYPES)
    older_line = data.lines["phases"].map(lambda phases: set(phases) <= set(late)) | data.lines["type"].isin(
        POST_16_TYPES
    )
    parts: list[pd.DataFrame] = []
    for t, year in enumerate(data.years.tolist()):
        there = np.flatnonzero(stock[t] > 0)
        chosen, children = keys.iloc[there], stock[t, there]
        fees = child_rates(case, chosen, year)
        transport = transport_per_child(
            case, setting[data.pair_line[there]], chosen["type"], data.km[there], year
        )
        common = {"year": year, "type": chosen["type"].to_numpy(), "post_16": older.to_numpy()[there]}
        parts.append(
            pd.DataFrame(
                common | {"budget_line": fees.budget_line, "fund": "dsg", "pounds": fees.pounds * children}
            )
        )
        travel_line = case.model.finance.transport_budget_line
        parts.append(
            pd.DataFrame(
                common | {"budget_line": travel_line, "fund": "general_fund", "pounds": transport * children}
            )
        )
        parts.append(
            _place_funding(case, data, t, np.bincount(data.pair_line, stock[t], len(data.lines)), older_line)
        )
        parts.append(_awaiting(case, year, float(waiting[t].sum())))
    rows = pd.concat([part for part in parts if len(part)], ignore_index=True)
    rows["budget_line"] = rows["budget_line"].replace("", "not given")
    summed = rows.groupby(["year", "budget_line", "type", "fund", "post_16"], as_index=False)["pounds"].sum()
    return summed[summed["pounds"] != 0].reset_index(drop=True)


def _place_funding(case: Case, data: PlanData, t: int, children: Floats, older: pd.Series) -> pd.DataFrame:
    """Filled places at their rate and empty ones at theirs, so that the sum is what the objective counts."""
    year = int(data.years[t])
    rates = place_rates(case, data.lines, year)
    counted = data.line_open[t] & np.isfinite(data.commissioned[t])
    filled_by_us = (rates.filled - rates.empty) * np.where(counted, children, 0.0)
    return pd.DataFrame(
        {
            "year": year,
            "type": data.lines["type"].to_numpy(),
            "post_16": older.to_numpy(),
            "budget_line": rates.budget_line,
            "fund": "dsg",
            "pounds": data.place_funding[t] + filled_by_us,
        }
    )


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
    return rows.groupby(COLUMNS[:-1], as_index=False)["pounds"].sum()


def financial(spend: pd.DataFrame, first_year: int) -> pd.DataFrame:
    """`spend_financial.csv`: financial years that start in a plan year, from the academic years either side of September."""
    earlier = spend["post_16"].map(EARLIER_SHARE).astype(float)
    starts = spend.assign(pounds=spend["pounds"] * (1 - earlier), financial_year=spend["year"])
    ends = spend.assign(pounds=spend["pounds"] * earlier, financial_year=spend["year"] + 1)
    rows = pd.concat([starts, ends], ignore_index=True)
    rows = rows[(rows["financial_year"] >= first_year) & (rows["financial_year"] <= spend["year"].max())]
    return rows.groupby(["financial_year", "budget_line", "type", "fund"], as_index=False)["pounds"].sum()

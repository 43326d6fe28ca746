"""What the children placed and the places commissioned cost: cash of the year, undiscounted.

`sufficiency.plan.instance.budget_lines` says which budget line each pound is posted to, and how academic years fall
into financial years.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from sufficiency.arrays import Flags, Floats, Objects, totals, where_true
from sufficiency.case import Case
from sufficiency.codes import AWAITING, INTERIM
from sufficiency.plan.instance.budget_lines import in_financial_years, postings
from sufficiency.plan.instance.data import InstanceData
from sufficiency.rates import inflation_factor, place_rates
from sufficiency.tables.schema.results import OUTPUTS

CHILD, TRANSPORT, PLACE, WAITING = "child", "transport", "place", "waiting"
"""What money is for: a child's top-up or fee, the journey, the place, interim provision for those who wait."""

NOBODY = 1e-9
"""Children: less is rounding."""


def spend_by_academic_year(case: Case, data: InstanceData, stock: Floats, waiting: Floats) -> pd.DataFrame:
    """Rows of `spend.csv`, base year included, with two further columns: `post_16`, and `what` the money is for.
    `stock` [T+1, P], `waiting` [T+1, C].
    """
    used = np.flatnonzero(stock.any(axis=0))
    posted = postings(case, data, used)
    in_line = np.stack([totals(data.pair_line, row, len(data.lines)) for row in stock])
    funding = posted.place + posted.filled * within_places(data, in_line)
    transport_line = np.full(posted.fee.shape, posted.transport_line, dtype=object)
    children, type_of = stock[:, used], data.lines["type"].to_numpy(dtype=object)
    of_child, of_line = (type_of[data.pair_line[used]], posted.late), (type_of, posted.late_line)
    parts = [
        _summed(data, CHILD, "dsg", posted.fee_line, posted.fee * children, *of_child),
        _summed(data, TRANSPORT, "general_fund", transport_line, posted.transport * children, *of_child),
        _summed(data, PLACE, "dsg", posted.place_line, funding, *of_line),
        *(_interim(case, year, float(waiting[t].sum())) for t, year in enumerate(data.years.tolist())),
    ]
    rows = pd.concat(parts, ignore_index=True)
    rows = rows[rows["pounds"] != 0]
    return rows.groupby(["year", "budget_line", "type", "fund", "post_16", "what"])["pounds"].sum().reset_index()


def within_places(data: InstanceData, in_line: Floats) -> Floats:
    """[T+1, L] children of a line `in_line` [T+1, L] who fill one of its places: those above them fill none."""
    return np.minimum(in_line, np.where(np.isfinite(data.places), data.places, np.inf))


def _summed(
    data: InstanceData, what: str, fund: str, budget_line: Objects, pounds: Floats, type_of: Objects, late: Flags
) -> pd.DataFrame:
    """`pounds` [T+1, n] added up by year, `budget_line` [T+1, n], type and whether post-16 ([n] both)."""
    line, lines = pd.factorize(budget_line.ravel())
    kind, types = pd.factorize(type_of)
    years, shape = np.arange(len(pounds))[:, None], (len(pounds), len(lines), len(types), 2)
    group = np.ravel_multi_index(np.broadcast_arrays(years, line.reshape(pounds.shape), kind, late.astype(int)), shape)
    summed = totals(group.ravel(), pounds.ravel(), int(np.prod(shape)))
    t, line, kind, post_16 = np.unravel_index(np.flatnonzero(summed), shape)
    return pd.DataFrame(
        {
            "year": data.years[t],
            "what": what,
            "fund": fund,
            "budget_line": lines[line],
            "pounds": summed[summed != 0],
            "type": types[kind],
            "post_16": post_16 == 1,
        }
    )


def _interim(case: Case, year: int, children: float) -> pd.DataFrame:
    cost = case.model.finance.awaiting_cost * inflation_factor(case, "default", year) * children
    named = {"year": year, "what": WAITING, "fund": "dsg", "budget_line": INTERIM, "pounds": cost}
    return pd.DataFrame([named | {"type": AWAITING, "post_16": False}])


def academic(spend: pd.DataFrame) -> pd.DataFrame:
    """`spend.csv`: the base year and every plan year, with the part of each row that is post-16."""
    rows = spend.assign(post_16_pounds=spend["pounds"].where(spend["post_16"], 0.0))
    summed = rows.groupby(["year", "budget_line", "type", "fund"])[["pounds", "post_16_pounds"]].sum()
    return summed.reset_index()


def financial(spend: pd.DataFrame, first_year: int) -> pd.DataFrame:
    """`spend_financial.csv`: financial years that start in a plan year, from the academic years either side of
    September.
    """
    rows = in_financial_years(spend)
    rows = rows[(rows["financial_year"] >= first_year) & (rows["financial_year"] <= spend["year"].max())]
    summed: pd.DataFrame = rows.groupby(["financial_year", "budget_line", "type", "fund"])["pounds"].sum().reset_index()
    return summed


def place_funding(case: Case, data: InstanceData, stock: Floats) -> pd.DataFrame:
    """`place_funding.csv`: what is paid for places, filled or not, empty ones apart, and who pays the school;
    beside it the fixed costs of options, which stand on the same budget line.
    """
    rates = place_rates(case, data.lines, data.years.tolist())
    limited = np.isfinite(data.commissioned)
    funded = data.line_open & limited & (np.maximum(rates.filled, rates.empty) > 0)
    there = funded | (data.option_cost != 0)
    there[0] = False
    t, line = where_true(there)
    commissioned = np.where(limited, data.commissioned, 0.0)[t, line]
    in_line = np.stack([totals(data.pair_line, row, len(data.lines)) for row in stock])
    in_line = within_places(data, in_line)[t, line]
    taken = np.minimum(data.committed[t, line], commissioned)
    empty = np.maximum(commissioned - taken - in_line, 0.0)
    empty[empty < NOBODY] = 0.0
    rows = pd.DataFrame(
        {
            "year": data.years[t],
            "budget_line": postings(case, data, np.zeros(0, dtype=np.int64)).place_line[t, line],
            "type": data.lines["type"].to_numpy()[line],
            "paid_by": np.where(data.lines["recouped"].to_numpy(dtype=bool)[line], "dfe", "council"),
            "places": commissioned,
            "empty": empty,
            "pounds": rates.empty[t, line] * (commissioned - taken - in_line)
            + rates.filled[t, line] * (taken + in_line),
            "empty_pounds": rates.empty[t, line] * empty,
            "fixed_pounds": data.option_cost[t, line],
        }
    )
    names = list(OUTPUTS["place_funding"].names)
    return rows.groupby(names[:4], as_index=False)[names[4:]].sum()

"""What the children placed and the places commissioned cost: cash of the year, undiscounted.

`sufficiency.plan.instance.budget_lines` says which budget line each pound is posted to, and how academic years fall
into financial years.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sufficiency.arrays import Flags, Floats, Ints, Objects, totals, where_true
from sufficiency.case import Case
from sufficiency.codes import AWAITING, INTERIM
from sufficiency.plan.instance.budget_lines import TRANSPORT, in_financial_years, postings
from sufficiency.plan.instance.data import InstanceData
from sufficiency.rates import inflation_factor, place_rates
from sufficiency.tables.schema.results import OUTPUTS

CHILD, PLACE, WAITING = "child", "place", "waiting"
"""What money is for beside journeys (`TRANSPORT`): a child's top-up or fee, the place, interim provision for those who
wait.
"""

NO_CHILD = -1
"""In place of a cell: money that belongs to no child."""
NOBODY = 1e-9
"""Children: less is rounding."""


@dataclass(frozen=True)
class Posted:
    """Money of one kind and fund: `pounds` [T+1, n] and the `budget_line` [T+1, n] they are posted to. Each of the n
    columns has a type of setting, is post-16 or not (`late`), and belongs to the children of a `cell`; −1: to no child.
    """

    what: str
    fund: str
    budget_line: Objects
    pounds: Floats
    type: Objects
    late: Flags
    cell: Ints


def posted(case: Case, data: InstanceData, stock: Floats, waiting: Floats) -> list[Posted]:
    """All that children placed (`stock` [T+1, P]) and waiting ([T+1, C]) and the places cost, base year included.

    The funding of a place belongs to the child who fills it; what empty, imported and reserved places and options cost
    belongs to no child.
    """
    used = np.flatnonzero(stock.any(axis=0))
    at = postings(case, data, used)
    children, line, cell = stock[:, used], data.pair_line[used], data.pair_cell[used]
    in_line = np.stack([totals(data.pair_line, row, len(data.lines)) for row in stock])
    within = within_places(data, in_line)
    share = np.divide(within, in_line, out=np.zeros_like(within), where=in_line > 0)
    nobodys = at.place + (at.filled - at.funded) * within
    shape, type_of = at.fee.shape, data.lines["type"].to_numpy(dtype=object)
    travel_line, interim_line = (
        np.full(size, name, dtype=object) for size, name in ((shape, at.transport_line), (waiting.shape, INTERIM))
    )
    interim = np.array([inflation_factor(case, "default", int(year)) for year in data.years])
    interim *= case.model.finance.awaiting_cost
    cells, lines = np.arange(len(data.cells)), np.arange(len(data.lines))
    waits, early = np.full(len(cells), AWAITING, dtype=object), np.zeros(len(cells), dtype=bool)
    kind = type_of[line]
    return [
        Posted(CHILD, "dsg", at.fee_line, at.fee * children, kind, at.late, cell),
        Posted(TRANSPORT, "general_fund", travel_line, at.transport * children, kind, at.late, cell),
        Posted(
            PLACE,
            "dsg",
            at.place_line[:, line],
            (at.funded * share)[:, line] * children,
            kind,
            at.late_line[line],
            cell,
        ),
        Posted(PLACE, "dsg", at.place_line, nobodys, type_of, at.late_line, np.full(len(lines), NO_CHILD)),
        Posted(WAITING, "dsg", interim_line, interim[:, None] * waiting, waits, early, cells),
    ]


def spend_by_academic_year(case: Case, data: InstanceData, stock: Floats, waiting: Floats) -> pd.DataFrame:
    """Rows of `spend.csv`, base year included, with two further columns: `post_16`, and `what` the money is for.
    `stock` [T+1, P], `waiting` [T+1, C].
    """
    return added_up(data, posted(case, data, stock, waiting))


def added_up(data: InstanceData, parts: list[Posted], group: Ints | None = None) -> pd.DataFrame:
    """Money by year, budget line, type, fund, `post_16` and `what` it is for; with `group` [C + 1], the group of each
    cell and, last, that of what belongs to no child, by `group` too.
    """
    keys = ["year", "budget_line", "type", "fund", "post_16", "what", *(["group"] if group is not None else [])]
    of_cell = np.zeros(len(data.cells) + 1, dtype=np.int64) if group is None else group
    rows = pd.concat([_summed(data, part, of_cell[part.cell]) for part in parts], ignore_index=True)
    rows = rows[rows["pounds"] != 0]
    return rows.groupby(keys)["pounds"].sum().reset_index()


def within_places(data: InstanceData, in_line: Floats) -> Floats:
    """[T+1, L] children of a line `in_line` [T+1, L] who fill one of its places: those above them fill none."""
    return np.minimum(in_line, np.where(np.isfinite(data.places), data.places, np.inf))


def _summed(data: InstanceData, part: Posted, group: Ints) -> pd.DataFrame:
    """The `pounds` of a part by year, budget line, type, whether post-16, and `group` [n]."""
    line, lines = pd.factorize(part.budget_line.ravel())
    kind, types = pd.factorize(part.type)
    here, groups = pd.factorize(group)
    years, shape = np.arange(len(part.pounds))[:, None], (len(part.pounds), len(lines), len(types), 2, len(groups))
    of_each = np.broadcast_arrays(years, line.reshape(part.pounds.shape), kind, part.late.astype(int), here)
    summed = totals(np.ravel_multi_index(of_each, shape).ravel(), part.pounds.ravel(), int(np.prod(shape)))
    t, line, kind, post_16, place = np.unravel_index(np.flatnonzero(summed), shape)
    return pd.DataFrame(
        {
            "year": data.years[t],
            "what": part.what,
            "fund": part.fund,
            "budget_line": lines[line],
            "pounds": summed[summed != 0],
            "type": types[kind],
            "post_16": post_16 == 1,
            "group": groups[place],
        }
    )


def academic(spend: pd.DataFrame) -> pd.DataFrame:
    """`spend.csv`: the base year and every plan year, with the part of each row that is post-16."""
    rows = spend.assign(post_16_pounds=spend["pounds"].where(spend["post_16"], 0.0))
    summed = rows.groupby(["year", "budget_line", "type", "fund"])[["pounds", "post_16_pounds"]].sum()
    return summed.reset_index()


def financial(spend: pd.DataFrame, first_year: int, split: Mapping[str, float] | None = None) -> pd.DataFrame:
    """`spend_financial.csv`: financial years that start in a plan year, from the academic years either side of
    September; `split` is finance.month_split.
    """
    rows = in_financial_years(spend, split or {})
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

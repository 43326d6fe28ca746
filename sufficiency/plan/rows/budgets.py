"""Budget rows: what a budget line may spend in a financial year, and the overspend where it spends more.

Of the form of every coupling row, in £ thousand: what children in lines of places cost the budget line in the
financial year (it weighs the stock of two academic years), less the overspend, is at most the budget, less other
spending, less what is paid for places, filled or not. Interim provision for those who wait is reported but not
weighed: waiting has its own weight.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse

from sufficiency.arrays import Flags, Floats, positions
from sufficiency.case import Case
from sufficiency.codes import RECOUPED
from sufficiency.plan.instance.budget_lines import Postings, postings
from sufficiency.plan.instance.data import InstanceData
from sufficiency.plan.rows.coupling import Coupling, no_rows, rows_of, stacked
from sufficiency.plan.rows.families import Family
from sufficiency.rates import budget_lines, years_with_budget

THOUSAND = 1_000.0


def budget_rows(case: Case, data: InstanceData, weight: Floats) -> Coupling:
    """A row for each financial year with a budget and each line that children add to or places are paid from, those of
    options too; the overspend counts `weight` [T+1] £ per £.

    A line without a budget in such a year has a budget of nothing; `recouped` places count only where the budget
    names them.
    """
    pairs, years = len(data.pair_cell), years_with_budget(case)
    budget, other = case.tables.budget, case.tables.other_spend
    if budget is None or other is None or not years:
        return no_rows(data)
    posted = postings(case, data, np.arange(pairs))
    names = budget_lines(case)
    fee_item = positions(names, posted.fee_line.ravel()).reshape(posted.fee.shape)
    of_places = set(posted.place_line.ravel())
    allowed, spent = (rows.groupby(["financial_year", "budget_line"])["pounds"].sum() for rows in (budget, other))
    parts: list[Coupling] = []
    for year in years:
        t = year - int(data.years[0])
        for item, name in enumerate(names):
            named = (year, name) in allowed.index
            if name == RECOUPED and not named:
                continue
            now, fixed_now = _half(data, posted, fee_item[t] == item, t, name, earlier=False)
            then, fixed_then = _half(data, posted, fee_item[t - 1] == item, t - 1, name, earlier=True)
            if not (now.any() or then.any() or name in of_places):
                continue
            left = float(allowed.get((year, name), 0.0)) - float(spent.get((year, name), 0.0)) - fixed_now - fixed_then
            part = rows_of(
                Family.BUDGET,
                t,
                np.array([item]),
                sparse.csr_matrix(now[None, :] / THOUSAND),
                np.array([left / THOUSAND]),
                np.array([weight[t] * THOUSAND]),
                np.array([np.inf]),
                before=sparse.csr_matrix(then[None, :] / THOUSAND),
            )
            parts.append(part)
    return stacked(parts, data)


def _half(
    data: InstanceData, posted: Postings, fees: Flags, t: int, name: str, *, earlier: bool
) -> tuple[Floats, float]:
    """[P] £ that one child in each pair in academic year t adds to a budget line in the financial year t (or, for
    the `earlier` part, t + 1), and £ of its places, filled or not. `fees` [P]: whose fees the line pays.
    """
    before_april = (posted.earlier, posted.earlier_transport, posted.earlier_line)
    share, journey_share, line_share = (part if earlier else 1 - part for part in before_april)
    ours = posted.place_line[t] == name
    filled = np.where(ours, posted.filled[t] * line_share, 0.0)[data.pair_line]
    child = np.where(fees, posted.fee[t], 0.0) * share
    child += posted.transport[t] * (name == posted.transport_line) * journey_share
    return child + filled, float(posted.place[t, ours] @ line_share[ours])


def waiting_held(data: InstanceData, waiting: Floats, cost: float) -> Coupling:
    """A row a year: no more children in all await a place than `waiting` [T+1, C] has; £ `cost` a child beyond.

    Everyone forecast is placed or waits, so that it is a row on the children placed: at least so many.
    """
    pairs = len(data.pair_cell)
    parts = [
        rows_of(
            Family.WAITING,
            t,
            np.array([0]),
            sparse.csr_matrix(np.full((1, pairs), -1.0)),
            np.array([waiting[t].sum() - data.demand[t].sum()]),
            np.array([cost]),
            np.array([np.inf]),
        )
        for t in range(1, data.horizon + 1)
    ]
    return stacked(parts, data)

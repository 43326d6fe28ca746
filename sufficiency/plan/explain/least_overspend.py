"""The least overspend: how near to its budgets any plan could come, with no more children waiting.

A second solve of the same program with other costs: £1 for each £ above a budget, in cash, and nothing else. It is a
bound to set beside the plan, not a plan to deliver: among plans of the least overspend it takes no heed of journeys
or of suitability.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from sufficiency.arrays import Floats
from sufficiency.deadline import Deadline
from sufficiency.plan.dual.gap import relative_gap
from sufficiency.plan.dual.lagrangian import price_all_arcs
from sufficiency.plan.instance.costs import with_only_costs
from sufficiency.plan.instance.data import InstanceData
from sufficiency.plan.instance.stock import stock_of
from sufficiency.plan.pricing.column_generation import generate_columns
from sufficiency.plan.program.lp import children_of
from sufficiency.plan.rows.budgets import THOUSAND, budget_rows, waiting_held
from sufficiency.plan.rows.coupling import Coupling, rows_at, stacked
from sufficiency.plan.rows.families import Family
from sufficiency.plan.rows.instance import Instance
from sufficiency.plan.solve.solve import Plan
from sufficiency.plan.tolerances import SMALLEST_MISS
from sufficiency.rates import budget_lines


@dataclass(frozen=True)
class LeastOverspend:
    """£ in cash over all financial years: what the least comes to, the bound below which none can go, and the plan's
    own on the same lines, those that placing children can change. `by_line`: financial_year, budget_line, least, plan.
    `proven`: the bound meets what was found.
    """

    pounds: float
    bound: float
    of_plan: float
    by_line: pd.DataFrame
    proven: bool


def least_overspend(instance: Instance, plan: Plan, deadline: Deadline | None = None) -> LeastOverspend | None:
    """The least overspend with no more children waiting in any year than in `plan`; None where the case has no
    budget to hold it to, or the solver found no answer in its time.

    Rows that every plan is over cost £1 for each £ and need not stand in the program: rows the plan is over start
    so, and come back as rows where that turns out untrue.
    """
    data = instance.data
    budgets = budget_rows(instance.case, data, np.ones(data.horizon + 1))
    if not len(budgets.limit) or (deadline is not None and deadline.passed):
        return None
    asked = stacked([budgets, waiting_held(data, plan.waiting, 10 * float(data.k.max(initial=1.0)))], data)
    other_rows = _without_price(instance.rows)
    folded = asked.used(plan.stock) > asked.limit - SMALLEST_MISS
    while True:
        costs = np.where(folded, asked.slack_cost, 0.0)
        rows = stacked([other_rows, rows_at(asked, ~folded)], data)
        only = replace(instance, data=_only(data, asked, costs), rows=rows)
        priced = generate_columns(only, deadline=deadline, last_in_pulp=False)
        if not priced.solution.optimal:
            return None
        prices = priced.prices
        entrants, _ = children_of(instance, priced.flows, priced.program, priced.solution.columns)
        stock = stock_of(data, entrants)
        untrue = folded & (asked.used(stock) < asked.limit - SMALLEST_MISS)
        if not untrue.any():
            break
        folded &= ~untrue
    every = stacked([other_rows, asked], data)
    all_prices = np.concatenate([prices[: len(other_rows.limit)], costs])
    all_prices[len(other_rows.limit) :][~folded] = prices[len(other_rows.limit) :]
    without_costs = replace(instance, data=_only(data, asked, np.zeros_like(costs)), rows=every)
    bound = max(price_all_arcs(without_costs, without_costs.flows, all_prices).bound, 0.0)
    over = _over(budgets, stock)
    held = bool((asked.used(stock) - asked.limit)[len(budgets.limit) :].max() <= SMALLEST_MISS)
    names = np.array(budget_lines(instance.case), dtype=object)
    by_line = pd.DataFrame(
        {
            "financial_year": data.years[budgets.year],
            "budget_line": names[budgets.item],
            "least": over,
            "plan": _over(budgets, plan.stock),
        }
    )
    proven = held and relative_gap(float(over.sum()), bound, 0.0) <= SMALLEST_MISS
    return LeastOverspend(float(over.sum()), bound, float(by_line["plan"].sum()), by_line, proven)


def _only(data: InstanceData, asked: Coupling, costs: Floats) -> InstanceData:
    """The same data with no cost but what is paid in the rows `asked` at `costs` for each unit, in cash: by children
    in budget rows, by those who wait in rows on waiting.
    """
    waits, waiting = asked.family == Family.WAITING, np.zeros(data.horizon + 1)
    waiting[asked.year[waits]] = costs[waits]
    by_children = np.stack([asked.charged(t, np.where(waits, 0.0, costs)) for t in range(data.horizon + 1)])
    in_cash = replace(data, discount=np.concatenate([[0.0], np.ones(data.horizon)]))
    return with_only_costs(in_cash, k=by_children, awaiting_weight=waiting)


def _without_price(rows: Coupling) -> Coupling:
    """The rows of places, buildings and hard rules, with children above places as free as within them."""
    other_rows = rows_at(rows, ~np.isinf(rows.slack_most))
    return replace(other_rows, slack_cost=np.zeros_like(other_rows.slack_cost))


def _over(budgets: Coupling, stock: Floats) -> Floats:
    """[H] £ above each budget row's limit."""
    return np.maximum(budgets.used(stock) - budgets.limit, 0.0) * THOUSAND

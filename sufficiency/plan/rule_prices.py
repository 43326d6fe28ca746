"""Policy rules in their own unit, children or minutes: what each allows, what a plan comes to, and what it costs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sufficiency.arrays import Floats
from sufficiency.case import Case
from sufficiency.plan.cells import PlanData
from sufficiency.plan.coupling import Coupling
from sufficiency.plan.rule_rows import RuleRow, longest_arc, longest_of_cells, rule_rows
from sufficiency.policy import FairnessRule, JourneyRule

if TYPE_CHECKING:
    from sufficiency.plan.solve import Plan

COLUMNS = ("rule", "key", "locality", "year", "unit", "floor", "limit", "value", "pounds", "missed")


def rules_told(plan: Plan) -> pd.DataFrame:
    """One row for each rule and year it holds: `COLUMNS`.

    `pounds` is what the objective falls by for one child or minute more of the limit, £ discounted: the dual of the
    row, times what a change of the limit does to the row (envelope theorem). `missed` is by how much a soft rule is
    missed, in the unit of `limit`.
    """
    return told(plan.case, plan.data, plan.rows, plan.stock, plan.waiting, plan.prices)


def told(case: Case, data: PlanData, rows: Coupling, stock: Floats, waiting: Floats, prices: Floats) -> pd.DataFrame:
    """`rules_told` of arrays: `stock` [T+1, P], `waiting` [T+1, C], `prices` [H]."""
    known = rule_rows(case, data) if rows.of_rules.any() else []
    used = rows.used(stock, waiting)
    lines: list[dict[str, Any]] = []
    for h in np.flatnonzero(rows.of_rules):
        row, t = known[rows.item[h]], int(rows.year[h])
        unit, limit, value, per_unit = _in_its_unit(data, row, t, stock[t], waiting[t], float(used[h]))
        beyond = limit - value if row.subject.is_floor else value - limit
        lines.append(
            {
                "rule": row.subject.name,
                "key": row.subject.key,
                "locality": row.subject.locality,
                "year": int(data.years[t]),
                "unit": unit,
                "floor": row.subject.is_floor,
                "limit": limit,
                "value": value,
                "pounds": float(prices[h]) * per_unit,
                "missed": max(beyond, 0.0) if used[h] > rows.limit[h] + 1e-6 else 0.0,
            }
        )
    return pd.DataFrame(lines, columns=list(COLUMNS))


def _in_its_unit(
    data: PlanData, row: RuleRow, t: int, stock: Floats, waiting: Floats, used: float
) -> tuple[str, float, float, float]:
    """Unit, limit, value, and by how many children the row gets looser for one more of the unit."""
    rule = row.subject.rule
    if isinstance(rule, JourneyRule):
        return "minutes", rule.at_most, *_mean_journey(data, row, rule.at_most, stock, waiting)
    if isinstance(rule, FairnessRule):
        return "minutes", rule.at_most, *_fair_journey(data, rule, used, float(data.demand[t].sum()))
    sign = -1.0 if row.subject.is_floor else 1.0
    return "children", sign * float(row.limit[t]), sign * used, 1.0


def _mean_journey(data: PlanData, row: RuleRow, limit: float, stock: Floats, waiting: Floats) -> tuple[float, float]:
    """Minutes of those placed, and d/dL of Σ (m/L − 1) · stock + Σ (M/L − 1) · w, turned round."""
    here = row.scope[data.pair_cell]
    placed, minutes = float(stock[here].sum()), float(stock[here] @ data.minutes[here])
    longest = longest_of_cells(data, limit)
    long_waits = row.waiting > 0
    looser = (minutes + float(waiting[long_waits] @ longest[long_waits])) / limit**2
    return minutes / placed if placed > 0 else 0.0, looser


def _fair_journey(data: PlanData, rule: FairnessRule, used: float, children: float) -> tuple[float, float]:
    """Minutes E that are as good as all journeys of the year, and d/dE of (e^κE − 1) / (e^κM − 1) · N."""
    kappa, longest = float(rule.kappa or 0.0), longest_arc(data)
    if longest <= 0 or children <= 0:
        return 0.0, 0.0
    share = used / children
    value = longest + np.log(share + (1 - share) * np.exp(-kappa * longest)) / kappa
    looser = kappa * children * np.exp(kappa * (rule.at_most - longest)) / -np.expm1(-kappa * longest)
    return float(value), float(looser)

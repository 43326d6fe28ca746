"""Policy rules in their own unit, children or minutes: what each allows, what children and prices come to in it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from sufficiency.arrays import Floats
from sufficiency.case import Case
from sufficiency.plan.instance.data import InstanceData
from sufficiency.plan.rows.coupling import Coupling
from sufficiency.plan.rows.policy import RuleRow, fair_equivalent, fair_slope, longest_of_cells, rule_rows
from sufficiency.plan.tolerances import SMALLEST_MISS
from sufficiency.policy import FairnessRule, JourneyRule, LocalityRule, ShareRule

COLUMNS = ("rule", "key", "year", "unit", "floor", "hard", "limit", "value", "pounds", "how", "per_point", "missed")
SAVING, BREACH = "saving", "breach"


def measure_rules(
    case: Case, data: InstanceData, rows: Coupling, stock: Floats, waiting: Floats, prices: Floats
) -> pd.DataFrame:
    """One row for each rule and year it holds: `COLUMNS`; of `stock` [T+1, P], `waiting` [T+1, C] and `prices` [H].

    `pounds` is what the objective falls by for one child or minute more of the limit, £ discounted: the dual of the
    row, times what a change of the limit does to the row (envelope theorem); `per_point` the same for one percentage
    point of a rule given as a share, else NaN. `how`: `saving`, or `breach` where the rule is missed, for `pounds` is
    then what a breach weighs. `missed` is by how much a soft rule is missed, in the unit of `limit`.
    """
    known = rule_rows(case, data) if rows.of_rules.any() else []
    used = rows.used(stock, waiting)
    lines: list[dict[str, Any]] = []
    for h in np.flatnonzero(rows.of_rules):
        row, t = known[rows.item[h]], int(rows.year[h])
        unit, limit, value, per_unit = _in_its_unit(data, row, t, stock[t], waiting[t], float(used[h]))
        beyond = limit - value if row.subject.is_floor else value - limit
        missed = max(beyond, 0.0) if used[h] > rows.limit[h] + SMALLEST_MISS else 0.0
        lines.append(
            {
                "rule": row.subject.name,
                "key": row.subject.key,
                "year": int(data.years[t]),
                "unit": unit,
                "floor": row.subject.is_floor,
                "hard": row.subject.rule.hard,
                "limit": limit,
                "value": value,
                "pounds": float(prices[h]) * per_unit,
                "how": BREACH if missed > 0 else SAVING,
                "per_point": float(prices[h]) * _a_point(data, row, t),
                "missed": missed,
            }
        )
    return pd.DataFrame(lines, columns=list(COLUMNS))


def _in_its_unit(
    data: InstanceData, row: RuleRow, t: int, stock: Floats, waiting: Floats, used: float
) -> tuple[str, float, float, float]:
    """Unit, limit, value, and by how many children the row gets looser for one more of the unit."""
    rule = row.subject.rule
    if isinstance(rule, JourneyRule):
        return "minutes", rule.at_most, *_mean_journey(data, row, rule.at_most, stock, waiting)
    if isinstance(rule, FairnessRule):
        limit = rule.minutes_in(int(data.years[t]))
        return "minutes", limit, *_fair_journey(data, rule, limit, used, float(data.demand[t].sum()))
    sign = -1.0 if row.subject.is_floor else 1.0
    return "children", sign * float(row.limit[t]), sign * used, 1.0


def _a_point(data: InstanceData, row: RuleRow, t: int) -> float:
    """Children in one percentage point of a rule given as a share; NaN for another."""
    rule = row.subject.rule
    shared = isinstance(rule, ShareRule) and (rule.at_most is not None or rule.at_least is not None)
    return float(data.demand[t, row.scope].sum()) / 100 if shared or isinstance(rule, LocalityRule) else np.nan


def _mean_journey(
    data: InstanceData, row: RuleRow, limit: float, stock: Floats, waiting: Floats
) -> tuple[float, float]:
    """Mean minutes, those who wait with their longest; and −d/dL of Σ (m/L − 1) · stock + Σ max(M/L − 1, 0) · w."""
    here, longest = row.scope[data.pair_cell], longest_of_cells(data, limit)
    children = float(stock[here].sum() + waiting[row.scope].sum())
    placed = float(stock[here] @ data.minutes[here])
    beyond = row.scope & (longest > limit)
    looser = (placed + float(waiting[beyond] @ longest[beyond])) / limit**2
    minutes = placed + float(waiting[row.scope] @ longest[row.scope])
    return minutes / children if children > 0 else 0.0, looser


def _fair_journey(
    data: InstanceData, rule: FairnessRule, limit: float, used: float, children: float
) -> tuple[float, float]:
    """Minutes E that are as good as all journeys of the year, and by how many children a minute more is looser."""
    kappa = float(rule.kappa or 0.0)
    share = used / children if children > 0 else 0.0
    return fair_equivalent(data, kappa, share), fair_slope(data, kappa, limit) * children

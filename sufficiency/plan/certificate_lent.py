"""What the solver still borrows of the certificate: delete with the last import of it."""

from __future__ import annotations

from typing import Any

import numpy as np

from sufficiency.arrays import Floats
from sufficiency.plan.certificate_flows import next_year


def relative_gap(objective: float, bound: float, constant: float) -> float:
    """(objective − bound) / (objective − what no decision can change), so that a big constant does not hide a
    scheme.
    """
    return (objective - bound) / max(abs(objective - constant), 1e-4 * abs(objective), 1.0)


def replayed_stock(data: Any, entrants: Floats) -> Floats:
    """[T+1, P] children in each pair each year, from those placed at the start and who enters: the recursion of
    section 3.
    """
    stock = np.zeros_like(entrants)
    stock[0] = data.placed
    told = {name: getattr(data, name) for name in ("line_open", "stay", "carry", "next_pair")}
    for t in range(1, len(stock)):
        stock[t] = entrants[t] + next_year(told, data.pair_cell, data.pair_line, t, stock[t - 1])
    return stock


def price_bound(data: Any, settled: Any, rows: Any, prices: Floats) -> float:
    """£ discounted: a cost that no plan can undercut, for any prices ≥ 0 on the coupling rows (section 6)."""
    return bound_and_values(data, settled, rows, prices)[0]


def usable_prices(rows: Any, prices: Floats) -> Floats:
    """[H] prices that bound something: none below 0, none above what slack without limit would cost."""
    finite = np.isfinite(rows.slack_most)
    return np.maximum(np.where(finite, prices, np.minimum(prices, rows.slack_cost)), 0.0)


def bound_and_values(data: Any, settled: Any, rows: Any, prices: Floats) -> tuple[float, Floats]:
    """The bound at prices, and [T+1, C] what one more child of each cell and year would add to it.

    One backward pass over the years: with the shared rows priced, every cell takes its cheapest arc or waits.
    """
    finite = np.isfinite(rows.slack_most)
    price = usable_prices(rows, prices)
    values = np.zeros((len(data.years), len(data.cells)))
    cells, pairs, last = len(data.cells), len(data.pair_cell), len(data.years) - 1
    bound = -float(price @ rows.limit)
    relief = np.minimum(0.0, rows.slack_cost - price)[finite & (rows.slack_most > 0)]
    bound += float(relief @ rows.slack_most[finite & (rows.slack_most > 0)])
    bound += float(data.discount[1:] @ (data.place_funding + data.option_cost)[1:].sum(axis=1))
    value_after, cost_after = (
        np.zeros(cells),
        np.zeros(pairs),
    )  # λ and R of the year after; none after the last
    moving = data.next_pair >= 0
    onward_cell = data.next_cell[data.pair_cell]
    arcs = data.eligible & ~data.by_pattern[data.pair_line][None, :]
    for t in range(last, -1, -1):
        to_go = np.zeros(pairs)
        waiting_on = np.zeros(cells)
        if t < last:
            stay = data.stay[t + 1][data.pair_cell]
            carry = data.carry[t + 1][data.pair_cell]
            is_open = data.line_open[t + 1][data.pair_line]
            onward = np.where(moving, cost_after[data.next_pair] - value_after[onward_cell], 0.0)
            to_go = np.where(is_open, stay * cost_after + carry * onward, stay * value_after[data.pair_cell])
            waiting_on = data.stay[t + 1] * value_after
        here, later = (np.flatnonzero((rows.year == year) & (price > 0)) for year in (t, t + 1))
        priced = rows.weights[here].T @ price[here] + rows.before[later].T @ price[later]
        if t == 0:
            bound += float(data.placed @ (to_go + priced)) + float(data.waiting_at_start @ waiting_on)
            break
        cost = data.discount[t] * (data.k[t] + data.policy[t]) + priced + to_go
        value = data.discount[t] * (data.awaiting_money[t] + data.awaiting_weight[t]) + waiting_on
        value = value + rows.waiting[here].T @ price[here]
        np.minimum.at(value, data.pair_cell[arcs[t]], cost[arcs[t]])
        fixed = settled.entrants[t]
        bound += float(data.entrants[t] @ value) + float(fixed @ (cost - value[data.pair_cell]))
        values[t] = value
        value_after, cost_after = value, cost
    return bound, values

"""What a child costs from a year on, with the shared rows priced: one backward pass over the years (mathematics page,
prices).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sufficiency.arrays import Floats, Ints
from sufficiency.plan.instance.data import InstanceData
from sufficiency.plan.rows.transitions import Flows


@dataclass(frozen=True)
class ToGo:
    """Discounted £ a child. `demand_dual` [T+1, C]: of one of the cell who asks for a place in a year, to the end.
    `reduced_cost` [T+1, P + C]: what one who takes an arc (a pair, or waiting) costs beyond that; row 0 is 0.
    `at_start`: of all who were placed or waited then.
    """

    demand_dual: Floats
    reduced_cost: Floats
    at_start: float


def cost_to_go(data: InstanceData, flows: Flows, prices: Floats, *, asking_costs: bool = True) -> ToGo:
    """With `prices` [H] on the coupling rows, and every cell taking its cheapest arc; or, where asking for a place
    costs nothing, what an arc costs by itself.
    """
    pairs, last = len(data.pair_cell), data.horizon
    demand_dual, reduced_cost = np.zeros((last + 1, len(data.cells))), np.zeros((last + 1, len(data.arc_cell)))
    waits = data.discount * (data.awaiting_money + data.awaiting_weight)
    after = np.zeros(len(data.arc_cell))
    for t in range(last, -1, -1):
        rows, weights = flows.weighed[t]
        cost = weights @ prices[rows]
        if t < last:
            cost += flows.keep[t + 1] @ after
            cost -= flows.meets[t + 1] @ demand_dual[t + 1]
        if t == 0:
            return ToGo(demand_dual, reduced_cost, float(np.concatenate([data.placed, data.waiting_at_start]) @ cost))
        cost[:pairs] += data.unit_cost[t]
        cost[pairs:] += waits[t]
        if asking_costs:
            demand_dual[t] = _cheapest(data, t, cost)
        np.subtract(cost, demand_dual[t].take(data.arc_cell), out=reduced_cost[t])
        after = cost
    raise AssertionError("year 0 comes last")


def _cheapest(data: InstanceData, t: int, entering: Floats) -> Floats:
    """[C] the cost of the cheapest arc of each cell."""
    pairs = len(data.pair_cell)
    demand_dual = entering[pairs:].copy()
    if pairs:
        first, cell = data.first_pair
        lowest = np.minimum.reduceat(np.where(data.may_enter[t], entering[:pairs], np.inf), first)
        demand_dual[cell] = np.minimum(demand_dual[cell], lowest)
    return demand_dual


def cheapest_arcs(data: InstanceData, reduced_cost: Floats) -> Ints:
    """[T+1, C] the cheapest arc of each cell and year, the first of equals; waiting where nothing is as cheap.
    `reduced_cost` [T+1, P + C] is what each arc costs beyond it.
    """
    pairs, cells = len(data.pair_cell), len(data.cells)
    cheapest = np.tile(pairs + np.arange(cells), (data.horizon + 1, 1))
    for t in range(1, data.horizon + 1):
        place = np.flatnonzero(data.may_enter[t] & (reduced_cost[t, :pairs] <= 0.0))[::-1]
        cheapest[t, data.pair_cell[place]] = place
    return cheapest

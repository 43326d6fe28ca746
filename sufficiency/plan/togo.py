"""What a child costs from a year on, with the shared rows priced: one backward pass over the years (planning model,
section 6).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sufficiency.arrays import Flags, Floats, Ints
from sufficiency.plan.cells import PlanData
from sufficiency.plan.commitments import Commitments
from sufficiency.plan.coupling import Coupling


@dataclass(frozen=True)
class ToGo:
    """Discounted £ a child. `entering` [T+1, P + C]: of one who takes an entry (a pair, or waiting) in a year, to the
    end. `value` [T+1, C]: of one of the cell who asks for a place. `at_start`: of all who were placed or waited then.
    """

    entering: Floats
    value: Floats
    at_start: float

    def beyond(self, data: PlanData) -> Floats:
        """[T+1, P + C] what an entry costs beyond the value of its cell; row 0 is 0."""
        return self.entering - self.value[:, data.entry_cell]


def cost_to_go(data: PlanData, rows: Coupling, prices: Floats, reference: Ints | None = None) -> ToGo:
    """With `prices` [H] on the coupling rows, and every cell taking its cheapest entry, or the one that `reference`
    [T+1, C] names; one named −1 costs nothing.
    """
    pairs, cells, last = len(data.pair_cell), len(data.cells), data.horizon
    entering, value = np.zeros((last + 1, pairs + cells)), np.zeros((last + 1, cells))
    kappa, waits = data.kappa, data.discount * (data.awaiting_money + data.awaiting_weight)
    moving, onward_cell = data.next_pair >= 0, data.next_cell[data.pair_cell]
    at_start = 0.0
    for t in range(last, -1, -1):
        placed, waiting = rows.charged(t, prices), np.zeros(cells)
        if t < last:
            cost_after, value_after = entering[t + 1, :pairs], value[t + 1]
            stay = data.stay[t + 1][data.pair_cell]
            onward = np.where(moving, cost_after[data.next_pair] - value_after[onward_cell], 0.0)
            stays_on = stay * cost_after + data.carry[t + 1][data.pair_cell] * onward
            placed = placed + np.where(
                data.line_open[t + 1][data.pair_line], stays_on, stay * value_after[data.pair_cell]
            )
            waiting = data.stay[t + 1] * value_after
        if t == 0:
            at_start = float(data.placed @ placed + data.waiting_at_start @ waiting)
            break
        here = rows.in_year(t)
        entering[t, :pairs] = kappa[t] + placed
        entering[t, pairs:] = waits[t] + waiting + rows.waiting[here].T @ prices[here]
        if reference is None:
            value[t] = _cheapest(data, t, entering[t])
        else:
            value[t] = np.where(reference[t] >= 0, entering[t, reference[t]], 0.0)
    return ToGo(entering, value, at_start)


def _cheapest(data: PlanData, t: int, entering: Floats) -> Floats:
    """[C] the cost of the cheapest entry of each cell."""
    pairs = len(data.pair_cell)
    value = entering[pairs:].copy()
    if pairs:
        first, cell = data.first_pair
        lowest = np.minimum.reduceat(np.where(data.arc[t], entering[:pairs], np.inf), first)
        value[cell] = np.minimum(value[cell], lowest)
    return value


def cheapest_entries(data: PlanData, togo: ToGo) -> Ints:
    """[T+1, C] the cheapest entry of each cell and year, the first of equals; waiting where nothing is as cheap."""
    pairs, cells = len(data.pair_cell), len(data.cells)
    found = np.tile(pairs + np.arange(cells), (data.horizon + 1, 1))
    for t in range(1, data.horizon + 1):
        place = np.flatnonzero(data.arc[t] & (togo.entering[t, :pairs] <= togo.value[t][data.pair_cell]))[::-1]
        found[t, data.pair_cell[place]] = place
    return found


def lower_bound(data: PlanData, settled: Commitments, rows: Coupling, prices: Floats, togo: ToGo) -> float:
    """£ discounted that no plan can undercut, from a pass in which every cell took its cheapest entry."""
    finite = np.isfinite(rows.slack_most) & (rows.slack_most > 0)
    relief = np.minimum(0.0, rows.slack_cost - prices)[finite] @ rows.slack_most[finite]
    funding = float(data.discount[1:] @ (data.place_funding + data.option_cost)[1:].sum(axis=1))
    pairs = len(data.pair_cell)
    following = settled.entrants * (togo.entering[:, :pairs] - togo.value[:, data.pair_cell])
    children = float((data.entrants * togo.value).sum() + following.sum())
    return togo.at_start + children - float(prices @ rows.limit) + float(relief) + funding


def allowed(rows: Coupling, prices: Floats) -> Floats:
    """[H] prices that a bound may use: never negative, and where a row may be missed at a price, never above it."""
    most: Floats = np.where(np.isinf(rows.slack_most), rows.slack_cost, np.inf)
    return np.clip(prices, 0.0, most)


def open_entries(data: PlanData) -> Flags:
    """[T+1, P + C] entries that could hold anybody: arcs, and waiting, of cells with children in the year."""
    some = data.demand > 0
    found = np.hstack([data.arc & some[:, data.pair_cell], some])
    found[0] = False
    return found

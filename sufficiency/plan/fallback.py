"""A plan that holds when the solver was stopped before it had one: every cell takes its cheapest line with room,
year by year.
"""

from __future__ import annotations

import numpy as np

from sufficiency.arrays import Floats, totals
from sufficiency.plan.prepared import Prepared
from sufficiency.plan.room import Room, cheapest_pair
from sufficiency.plan.stock import carried, returned, survivors

ROUNDS = 8
"""How often those who found their first choices full try the next; who still finds none waits."""


def everyone_else_waits(prepared: Prepared) -> tuple[Floats, Floats, Floats]:
    """`entrants`, `waiting` and `slack` of the plan that places only those already settled: dear, but it always
    holds.
    """
    data, settled, rows = prepared.data, prepared.settled, prepared.rows
    waiting = np.zeros_like(data.demand)
    waiting[0] = data.waiting_at_start
    for t in range(1, data.horizon + 1):
        waiting[t] = data.demand[t] - totals(data.pair_cell, settled.stock[t], len(data.cells))
    waiting = np.maximum(waiting, 0.0)
    slack = np.where(rows.slack_most > 0, np.maximum(rows.used(settled.stock, waiting) - rows.limit, 0.0), 0.0)
    return settled.entrants, waiting, slack


def cheapest_with_room(prepared: Prepared) -> tuple[Floats, Floats, Floats]:
    """`entrants` [T+1, P], `waiting` [T+1, C] and `slack` [H] of a plan that keeps every row but, perhaps, hard
    rules.
    """
    data, settled, rows = prepared.data, prepared.settled, prepared.rows
    years, cells = data.horizon + 1, len(data.cells)
    entrants, stock = np.zeros_like(settled.entrants), np.zeros_like(settled.entrants)
    waiting = np.zeros((years, cells))
    stock[0], waiting[0] = data.placed, data.waiting_at_start
    for t in range(1, years):
        before = survivors(data, t, stock[t - 1]) + settled.entrants[t]
        left = data.entrants[t] - carried(data, t, stock[t - 1]) + returned(data, t, stock[t - 1])
        left += data.stay[t] * waiting[t - 1] - totals(data.pair_cell, settled.entrants[t], cells)
        in_line = totals(data.pair_line, before, len(data.lines))
        room = Room(data, settled.physical[t], data.places[t] + settled.allowance[t] - in_line, in_line)
        entrants[t] = settled.entrants[t]
        for _ in range(ROUNDS):
            has_room = data.arc[t] & (room.lines > 0)[data.pair_line]
            taken = room.take(
                np.maximum(left, 0.0)[data.pair_cell] * cheapest_pair(data.pair_cell, data.k[t], has_room, cells)
            )
            entrants[t] += taken
            left -= totals(data.pair_cell, taken, cells)
        stock[t] = survivors(data, t, stock[t - 1]) + entrants[t]
        waiting[t] = np.maximum(left, 0.0)
    soft = rows.slack_most > 0
    slack = np.where(soft, np.maximum(rows.used(stock, waiting) - rows.limit, 0.0), 0.0)
    return entrants, waiting, slack

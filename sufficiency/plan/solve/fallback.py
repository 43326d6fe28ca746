"""Plans that hold when the solver was stopped before it had one, year by year: those who were to enter, and then those
who follow the pattern, do so as far as there is room; all others take the cheapest line with room.
"""

from __future__ import annotations

import numpy as np

from sufficiency.arrays import Floats, totals
from sufficiency.plan.instance.room import Room, cheapest_pair
from sufficiency.plan.instance.stock import looking, survivors
from sufficiency.plan.rows.instance import Instance
from sufficiency.plan.tolerances import NOBODY

ROUNDS = 1_000
"""How often those who found a line full may try the next; who has found none then waits."""


def everyone_else_waits(instance: Instance) -> tuple[Floats, Floats]:
    """`entrants` and `waiting` of the plan that places only those already settled: expensive, but it always holds."""
    data, settled = instance.data, instance.settled
    waiting = np.zeros_like(data.demand)
    waiting[0] = data.waiting_at_start
    for t in range(1, data.horizon + 1):
        waiting[t] = data.demand[t] - totals(data.pair_cell, settled.held[t], len(data.cells))
    return settled.hard, np.maximum(waiting, 0.0)


def cheapest_with_room(instance: Instance, cost: Floats, first: Floats | None = None) -> tuple[Floats, Floats]:
    """`entrants` [T+1, P] and `waiting` [T+1, C] of a plan that keeps every row but, perhaps, hard rules and smallest
    fills. Everyone takes the arc that is cheapest by `cost` [T+1, P]; those whom `first` [T+1, P] lets enter, and
    then those who follow the pattern, come before all others.
    """
    data, settled = instance.data, instance.settled
    hard = settled.hard
    years, cells = data.horizon + 1, len(data.cells)
    by_line, in_buildings = _room_ahead(instance)
    entrants, stock = np.zeros_like(hard), np.zeros_like(hard)
    waiting = np.zeros((years, cells))
    stock[0], waiting[0] = data.placed, data.waiting_at_start
    for t in range(1, years):
        staying = survivors(data, t, stock[t - 1])
        before = staying + hard[t]
        left = looking(data, t, stock[t - 1], waiting[t - 1]) - totals(data.pair_cell, hard[t], cells)
        beyond = totals(data.pair_line, before - settled.held[t], len(data.lines))
        room = Room(data, in_buildings[t], by_line[t] - beyond, beyond)
        entrants[t] = hard[t]
        waves = [settled.may_give_way[t]]
        if first is not None:
            waves.insert(0, np.where(data.may_enter[t], np.maximum(first[t] - hard[t], 0.0), 0.0))
        for wanted in waves:
            asking = totals(data.pair_cell, wanted, cells)
            share = np.divide(np.maximum(left, 0.0), asking, out=np.zeros_like(left), where=asking > 0)
            taken = room.take(wanted * np.minimum(share, 1.0)[data.pair_cell])
            entrants[t] += taken
            left -= totals(data.pair_cell, taken, cells)
        for _ in range(ROUNDS):
            has_room = data.may_enter[t] & room.open[data.pair_line]
            taken = room.take(
                np.maximum(left, 0.0)[data.pair_cell] * cheapest_pair(data.pair_cell, cost[t], has_room, cells)
            )
            entrants[t] += taken
            left -= totals(data.pair_cell, taken, cells)
            if taken.sum() <= NOBODY:
                break
        stock[t] = staying + entrants[t]
        waiting[t] = np.maximum(left, 0.0)
    return entrants, waiting


def _room_ahead(instance: Instance) -> tuple[Floats, Floats]:
    """[T+1, L] and [T+1, buildings] the least room that those settled leave, this year and in all later ones: whoever
    enters now may still be there when places are fewer, or more follow the pattern. Years in which a line is closed
    do not count: nobody is there then.
    """
    data, settled = instance.data, instance.settled
    in_line = np.stack([totals(data.pair_line, row, len(data.lines)) for row in settled.held])
    counted = data.limited_lines.astype(float)
    lines = np.where(data.line_open, data.places + settled.allowance - in_line, np.inf)
    buildings = np.where(data.line_open @ counted.T > 0, settled.physical - in_line @ counted.T, np.inf)
    least_from_here_on = [np.minimum.accumulate(room[::-1])[::-1] for room in (lines, buildings)]
    return least_from_here_on[0], least_from_here_on[1]

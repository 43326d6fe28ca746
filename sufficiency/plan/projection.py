"""The unmitigated projection: what happens if everyone who is free to choose follows today's pattern.

A projection, not an optimum: it is what plans are compared with.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from sufficiency.arrays import Flags, Floats, totals
from sufficiency.plan.cells import PlanData
from sufficiency.plan.commitments import Commitments
from sufficiency.plan.room import Room, cheapest_pair
from sufficiency.plan.stock import carried, returned, survivors


@dataclass(frozen=True)
class Projection:
    """Children as in a plan of `data`: `entrants` and `stock` [T+1, P], `waiting` [T+1, C], `over` [T+1, L] above
    places; money discounted £.
    """

    data: PlanData = field(repr=False)
    entrants: Floats
    stock: Floats
    waiting: Floats
    over: Floats
    money: float


def unmitigated(data: PlanData, settled: Commitments) -> Projection:
    """Year by year everyone not carried asks for a place as children like them are placed today.

    A line takes them up to its places and what may stand above them, its building permitting, all asking alike. Who
    does not fit goes to independent lines that accept them, in proportion to today's pattern, else to the cheapest
    of them, else waits.
    """
    years, pairs = data.entrants.shape[0], len(data.pair_cell)
    entrants, stock = np.zeros((years, pairs)), np.zeros((years, pairs))
    waiting = np.zeros((years, len(data.cells)))
    over = np.zeros((years, len(data.lines)))
    stock[0], waiting[0] = data.placed, data.waiting_at_start
    independent = (data.lines["type"] == "independent").to_numpy()[data.pair_line]
    for t in range(1, years):
        before = survivors(data, t, stock[t - 1])
        asking = data.entrants[t] - carried(data, t, stock[t - 1]) + returned(data, t, stock[t - 1])
        asking = np.maximum(asking + data.stay[t] * waiting[t - 1], 0.0)
        inherited = totals(data.pair_line, before, len(data.lines))
        places = data.places[t]
        chosen = data.overfill[t] * np.where(np.isfinite(places), places, 0.0)
        allowed = np.maximum(chosen, inherited - places)
        room = Room(data, data.physical[t], places + np.maximum(allowed, 0.0) - inherited, inherited)
        first = room.take(asking[data.pair_cell] * settled.pattern[t])
        left = np.maximum(asking - totals(data.pair_cell, first, len(data.cells)), 0.0)
        bought = room.take(left[data.pair_cell] * _shares(data, settled.pattern[t], data.eligible[t] & independent))
        left = np.maximum(left - totals(data.pair_cell, bought, len(data.cells)), 0.0)
        cheapest = room.take(
            left[data.pair_cell]
            * cheapest_pair(data.pair_cell, data.k[t], data.eligible[t] & independent, len(data.cells))
        )
        entrants[t] = first + bought + cheapest
        stock[t] = before + entrants[t]
        waiting[t] = np.maximum(left - totals(data.pair_cell, cheapest, len(data.cells)), 0.0)
        in_line = totals(data.pair_line, stock[t], len(data.lines))
        over[t] = np.maximum(np.where(np.isfinite(places), in_line - places, 0.0), 0.0)
    waits = data.discount * data.awaiting_money * waiting.sum(axis=1)
    money = (data.discount[:, None] * data.k * stock)[1:].sum() + (data.discount[:, None] * data.place_funding)[
        1:
    ].sum()
    return Projection(data, entrants, stock, waiting, over, float(money + waits[1:].sum()))


def _shares(data: PlanData, pattern: Floats, allowed: Flags) -> Floats:
    """Today's pattern over the allowed pairs of each cell, as shares of the whole; 0 where it shows none."""
    kept = np.where(allowed, pattern, 0.0)
    total = totals(data.pair_cell, kept, len(data.cells))[data.pair_cell]
    return np.divide(kept, total, out=np.zeros_like(kept), where=total > 0)

"""The unmitigated projection: what happens if everyone who is free to choose follows today's pattern.

A projection, not an optimum: it is what plans are compared with.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sufficiency.plan.cells import PlanData
from sufficiency.plan.commitments import Commitments
from sufficiency.plan.stock import carried, returned, survivors

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Projection:
    """Children as in a plan: `entrants` and `stock` [T+1, P], `waiting` [T+1, C], `over` [T+1, L] above places; money discounted £."""

    entrants: Floats
    stock: Floats
    waiting: Floats
    over: Floats
    money: float


def unmitigated(data: PlanData, settled: Commitments) -> Projection:
    """Year by year everyone not carried asks for a place as children like them are placed today.

    A line takes them up to its places and what may stand above them, its building permitting, all asking alike. Who does not fit goes to
    independent lines that accept them, in proportion to today's pattern, else to the cheapest of them, else waits.
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
        inherited = np.bincount(data.pair_line, before, len(data.lines))
        places = data.places[t]
        chosen = data.overfill[t] * np.where(np.isfinite(places), places, 0.0)
        allowed = np.maximum(chosen, inherited - places)
        room = _Room(data, t, places + np.maximum(allowed, 0.0) - inherited, inherited)
        first = room.take(asking[data.pair_cell] * settled.pattern[t])
        left = np.maximum(asking - np.bincount(data.pair_cell, first, len(data.cells)), 0.0)
        bought = room.take(
            left[data.pair_cell] * _shares(data, settled.pattern[t], data.eligible[t] & independent)
        )
        left = np.maximum(left - np.bincount(data.pair_cell, bought, len(data.cells)), 0.0)
        cheapest = room.take(left[data.pair_cell] * _cheapest(data, t, data.eligible[t] & independent))
        entrants[t] = first + bought + cheapest
        stock[t] = before + entrants[t]
        waiting[t] = np.maximum(left - np.bincount(data.pair_cell, cheapest, len(data.cells)), 0.0)
        in_line = np.bincount(data.pair_line, stock[t], len(data.lines))
        over[t] = np.maximum(np.where(np.isfinite(places), in_line - places, 0.0), 0.0)
    waits = data.discount * data.awaiting_money * waiting.sum(axis=1)
    money = (data.discount[:, None] * data.k * stock)[1:].sum() + (
        data.discount[:, None] * data.place_funding
    )[1:].sum()
    return Projection(entrants, stock, waiting, over, float(money + waits[1:].sum()))


class _Room:
    """Room left in lines and buildings as one wave of children after the other is let in."""

    def __init__(self, data: PlanData, t: int, lines: Floats, inherited: Floats) -> None:
        self.data = data
        self.lines = np.maximum(lines, 0.0)
        self.counted = data.limited_lines.astype(float)
        self.buildings = np.maximum(data.physical[t] - self.counted @ inherited, 0.0)

    def take(self, asked: Floats) -> Floats:
        """[P] of those who ask, how many get in: all who ask at a line alike."""
        by_line = np.bincount(self.data.pair_line, asked, len(self.lines))
        share = np.minimum(1.0, np.divide(self.lines, by_line, out=np.ones_like(by_line), where=by_line > 0))
        by_building = self.counted @ (by_line * share)
        fits = np.minimum(
            1.0, np.divide(self.buildings, by_building, out=np.ones_like(by_building), where=by_building > 0)
        )
        if len(fits):
            share *= np.where(self.counted > 0, fits[:, None], 1.0).min(axis=0)
        taken = by_line * share
        self.lines = np.maximum(self.lines - taken, 0.0)
        self.buildings = np.maximum(self.buildings - self.counted @ taken, 0.0)
        return np.asarray(asked * share[self.data.pair_line])


def _shares(data: PlanData, pattern: Floats, allowed: Flags) -> Floats:
    """Today's pattern over the allowed pairs of each cell, as shares of the whole; 0 where it shows none."""
    kept = np.where(allowed, pattern, 0.0)
    total = np.bincount(data.pair_cell, kept, len(data.cells))[data.pair_cell]
    return np.divide(kept, total, out=np.zeros_like(kept), where=total > 0)


def _cheapest(data: PlanData, t: int, allowed: Flags) -> Floats:
    """1 at the cheapest allowed pair of each cell, the first of equals; 0 elsewhere."""
    cost = np.where(allowed, data.k[t], np.inf)
    lowest = np.full(len(data.cells), np.inf)
    np.minimum.at(lowest, data.pair_cell, cost)
    is_lowest = allowed & (cost == lowest[data.pair_cell])
    place = np.flatnonzero(is_lowest)
    _, first = np.unique(data.pair_cell[place], return_index=True)
    chosen = np.zeros(len(cost))
    chosen[place[first]] = 1.0
    return chosen

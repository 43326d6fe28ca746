"""Room in lines and buildings as one wave of children after the other asks for a place."""

from __future__ import annotations

import numpy as np

from sufficiency.arrays import Flags, Floats, Ints, totals
from sufficiency.plan.cells import PlanData

NO_ROOM = 1e-9
"""Children: less room than this is none."""


class Room:
    """Room left in lines and buildings as one wave of children after the other is let in."""

    def __init__(self, data: PlanData, physical: Floats, lines: Floats, inherited: Floats) -> None:
        self.data = data
        self.lines = np.maximum(lines, 0.0)
        self.counted = data.limited_lines.astype(float)
        self.buildings = np.maximum(physical - self.counted @ inherited, 0.0)

    @property
    def open(self) -> Flags:
        """[L] lines with room, in buildings with room."""
        full = self.counted[self.buildings <= NO_ROOM]
        return np.asarray((self.lines > NO_ROOM) & ~(full > 0).any(axis=0))

    def take(self, asked: Floats) -> Floats:
        """[P] of those who ask, how many get in: all who ask at a line alike."""
        by_line = totals(self.data.pair_line, asked, len(self.lines))
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


def cheapest_pair(pair_cell: Ints, cost: Floats, allowed: Flags, cells: int) -> Floats:
    """[P] 1 at the cheapest allowed pair of each cell, the first of equals; 0 elsewhere."""
    kept = np.where(allowed, cost, np.inf)
    lowest = np.full(cells, np.inf)
    np.minimum.at(lowest, pair_cell, kept)
    place = np.flatnonzero(allowed & (kept == lowest[pair_cell]))
    _, first = np.unique(pair_cell[place], return_index=True)
    chosen = np.zeros(len(cost))
    chosen[place[first]] = 1.0
    return chosen

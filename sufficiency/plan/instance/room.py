"""Room in lines and buildings as one wave of children after the other asks for a place."""

from __future__ import annotations

import numpy as np

from sufficiency.arrays import Flags, Floats, Ints, totals
from sufficiency.plan.instance.data import InstanceData
from sufficiency.plan.tolerances import NOBODY, SAME_MINUTES


class Room:
    """Room left in lines and buildings as one wave of children after the other is let in."""

    def __init__(self, data: InstanceData, physical: Floats, lines: Floats, inherited: Floats) -> None:
        self.data = data
        self.children = inherited
        self.lines = np.maximum(lines, 0.0)
        self.counted = data.limited_lines.astype(float)
        self.buildings = np.maximum(physical - self.counted @ inherited, 0.0)

    @property
    def open(self) -> Flags:
        """[L] lines with room, in buildings with room."""
        full = self.counted[self.buildings <= NOBODY]
        return np.asarray((self.lines > NOBODY) & ~(full > 0).any(axis=0))

    def up_to(self, children: Floats) -> Room:
        """The same room, with lines that take children until they hold so many [L] from now on."""
        self.lines = np.maximum(children - self.children, 0.0)
        return self

    def take(self, asked: Floats) -> Floats:
        """[P] of those who ask, how many get in: all who ask at a line alike."""
        share = self._let_in(totals(self.data.pair_line, asked, len(self.lines)))
        return np.asarray(asked * share[self.data.pair_line])

    def take_nearest(self, looking: Floats, arcs: Flags, rounds: Ints) -> Floats:
        """[P] of those looking for a place [C], how many get into each of the arcs [P], the shortest journeys first.

        `rounds` [P]: the arcs of the first round are the lowest, as `rounds_by_minutes` gives them. In a round the
        children of a cell ask alike at each of its arcs with room, and all who ask at a line are let in alike; who is
        turned away asks at what has room in the same round, then in the next.
        """
        data, taken, left = self.data, np.zeros(len(arcs)), looking.copy()
        known = np.flatnonzero(arcs)
        begins = np.searchsorted(data.pair_cell[known], np.arange(len(left) + 1))
        asking, searching = known[:0], np.flatnonzero(left > NOBODY)
        while True:
            nearest = known[_ranges(begins[searching], begins[searching + 1])]
            nearest = nearest[self.open[data.pair_line[nearest]]]
            asking = np.concatenate([asking, nearest[_earliest(rounds[nearest], data.pair_cell[nearest])]])
            if not len(asking):
                return taken
            asking = asking[np.argsort(rounds[asking], kind="stable")]
            cell, line = data.pair_cell[asking], data.pair_line[asking]
            asked = left[cell] / totals(cell, np.ones(len(cell)), len(left))[cell]
            start, end = self._first_shortage(line, rounds[asking], asked)
            for wave in (slice(0, start), slice(start, end)):
                share = self._let_in(totals(line[wave], asked[wave], len(self.lines)))
                taken[asking[wave]] += asked[wave] * share[line[wave]]
                left -= totals(cell[wave], asked[wave] * share[line[wave]], len(left))
            turned_away = np.zeros(len(left), dtype=bool)
            turned_away[cell[~self.open[line]]] = True
            looks = left > NOBODY
            searching = np.flatnonzero(turned_away & looks)
            asking = asking[(looks & ~turned_away)[cell]]

    def _let_in(self, asked: Floats) -> Floats:
        """[L] the share that gets in of those who ask at each line [L]: first as far as the line has room, then as its
        buildings have.
        """
        share = np.minimum(1.0, np.divide(self.lines, asked, out=np.ones_like(asked), where=asked > 0))
        by_building = self.counted @ (asked * share)
        fits = np.minimum(
            1.0, np.divide(self.buildings, by_building, out=np.ones_like(by_building), where=by_building > 0)
        )
        if len(fits):
            share *= np.where(self.counted > 0, fits[:, None], 1.0).min(axis=0)
        taken = asked * share
        self.children = self.children + taken
        self.lines = np.maximum(self.lines - taken, 0.0)
        self.buildings = np.maximum(self.buildings - self.counted @ taken, 0.0)
        return np.asarray(share)

    def _first_shortage(self, line: Ints, rounds: Ints, asked: Floats) -> tuple[int, int]:
        """Where the first round in which a line or building has less room than is asked of it begins and ends, among
        arcs ordered by rounds; the end of them all where everyone fits.
        """
        by_line = totals(line, asked, len(self.lines))
        short_lines = np.flatnonzero(by_line > self.lines)
        short_buildings = np.flatnonzero(self.counted @ by_line > self.buildings)
        first = len(line)
        for inside, room in [
            *((np.arange(len(self.lines)) == at, self.lines[at]) for at in short_lines),
            *((self.counted[at] > 0, self.buildings[at]) for at in short_buildings),
        ]:
            filled = np.cumsum(np.where(inside[line[:first]], asked[:first], 0.0))
            first = min(first, int(np.searchsorted(filled, room, side="right")))
        if first == len(line):
            return first, first
        return int(np.searchsorted(rounds, rounds[first])), int(np.searchsorted(rounds, rounds[first], side="right"))


def rounds_by_minutes(minutes: Floats) -> Ints:
    """[P] 0 at the shortest journeys, 1 at the next, and so on; equal where minutes are no more than 1e-6 apart."""
    distinct, place = np.unique(minutes, return_inverse=True)
    longer = np.diff(distinct, prepend=distinct[:1]) > SAME_MINUTES
    return np.asarray(np.cumsum(longer)[place], dtype=np.int64)


def _ranges(start: Ints, end: Ints) -> Ints:
    """The numbers from each start up to its end, one range after the other."""
    length = end - start
    return np.asarray(np.repeat(start - np.cumsum(length) + length, length) + np.arange(length.sum()))


def _earliest(rounds: Ints, cell: Ints) -> Flags:
    """Of arcs ordered by cell, those in the earliest round of their cell."""
    if not len(cell):
        return np.zeros(0, dtype=bool)
    first = np.flatnonzero(np.diff(cell, prepend=-1))
    return np.asarray(rounds == np.repeat(np.minimum.reduceat(rounds, first), np.diff(first, append=len(cell))))


def cheapest_pair(pair_cell: Ints, cost: Floats, allowed: Flags, cells: int) -> Floats:
    """[P] 1 at the cheapest allowed pair of each cell, the first of equals; 0 elsewhere."""
    allowed_cost = np.where(allowed, cost, np.inf)
    lowest = np.full(cells, np.inf)
    np.minimum.at(lowest, pair_cell, allowed_cost)
    place = np.flatnonzero(allowed & (allowed_cost == lowest[pair_cell]))
    _, first = np.unique(pair_cell[place], return_index=True)
    chosen = np.zeros(len(cost))
    chosen[place[first]] = 1.0
    return chosen

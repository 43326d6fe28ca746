"""The search for whole-number tables that show how small and how large cells can be."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import milp

from sufficiency.arrays import Flags, Floats, Ints
from sufficiency.report.disclosure.knowledge import Knowledge, Programs, rows_of, whole_bounds
from sufficiency.report.disclosure.least_moves import LeastMoves
from sufficiency.report.disclosure.moves import Moves
from sufficiency.report.disclosure.witness import Witness, proves

_CLOSE = 1e-6
NARROWEST = 100
"""Cells for which two whole-number tables are shown."""
_AT_ONCE = 16
"""Cells that are moved at once."""
_WIDER = 3
"""Times the threshold that other cells may move by with one."""
_Move = dict[int, float]
"""By how much cells move; those that stay are not in it."""


@dataclass(frozen=True)
class Inferred:
    """[n] `least` and `greatest` that the cells asked about can be (NaN for others); at least so far apart where not
    `exact`. `because`: for cells less than the threshold wide, the rows that say so. `witnesses`: for the narrowest;
    `unproven`: of those the cells for which none were found.
    """

    least: Floats
    greatest: Floats
    exact: Flags
    because: dict[int, tuple[str, ...]]
    witnesses: tuple[Witness, ...]
    unproven: tuple[int, ...]


class Search:
    """Tables that fit, as far as they show how small and how large each cell can be: [n] `least` and `greatest`."""

    def __init__(self, known: Knowledge, asked: Flags, threshold: float, start: Floats) -> None:
        self.known, self.asked, self.threshold, self.start = known, asked, threshold, start
        step = float(int(np.ceil(threshold)))
        self.moves = Moves(known.system, start, known.lower, known.upper, step)
        self.least_moves = LeastMoves(known.system, start, known.lower, known.upper, _WIDER * step)
        self.least, self.greatest = start.copy(), start.copy()
        self.by_cell: dict[int, tuple[_Move, _Move]] = {}
        self.exact = np.zeros(len(start), dtype=bool)
        self.because: dict[int, tuple[str, ...]] = {}

    def left(self) -> Ints:
        """The cells that no two tables show to be safe yet."""
        return np.flatnonzero(self.asked & ~self.exact & (self.greatest - self.least < self.threshold - _CLOSE))

    def by_moves(self) -> None:
        """Whole-number moves of every cell that is left: by trial; then, of those that are still left, the least, of
        several cells that share no sum at once.
        """
        for cell in self.left():
            if self._is_left(cell):
                self._by_trial(int(cell))
        batches = self._apart(self.left())
        while batches:
            batch = [cell for cell in batches.pop() if self._is_left(cell)]
            if len(batch) < 2:
                for cell in batch:
                    self._least(cell)
                continue
            step, up = self.moves.step, self.least_moves.up
            moved = self.least_moves.find({cell: step if up[cell] >= step else -step for cell in batch})
            if moved is not None:
                self._keep(moved)
            else:
                batches += [batch[::2], batch[1::2]]

    def _is_left(self, cell: int) -> bool:
        return bool(self.greatest[cell] - self.least[cell] < self.threshold - _CLOSE)

    def _apart(self, cells: Ints) -> list[list[int]]:
        """Cells in batches in which no two share a row."""
        batches: list[tuple[list[int], set[int]]] = []
        for cell in cells.tolist():
            rows = {row for row, _ in self.moves.columns[cell]}
            place = next((one for one in batches if len(one[0]) < _AT_ONCE and not rows & one[1]), None)
            if place is None:
                place = ([], set())
                batches.append(place)
            place[0].append(cell)
            place[1].update(rows)
        return [batch for batch, _ in batches]

    def _by_trial(self, cell: int) -> None:
        for sign in (1, -1):
            moved = self.moves.find(cell, sign)
            if moved is not None:
                self._keep({one: way * self.moves.step for one, way in moved.items()})
                return

    def _least(self, cell: int) -> None:
        """A move by the whole threshold, up or down; or two, down and up, that are the threshold apart."""
        step = self.moves.step
        for way in (step, -step):
            moved = self.least_moves.find({cell: way})
            if moved is not None:
                self._keep(moved)
                return
        for down in dict.fromkeys((self.least_moves.down[cell], step - self.least_moves.up[cell])):
            if 0 < down < step:
                low, high = (self.least_moves.find({cell: way}) for way in (-down, step - down))
                if low is not None and high is not None:
                    self._keep(low)
                    self._keep(high)
                    self.by_cell.setdefault(cell, (low, high))
                    return

    def _keep(self, moved: dict[int, float]) -> None:
        """What a move shows of all cells that move."""
        pairs: tuple[_Move, _Move]
        for one, by in moved.items():
            end = self.start[one] + by
            self.least[one], self.greatest[one] = min(self.least[one], end), max(self.greatest[one], end)
            if abs(by) >= self.threshold - _CLOSE:
                pairs = ({}, moved) if by > 0 else (moved, {})
                self.by_cell.setdefault(one, pairs)

    def one_by_one(self) -> None:
        """Two linear programs for each cell that is left."""
        programs: Programs | None = None
        for cell in self.left():
            if self.greatest[cell] - self.least[cell] >= self.threshold - _CLOSE:
                continue
            programs = programs or Programs(self.known)
            ends: list[float] = []
            because: list[str] = []
            for sign in (1.0, -1.0):
                ends.append(programs.extreme(int(cell), sign))
                because += programs.because
                if programs.table is not None:
                    self.remember(programs.table)
            self.least[cell], self.greatest[cell] = ends
            self.exact[cell] = True
            self.because[int(cell)] = tuple(dict.fromkeys(because))

    def remember(self, table: Floats) -> None:
        """What a table that fits shows of all cells."""
        np.minimum(self.least, table, out=self.least, where=~self.exact)
        np.maximum(self.greatest, table, out=self.greatest, where=~self.exact)

    def found(self) -> Inferred:
        """What can be worked out, with witnesses for the narrowest cells that are safe."""
        width = np.where(self.asked, self.greatest - self.least, np.inf)
        order = [int(cell) for cell in np.argsort(width, kind="stable") if self.asked[cell]]
        safe = [cell for cell in order if width[cell] >= self.threshold - _CLOSE][:NARROWEST]
        shown = {cell: self._witness(cell) for cell in safe}
        unproven = tuple(cell for cell, one in shown.items() if one is None)
        least, greatest = (np.where(self.asked, ends, np.nan) for ends in (self.least, self.greatest))
        witnesses = tuple(one for one in shown.values() if one)
        return Inferred(least, greatest, self.exact & self.asked, self.because, witnesses, unproven)

    def _witness(self, cell: int) -> Witness | None:
        if cell not in self.by_cell:
            self._least(cell)
        known, moves = self.known, self.by_cell.get(cell)
        pair = (
            _two_tables(known, cell, self.threshold)
            if moves is None
            else (self._moved(moves[0]), self._moved(moves[1]))
        )
        witness = None if pair is None else Witness(cell, *pair)
        return witness if witness and proves(witness, known.system, known.lower, known.upper, self.threshold) else None

    def _moved(self, move: _Move) -> Floats:
        table = self.start.copy()
        table[list(move)] += np.array(list(move.values()))
        return table


def _two_tables(known: Knowledge, cell: int, threshold: float) -> tuple[Floats, Floats] | None:
    """Whole-number tables with the least and the greatest of a cell, by integer programs."""
    tables = []
    for sign in (1.0, -1.0):
        cost = np.zeros(len(known.lower))
        cost[cell] = sign
        answer = milp(cost, integrality=np.ones(len(cost)), bounds=whole_bounds(known), constraints=rows_of(known))
        if answer.x is None:
            return None
        tables.append(np.round(answer.x))
    low, high = tables
    return (low, high) if high[cell] - low[cell] >= threshold - _CLOSE else None

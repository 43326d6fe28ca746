"""Another table that fits what is published: one cell moved, and as few others as keep every row."""

from __future__ import annotations

import random
from itertools import pairwise

from scipy import sparse

from sufficiency.arrays import Floats
from sufficiency.report.disclosure.linked import System

_TRIES = 2
_LONGEST = 100
"""Cells that a move may touch before it is given up."""
_CLOSE = 1e-7


class Moves:
    """Moves from one table that fits to another: every cell that moves goes up or down by the same `step`.

    `start` keeps all rows and bounds. What is found needs no solver to be checked: see `witness.fits`.
    """

    def __init__(self, system: System, start: Floats, lower: Floats, upper: Floats, step: float) -> None:
        self.start, self.step = start, step
        up, down = start + step <= upper + _CLOSE, start - step >= lower - _CLOSE
        self.may: dict[int, list[bool]] = {1: up.tolist(), -1: down.tolist()}
        self.rows, self.columns = _entries(system.rows), _entries(system.rows.T.tocsr())
        found = system.rows @ start
        self.above: list[float] = ((system.upper - found + _CLOSE) / step).tolist()
        self.below: list[float] = ((system.lower - found - _CLOSE) / step).tolist()
        self.adds_up: list[int] = system.adds_up.tolist()
        self.chance = random.Random(0)  # noqa: S311

    def find(self, cell: int, sign: int) -> dict[int, int] | None:
        """The cells that move with `cell`, and the sign of their step; None where none were found in a few tries."""
        if not self.may[sign][cell]:
            return None
        for _ in range(_TRIES):
            moved = self._follow(cell, sign)
            if moved is not None:
                return moved
        return None

    def _follow(self, cell: int, sign: int) -> dict[int, int] | None:
        moved: dict[int, int] = {}
        sums: dict[int, float] = {}
        off: dict[int, None] = {}
        nxt: tuple[int, int] | None = (cell, sign)
        while nxt is not None:
            moved[nxt[0]] = nxt[1]
            self._note(nxt, sums, off)
            if not off:
                return moved
            if len(moved) > _LONGEST:
                return None
            nxt = self._next(off, sums, moved)
        return None

    def _note(self, step: tuple[int, int], sums: dict[int, float], off: dict[int, None]) -> None:
        """Add a step to the rows that its cell is in, and keep in `off` the rows that are no longer kept."""
        cell, sign = step
        for row, weight in self.columns[cell]:
            sums[row] = moved = sums.get(row, 0.0) + sign * weight
            if self.below[row] <= moved <= self.above[row]:
                off.pop(row, None)
            else:
                off[row] = None

    def _next(self, off: dict[int, None], sums: dict[int, float], moved: dict[int, int]) -> tuple[int, int] | None:
        """The next cell to move and the sign of its step: the total of a sum that is off, where it may move; else any
        of the row that leaves the fewest to choose from.
        """
        fewest: list[tuple[int, int]] | None = None
        for row in off:
            way = -1 if sums[row] > self.above[row] else 1
            whole = self.adds_up[row]
            if whole >= 0 and whole not in moved and self.may[-way][whole]:  # its weight is −1
                return whole, -way
            options = self._options(row, way, moved)
            if not options:
                return None
            if fewest is None or len(options) < len(fewest):
                fewest = options
        return self.chance.choice(fewest) if fewest else None

    def _options(self, row: int, way: int, moved: dict[int, int]) -> list[tuple[int, int]]:
        """Cells that bring the sum of a row up (`way` 1) or down, with the sign of their step."""
        more, less = self.may[way], self.may[-way]
        return [
            (cell, way if weight > 0 else -way)
            for cell, weight in self.rows[row]
            if (more if weight > 0 else less)[cell] and cell not in moved
        ]


def _entries(matrix: sparse.csr_matrix) -> list[list[tuple[int, float]]]:
    """The entries of each row of a matrix as column and weight."""
    columns, weights, starts = matrix.indices.tolist(), matrix.data.tolist(), matrix.indptr.tolist()
    return [list(zip(columns[start:end], weights[start:end], strict=True)) for start, end in pairwise(starts)]

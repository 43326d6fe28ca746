"""Another table that fits what is published: one cell moved, and as few others as keep every row."""

from __future__ import annotations

import numpy as np

from sufficiency.arrays import Floats
from sufficiency.report.disclosure.linked import System

_TRIES = 30
_LONGEST = 300
"""Cells that a move may touch before it is given up."""
_CLOSE = 1e-7


class Moves:
    """Moves from one table that fits to another: every cell that moves goes up or down by the same `step`.

    `start` keeps all rows and bounds. What is found needs no solver to be checked: see `witness.fits`.
    """

    def __init__(self, system: System, start: Floats, lower: Floats, upper: Floats, step: float) -> None:
        self.system, self.start, self.step = system, start, step
        self.may = {1: start + step <= upper + _CLOSE, -1: start - step >= lower - _CLOSE}
        self.rows, self.columns = system.rows, system.rows.tocsc()
        found = system.rows @ start
        self.above, self.below = system.upper - found + _CLOSE, system.lower - found - _CLOSE
        self.chance = np.random.default_rng(0)

    def find(self, cell: int, sign: int) -> dict[int, int] | None:
        """The cells that move with `cell`, and the sign of their step; None where none were found."""
        if not self.may[sign][cell]:
            return None
        for attempt in range(_TRIES):
            moved = self._follow(cell, sign, attempt)
            if moved is not None:
                return moved
        return None

    def table(self, moved: dict[int, int]) -> Floats:
        """The table after a move."""
        values = self.start.copy()
        values[list(moved)] += self.step * np.array(list(moved.values()))
        return values

    def _follow(self, cell: int, sign: int, attempt: int) -> dict[int, int] | None:
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
            nxt = self._next(off, sums, moved, attempt)
        return None

    def _note(self, step: tuple[int, int], sums: dict[int, float], off: dict[int, None]) -> None:
        """Add a step to the rows that its cell is in, and keep in `off` the rows that are no longer kept."""
        entries = slice(self.columns.indptr[step[0]], self.columns.indptr[step[0] + 1])
        for row, weight in zip(
            self.columns.indices[entries].tolist(), self.columns.data[entries].tolist(), strict=True
        ):
            sums[row] = sums.get(row, 0.0) + step[1] * weight
            if self.below[row] <= sums[row] * self.step <= self.above[row]:
                off.pop(row, None)
            else:
                off[row] = None

    def _next(
        self, off: dict[int, None], sums: dict[int, float], moved: dict[int, int], attempt: int
    ) -> tuple[int, int] | None:
        """The next cell to move and the sign of its step: the total of a sum that is off, where it may move; else any
        of the row that leaves the fewest to choose from.
        """
        fewest: list[tuple[int, int]] | None = None
        for row in off:
            options = self._options(row, -1 if sums[row] * self.step > self.above[row] else 1, moved)
            whole = [option for option in options if option[0] == self.system.adds_up[row]]
            if whole and (attempt < 2 or self.chance.random() < 0.8):
                return whole[0]
            if fewest is None or len(options) < len(fewest):
                fewest = options
        return fewest[int(self.chance.integers(len(fewest)))] if fewest else None

    def _options(self, row: int, way: int, moved: dict[int, int]) -> list[tuple[int, int]]:
        """Cells that bring the sum of a row up (`way` 1) or down, with the sign of their step."""
        entries = slice(self.rows.indptr[row], self.rows.indptr[row + 1])
        return [
            (cell, way if weight > 0 else -way)
            for cell, weight in zip(self.rows.indices[entries].tolist(), self.rows.data[entries].tolist(), strict=True)
            if cell not in moved and self.may[way if weight > 0 else -way][cell]
        ]

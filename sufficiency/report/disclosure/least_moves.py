"""The least that has to move with some cells so that a table still fits."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from sufficiency.arrays import Floats
from sufficiency.report.disclosure.linked import System
from sufficiency.report.disclosure.live import OPTIMAL, LiveProgram

_CLOSE = 1e-6


class LeastMoves:
    """Moves from a whole-number table that fits; `start` keeps all rows and bounds; no cell moves by more than `most`.

    [n] `up` and `down`: how far a cell may go.
    """

    def __init__(self, system: System, start: Floats, lower: Floats, upper: Floats, most: float) -> None:
        self.system, self.start = system, start
        self.up = np.maximum(np.floor(np.minimum(upper - start, most) + _CLOSE), 0.0)
        self.down = np.maximum(np.floor(np.minimum(start - lower, most) + _CLOSE), 0.0)
        found = system.rows @ start
        self.row_bounds = system.lower - found, system.upper - found
        n = len(start)
        both = sparse.hstack([system.rows, -system.rows], format="csr")
        bounds = np.zeros(2 * n), np.concatenate([self.up, self.down])
        self.program = LiveProgram(both, self.row_bounds, bounds, np.ones(2 * n))

    def find(self, moves: Mapping[int, float]) -> dict[int, float] | None:
        """By how much cells move where some go up by a whole number, or down (below 0); None where none was found."""
        n, every = len(self.start), np.concatenate([self.up, self.down])
        there = np.array([cell if by > 0 else cell + n for cell, by in moves.items()])
        far = np.abs(np.array(list(moves.values())))
        if np.any(every[there] < far - _CLOSE):
            return None
        cells = np.concatenate([there, (there + n) % (2 * n)])
        fixed = np.concatenate([far, np.zeros(len(far))])
        self.program.set_bounds(cells, fixed, fixed)
        status = self.program.solve()
        values = self.program.values if status == OPTIMAL else None
        self.program.set_bounds(cells, np.zeros(len(cells)), every[cells])
        return None if values is None else self._whole(values[:n] - values[n:], moves)

    def _whole(self, moved: Floats, moves: Mapping[int, float]) -> dict[int, float] | None:
        """The move in whole numbers, of the same cells and of those that share a sum with one that moves in part."""
        near = np.round(moved)
        if np.abs(moved - near).max() < _CLOSE:
            return {int(one): float(near[one]) for one in np.flatnonzero(near)}
        rows = self.system.rows
        parts = np.abs(moved - near) >= _CLOSE
        touched = np.flatnonzero(np.abs(rows) @ parts.astype(float) > 0)
        free = np.unique(np.concatenate([np.flatnonzero(np.abs(moved) > _CLOSE), rows[touched].indices]))
        part = rows[:, free]
        used = np.flatnonzero(np.diff(part.indptr))
        lower, upper = -self.down[free], self.up[free].copy()
        at = np.searchsorted(free, list(moves))
        lower[at] = upper[at] = list(moves.values())
        answer = milp(
            np.zeros(len(free)),
            integrality=np.ones(len(free)),
            bounds=Bounds(lower, upper),
            constraints=LinearConstraint(part[used], self.row_bounds[0][used], self.row_bounds[1][used]),
            options={"node_limit": 200},
        )
        if answer.x is None:
            return None
        near = np.round(answer.x)
        return {int(free[one]): float(near[one]) for one in np.flatnonzero(near)}

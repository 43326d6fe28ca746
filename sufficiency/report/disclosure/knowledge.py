"""What is known of linked tables, and the two linear programs that say how small and how large a cell can be."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint

from sufficiency.arrays import Floats, Ints
from sufficiency.report.disclosure.linked import System
from sufficiency.report.disclosure.live import INFEASIBLE, UNBOUNDED, LiveProgram

_CLOSE = 1e-6


@dataclass(frozen=True)
class Knowledge:
    """What is known of linked tables: [n] `lower` and `upper` for each cell, beside the rows of the system.

    `likely` [n] is where to start from: the published figures.
    """

    system: System
    lower: Floats
    upper: Floats
    likely: Floats


class ContradictionError(ValueError):
    """What is taken as known cannot all be true."""


class Programs:
    """The two linear programs of a cell, whose answers start from the last one."""

    def __init__(self, known: Knowledge) -> None:
        system = known.system
        self._live = LiveProgram(system.rows, (system.lower, system.upper), (known.lower, known.upper), primal=True)
        self.why = system.why
        self.reduced_costs: Floats = np.zeros(system.rows.shape[1])
        self.row_duals: Floats = np.zeros(system.rows.shape[0])
        self.because: tuple[str, ...] = ()
        self.table: Floats | None = None

    def set_bounds(self, cells: Ints, lower: Floats, upper: Floats) -> None:
        """Change what is known of some cells."""
        self._live.set_bounds(cells, lower, upper)

    def range_of(self, cell: int) -> tuple[float, float]:
        """The least and the greatest of a cell, -inf or inf where there is none; `because`: the rows that say so."""
        least = self.extreme(cell, 1.0)
        below = self.because
        greatest = self.extreme(cell, -1.0)
        self.because = tuple(dict.fromkeys((*below, *self.because)))
        return least, greatest

    def extreme(self, cell: int, sign: float) -> float:
        """The least (`sign` 1) or greatest (−1) of a cell; `reduced_costs` [n] are those of sign × the cell then."""
        self.table, self.because = None, ()
        one = np.array([cell])
        self._live.set_cost(one, np.array([sign]))
        status = self._live.solve()
        self._live.set_cost(one, np.zeros(1))
        if status == INFEASIBLE:
            raise ContradictionError("no table fits what is taken as known")
        if status == UNBOUNDED:
            return -np.inf if sign > 0 else np.inf
        self.table, self.reduced_costs = self._live.values, self._live.reduced_costs
        self.row_duals = self._live.row_duals
        held = np.flatnonzero(np.abs(self.row_duals) > _CLOSE)
        self.because = tuple(dict.fromkeys(self.why[row] for row in held))
        return float(self.table[cell])


def whole_bounds(known: Knowledge) -> Bounds:
    """The bounds of whole-number tables."""
    return Bounds(np.ceil(known.lower - _CLOSE), np.floor(known.upper + _CLOSE))


def rows_of(known: Knowledge) -> LinearConstraint:
    """The rows that hold."""
    return LinearConstraint(known.system.rows, known.system.lower, known.system.upper)

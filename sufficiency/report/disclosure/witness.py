"""Two whole-number tables that both fit what is published: proof that a cell cannot be worked out. No solver here."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from sufficiency.arrays import Floats
from sufficiency.report.disclosure.linked import System

_CLOSE = 1e-6


@dataclass(frozen=True)
class Witness:
    """A cell, and two tables [n] that fit; `width`: children between them in the cell."""

    cell: int
    low: Floats = field(repr=False)
    high: Floats = field(repr=False)

    @property
    def width(self) -> float:
        """By how much the two tables differ in the cell."""
        return float(self.high[self.cell] - self.low[self.cell])


def fits(system: System, lower: Floats, upper: Floats, table: Floats) -> bool:
    """Whether a table is in whole numbers, keeps every row and lies within what is known of each cell."""
    whole = bool(np.all(np.abs(table - np.round(table)) < _CLOSE))
    inside = bool(np.all(table >= lower - _CLOSE) and np.all(table <= upper + _CLOSE))
    return whole and inside and bool(np.all(system.misses(table) < _CLOSE))


def proves(witness: Witness, system: System, lower: Floats, upper: Floats, threshold: float) -> bool:
    """Whether both tables fit and differ in the cell by at least the threshold."""
    both = all(fits(system, lower, upper, table) for table in (witness.low, witness.high))
    return both and witness.width >= threshold - _CLOSE

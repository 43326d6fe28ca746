"""What each row of linked tables says of its cells, one row at a time, over and over."""

from __future__ import annotations

import numpy as np

from sufficiency.arrays import Floats
from sufficiency.report.disclosure.linked import System

_ROUNDS = 30
_CLOSE = 1e-6


def tighten(system: System, lower: Floats, upper: Floats) -> tuple[Floats, Floats]:
    """[n] the least and greatest that each cell can be, as far as single rows say: what a reader sees at once, such as
    that a cell is 0 because its total is.
    """
    lower, upper = lower.copy(), upper.copy()
    rows = system.rows
    row = np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr))
    cell, weight = rows.indices, rows.data
    for _ in range(_ROUNDS):
        low = np.where(weight > 0, weight * lower[cell], weight * upper[cell])
        high = np.where(weight > 0, weight * upper[cell], weight * lower[cell])
        rest_low, rest_high = _others(row, low, rows.shape[0]), _others(row, high, rows.shape[0])
        most, least = system.upper[row] - rest_low, system.lower[row] - rest_high
        above = np.where(weight > 0, most, least) / weight
        below = np.where(weight > 0, least, most) / weight
        new_lower, new_upper = lower.copy(), upper.copy()
        np.minimum.at(new_upper, cell, np.where(np.isnan(above), np.inf, above))
        np.maximum.at(new_lower, cell, np.where(np.isnan(below), -np.inf, below))
        new_upper, new_lower = np.maximum(new_upper, new_lower - _CLOSE), np.minimum(new_lower, new_upper + _CLOSE)
        moved = np.any(new_upper < upper - _CLOSE) or np.any(new_lower > lower + _CLOSE)
        lower, upper = np.maximum(lower, new_lower), np.minimum(upper, new_upper)
        if not moved:
            break
    return lower, upper


def _others(row: np.ndarray[tuple[int], np.dtype[np.int64]], activity: Floats, count: int) -> Floats:
    """For each entry the sum of its row without it; infinite parts counted apart."""
    infinite = ~np.isfinite(activity)
    finite = np.where(infinite, 0.0, activity)
    total = np.bincount(row, finite, count)[row] - finite
    others = np.bincount(row, infinite, count)[row] - infinite
    sign = np.bincount(row, np.where(infinite, np.sign(activity), 0.0), count)[row]
    return np.where(others > 0, np.where(sign > 0, np.inf, -np.inf), total)

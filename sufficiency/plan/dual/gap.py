"""How far a plan may be from the cheapest."""

from __future__ import annotations


def relative_gap(objective: float, bound: float, constant: float) -> float:
    """(objective − bound) / (objective − what no decision can change), so that a big constant does not hide a scheme
    (mathematics page, the proof).
    """
    return (objective - bound) / max(abs(objective - constant), 1e-4 * abs(objective), 1.0)

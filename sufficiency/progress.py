"""Rooms say how far they are; the caller draws it, or not."""

from __future__ import annotations

import math
from collections.abc import Callable

Progress = Callable[[str, str], None]
"""Called with a step ("Solve") and a detail ("20,400 columns, objective £812.4m")."""


def silent(step: str, detail: str = "") -> None:
    """A progress that shows nothing."""


def within(progress: Progress, scenario: str) -> Progress:
    """A progress whose steps are those of one scenario among several."""

    def report_step(step: str, detail: str = "") -> None:
        progress(scenario, f"{step.lower()}, {detail}" if detail else step.lower())

    return report_step


def so_far(what: str, cost: float, bound: float, constant: float) -> str:
    """Where a search stands: `best plan £892.28m, none below £892.10m, gap 0.04%`. The gap is a share of the cost
    less the `constant` that no decision changes; what is not known yet is said to be so.
    """
    best_so_far = f"{what} £{cost / 1e6:,.2f}m" if math.isfinite(cost) else f"{what}: none yet"
    if not math.isfinite(bound):
        return f"{best_so_far}, no bound yet"
    words = f"{best_so_far}, none below £{bound / 1e6:,.2f}m"
    if not math.isfinite(cost):
        return words
    gap = (cost - bound) / max(abs(cost - constant), 1.0)
    return f"{words}, gap {gap:.2%}" if gap >= 5e-5 else f"{words}, gap <0.01%"

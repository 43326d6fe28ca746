"""The attacker's programs again, by another route: SciPy's interior point, a new program for each end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from sufficiency.arrays import Floats
from sufficiency.report.disclosure.linked import System


def ranges(system: System, lower: Floats, upper: Floats, cells: Iterable[int]) -> Iterator[tuple[float, float]]:
    """The least and greatest that each of `cells` can be."""
    equal = system.lower == system.upper
    below, above = ~equal & np.isfinite(system.upper), ~equal & np.isfinite(system.lower)
    most = sparse.vstack([system.rows[below], -system.rows[above]])
    limits = np.concatenate([system.upper[below], -system.lower[above]])
    for cell in cells:
        ends = []
        for sign in (1.0, -1.0):
            cost = np.zeros(len(lower))
            cost[cell] = sign
            answer = linprog(
                cost,
                most if len(limits) else None,
                limits if len(limits) else None,
                system.rows[equal],
                system.lower[equal],
                np.column_stack([lower, upper]),
                method="highs-ipm",
            )
            assert answer.status in (0, 3), answer.message
            ends.append(float(answer.x[cell]) if answer.status == 0 else -sign * np.inf)
        yield ends[0], ends[1]

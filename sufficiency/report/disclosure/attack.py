"""What somebody can work out from linked tables: the least and greatest that each cell can be."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from sufficiency.arrays import Flags, Floats
from sufficiency.report.disclosure.bounds import tighten
from sufficiency.report.disclosure.knowledge import ContradictionError, Knowledge, Programs, rows_of, whole_bounds
from sufficiency.report.disclosure.search import Inferred, Search

_CLOSE = 1e-6


def attack(known: Knowledge, asked: Flags, threshold: float) -> Inferred:
    """Find how far apart the least and the greatest of every cell in `asked` are. Raises ContradictionError.

    Two whole-number tables that fit, a threshold apart in a cell, show that it is safe. They are sought by moving the
    cell and what must move with it: first by trial, then by the least that has to move; one move shows many cells to be
    safe. Of a cell for which none is found, two linear programs give the least and the greatest.
    """
    lower, upper = tighten(known.system, known.lower, known.upper)
    known = replace(known, lower=lower, upper=upper)
    start = whole_table(known)
    if start is None:
        return _without_whole_numbers(known, asked)
    search = Search(known, asked, threshold, start)
    search.by_moves()
    search.one_by_one()
    return search.found()


def whole_table(known: Knowledge) -> Floats | None:
    """A whole-number table that fits, near the likely one; None where there is none. Raises ContradictionError where
    no table fits at all.
    """
    likely = known.likely
    inside = np.all(likely >= known.lower - _CLOSE) and np.all(likely <= known.upper + _CLOSE)
    if inside and np.all(likely == np.round(likely)) and known.system.misses(likely).max(initial=0.0) < _CLOSE:
        return likely.copy()
    n = len(likely)
    eye, rows = sparse.eye(n, format="csr"), known.system.rows
    nothing = sparse.csr_matrix(rows.shape)
    constraints = [
        LinearConstraint(sparse.hstack([rows, nothing]), known.system.lower, known.system.upper),
        LinearConstraint(sparse.hstack([eye, eye]), likely, np.inf),
        LinearConstraint(sparse.hstack([eye, -eye]), -np.inf, likely),
    ]
    cost = np.concatenate([np.zeros(n), np.ones(n)])
    box = whole_bounds(known)
    bounds = Bounds(np.concatenate([box.lb, np.zeros(n)]), np.concatenate([box.ub, np.full(n, np.inf)]))
    if np.all(box.lb <= box.ub):
        whole = np.concatenate([np.ones(n), np.zeros(n)])
        options = {"mip_rel_gap": 0.2, "node_limit": 2000}
        answer = milp(cost, integrality=whole, bounds=bounds, constraints=constraints, options=options)
        if answer.x is not None:
            return np.asarray(np.round(answer.x[:n]))
    relaxed = milp(np.zeros(n), bounds=Bounds(known.lower, known.upper), constraints=rows_of(known))
    if relaxed.x is None:
        raise ContradictionError("no table fits what is taken as known")
    return None


def _without_whole_numbers(known: Knowledge, asked: Flags) -> Inferred:
    """Ranges by linear programs alone, where no whole-number table fits: nothing is proven to be safe."""
    programs = Programs(known)
    because: dict[int, tuple[str, ...]] = {}
    least, greatest = np.full(len(asked), np.nan), np.full(len(asked), np.nan)
    for cell in np.flatnonzero(asked):
        least[cell], greatest[cell] = programs.range_of(int(cell))
        because[int(cell)] = programs.because
    return Inferred(least, greatest, asked.copy(), because, (), tuple(int(cell) for cell in np.flatnonzero(asked)))

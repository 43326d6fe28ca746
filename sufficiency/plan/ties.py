"""Among plans of equal cost, the one closest to a pattern: so that a difference shown between two plans is real."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from sufficiency.plan.cells import PlanData
from sufficiency.plan.commitments import Commitments, free_to_choose
from sufficiency.plan.highs import Solution, solution_of
from sufficiency.plan.program import Program

Floats = NDArray[np.float64]

CHANGES_NOTHING = 1e-6
"""£ a child: columns and rows priced below this may move without changing the cost."""


def pattern_target(data: PlanData, settled: Commitments) -> Floats:
    """[T+1, P] entrants beyond x̂ if everyone free to choose followed today's pattern."""
    free = np.stack([free_to_choose(data, t) for t in range(data.horizon + 1)])
    return np.maximum(free[:, data.pair_cell] * settled.pattern - settled.entrants, 0.0)


def closest_to_pattern(written: Program, settled: Commitments, data: PlanData, solution: Solution) -> Floats:
    """Columns of the optimal plan that places most entrants as `pattern_target` says.

    Everything with a price stays where it is, which keeps the cost; each column free to move gets a twin, worth 1 a child up to the
    target. The first solution is returned where the second solve ends in any other way than optimal. Leaves the live model changed.
    """
    live = solution.live
    enter = len(written.enter_year)
    target = pattern_target(data, settled)[written.enter_year, written.enter_pair]
    free = np.abs(solution.reduced_costs) <= CHANGES_NOTHING
    twins = np.flatnonzero(free[:enter] & (target > 0))
    if not len(twins):
        return solution.columns
    columns = len(solution.columns)
    fixed = np.flatnonzero(~free)
    live.changeColsBounds(len(fixed), fixed.astype(np.int32), solution.columns[fixed], solution.columns[fixed])
    row_upper = np.array(live.getLp().row_upper_)
    priced = np.flatnonzero(np.abs(solution.row_duals) > CHANGES_NOTHING)
    live.changeRowsBounds(len(priced), priced.astype(np.int32), row_upper[priced], row_upper[priced])
    live.changeColsCost(columns, np.arange(columns, dtype=np.int32), np.zeros(columns))
    entries = sparse.csc_matrix(written.matrix)[:, twins]
    live.addCols(
        len(twins),
        np.full(len(twins), -1.0),
        np.zeros(len(twins)),
        target[twins],
        entries.nnz,
        entries.indptr[:-1].astype(np.int32),
        entries.indices.astype(np.int32),
        entries.data,
    )
    live.run()
    second = solution_of(live)
    if not second.optimal:
        return solution.columns
    found = second.columns[:columns].copy()
    found[twins] += second.columns[columns:]
    return found

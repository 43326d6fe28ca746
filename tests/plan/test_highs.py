"""What is read from HiGHS where it refuses to run."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from sufficiency.plan.program.highs import Limits, load_arrays, run_changed, run_loaded


def test_a_run_that_highs_refuses_is_no_answer() -> None:
    """HiGHS does not run on other threads than it began with. The answer to what was asked before, x = 3, is none to
    what is asked now.
    """
    matrix = sparse.csc_matrix(np.ones((1, 1)))
    live = load_arrays(matrix, np.array([-1.0]), np.array([9.0]), np.array([3.0]), limits=Limits(10.0, 1))
    solution = run_loaded(live, Limits(10.0, 1))
    assert solution.optimal
    assert solution.columns.tolist() == [3.0]
    live.changeRowBounds(0, -np.inf, 5.0)
    assert not run_changed(live, Limits(10.0, 3)).optimal
    now = run_changed(live, Limits(10.0, 1))
    assert now.optimal
    assert now.columns.tolist() == [5.0]

"""The openings that the cuts leave cheapest, as far as a short search by HiGHS itself says."""

from __future__ import annotations

import numpy as np
import pulp
from scipy import sparse

from sufficiency.arrays import Floats
from sufficiency.deadline import Deadline
from sufficiency.plan.options.master import THOUSAND, Allowed
from sufficiency.plan.options.search import Search
from sufficiency.plan.program.highs import solve_problem

CANDIDATE_NODES = 200
"""Nodes of HiGHS's search."""


def cheapest_by_cuts(search: Search, allowed: Allowed, deadline: Deadline) -> Floats | None:
    """The openings that the cuts leave cheapest, as far as a few nodes of HiGHS's own search say; None where none are
    allowed, or none was found.
    """
    choices = search.found.choices
    offset = search.cuts[0].intercept
    problem = pulp.LpProblem("openings", pulp.LpMinimize)
    y = [
        problem.add_variable(f"y_{column}", 0, float(most), pulp.LpInteger if whole else pulp.LpContinuous)
        for column, (most, whole) in enumerate(zip(allowed.upper, choices.whole, strict=True))
    ]
    cost = problem.add_variable("cost", None, None)
    problem.setObjective(pulp.LpAffineExpression({cost: 1.0}))
    for cut in search.cuts:
        terms = {variable: -value / THOUSAND for variable, value in zip(y, cut.coefficients.tolist(), strict=True)}
        expression = pulp.LpAffineExpression({cost: 1.0, **terms})
        rhs = (cut.intercept - offset) / THOUSAND
        problem.addConstraint(pulp.LpConstraint(expression, pulp.LpConstraintGE, None, rhs))
    rows = sparse.vstack([choices.limits, sparse.csr_matrix(allowed.rows)], format="csr")
    for row, most in enumerate(np.concatenate([choices.most, allowed.most]).tolist()):
        entries = slice(rows.indptr[row], rows.indptr[row + 1])
        pairs = zip(rows.indices[entries].tolist(), rows.data[entries].tolist(), strict=True)
        expression = pulp.LpAffineExpression({y[column]: value for column, value in pairs})
        problem.addConstraint(pulp.LpConstraint(expression, pulp.LpConstraintLE, None, most))
    solution = solve_problem(
        problem,
        [*y, cost],
        scaled=False,
        seconds=max(deadline.left(), 1.0),
        stop=deadline.stop if deadline.heeded_within else None,
        threads=search.threads,
        mip_rel_gap=0.0,
        mip_max_nodes=CANDIDATE_NODES,
    )
    if len(solution.columns) != len(y) + 1 or not np.isfinite(solution.objective):
        return None
    return np.clip(solution.columns[:-1], 0.0, 1.0)

"""Openings as columns of the program, and their limits as rows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy import sparse

from sufficiency.plan.choices import Choices
from sufficiency.plan.flows import Flows
from sufficiency.plan.prepared import Prepared
from sufficiency.plan.program import Program, columns_of_openings, unpriced


def with_openings(program: Program, prepared: Prepared, flows: Flows, choices: Choices) -> Program:
    """A program with what may be chosen in it: a column for each opening, with what it changes in the coupling and the
    demand rows; a row for each limit. With a reference, children whose line closes take it, at its cost.
    """
    data, rows = prepared.data, prepared.rows
    first, shared = program.first_opening, len(rows.limit)
    used, met = columns_of_openings(data, flows, rows, choices, program.reference)
    later = met.tocsr()[program.row_year * len(data.cells) + program.row_cell]
    openings = sparse.vstack([used, choices.limits, later], format="csc")
    none = sparse.csc_matrix((choices.limits.shape[0], program.matrix.shape[1]))
    wide = sparse.vstack([program.matrix[:shared], none, program.matrix[shared:]], format="csc")
    cost = choices.cost
    if program.at is not None:
        by_children = sparse.csc_matrix(used + choices.room)
        cost = unpriced(program.at, cost + choices.returned.T @ program.at.value.ravel(), by_children)
    return replace(
        program,
        matrix=sparse.hstack([wide[:, :first], openings, wide[:, first:]], format="csc"),
        met=sparse.hstack([met, program.met], format="csc"),
        cost=np.insert(program.cost, first, cost),
        most=np.insert(program.most, first, np.ones(len(choices))),
        rhs=np.insert(program.rhs, shared, choices.most),
        choices=choices,
    )

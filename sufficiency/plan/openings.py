"""Openings as columns of the program, and their limits as its last rows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy import sparse

from sufficiency.plan.cells import PlanData
from sufficiency.plan.choices import Choices
from sufficiency.plan.program import Program


def with_openings(program: Program, data: PlanData, choices: Choices) -> Program:
    """A program without a reference, with what may be chosen in it: a column for each opening, with what it changes in
    the demand and coupling rows; a row for each limit.
    """
    at = program.first_opening
    joins = choices.returned[program.row_year * len(data.cells) + program.row_cell]
    openings = sparse.vstack([-joins, -choices.room, choices.limits], format="csc")
    below = sparse.csc_matrix((choices.limits.shape[0], program.matrix.shape[1]))
    wide = sparse.vstack([program.matrix, below], format="csc")
    return replace(
        program,
        matrix=sparse.hstack([wide[:, :at], openings, wide[:, at:]], format="csc"),
        cost=np.insert(program.cost, at, choices.cost),
        most=np.insert(program.most, at, np.ones(len(choices))),
        rhs=np.concatenate([program.rhs, choices.most]),
        choices=choices,
    )

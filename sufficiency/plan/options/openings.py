"""Openings as columns of the program, with the preferences that hang on them, and their limits as rows."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

import numpy as np
from scipy import sparse

from sufficiency.plan.dual.cost_to_go import cost_to_go
from sufficiency.plan.options.choices import limit_names, opening_names
from sufficiency.plan.options.effects import OptionModel
from sufficiency.plan.program.columns import columns_of_openings
from sufficiency.plan.program.lp import ContestedProgram, LinearProgram, unpriced
from sufficiency.plan.program.option_columns import OptionColumns
from sufficiency.plan.rows.transitions import Flows

AnyProgram = TypeVar("AnyProgram", bound=LinearProgram)


def with_openings(program: AnyProgram, found: OptionModel, flows: Flows) -> AnyProgram:
    """A program of `found` with what may be chosen in it: a column for each opening, with what it changes in the
    coupling and the demand rows; a column for each preference that hangs on one; a row for each limit. With a
    reference, children whose line closes, or who give way, take it, at its cost.
    """
    instance, choices, preferences = found.instance, found.choices, found.preferences
    data, first, shared = instance.data, program.first_opening, len(instance.rows.limit)
    options = OptionColumns(
        opening_names(data, choices),
        limit_names(data, choices),
        choices.whole,
        choices.returned,
        preferences.year,
        preferences.pair,
    )
    point = program.point if isinstance(program, ContestedProgram) else None
    children, met = columns_of_openings(instance, flows, options, None if point is None else point.reference)
    openings, hanging = len(choices), len(preferences.pair)
    room = sparse.hstack([choices.room, sparse.csr_matrix((shared, hanging))])
    later = met.tocsr()[program.row_year * len(data.cells) + program.row_cell]
    link = sparse.hstack([-sparse.diags_array(preferences.children) @ preferences.share, sparse.identity(hanging)])
    limits = sparse.vstack([sparse.hstack([choices.limits, sparse.csr_matrix((len(choices.most), hanging))]), link])
    columns = sparse.vstack([children - room, limits, later], format="csc")
    none = sparse.csc_matrix((limits.shape[0], program.matrix.shape[1]))
    wide = sparse.vstack([program.matrix[:shared], none, program.matrix[shared:]], format="csc")
    at = (preferences.year, preferences.pair)
    if point is None:
        alone = cost_to_go(data, flows, np.zeros(shared), asking_costs=False)
        cost = np.concatenate([choices.cost, preferences.cost - alone.reduced_cost[at]])
    else:
        returned = choices.cost + choices.returned.T @ point.demand_dual.ravel()
        priced = np.concatenate([returned, preferences.cost - point.reduced_cost[at]])
        cost = unpriced(point, priced, sparse.csc_matrix(children))
    most = np.concatenate([np.ones(openings), preferences.children])
    own = np.where(preferences.own, preferences.children, 0.0)
    return replace(
        program,
        matrix=sparse.hstack([wide[:, :first], columns, wide[:, first:]], format="csc"),
        met=sparse.hstack([met, program.met], format="csc"),
        cost=np.insert(program.cost, first, cost),
        upper=np.insert(program.upper, first, most),
        row_upper=np.insert(program.row_upper, shared, np.concatenate([choices.most, own])),
        options=options,
    )

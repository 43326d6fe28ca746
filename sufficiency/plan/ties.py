"""Among plans of equal cost, the one closest to a pattern: so that a difference shown between two plans is real."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy import sparse

from sufficiency.arrays import Floats
from sufficiency.plan.boxes import limits_until, position
from sufficiency.plan.cells import PlanData
from sufficiency.plan.commitments import Commitments, free_to_choose
from sufficiency.plan.highs import solve_arrays
from sufficiency.plan.pricing import Priced
from sufficiency.plan.program import Program, program_of_contested
from sufficiency.plan.togo import open_entries

CHANGES_NOTHING = 1e-4
"""£ a child: entries and rows priced below this may move without changing the cost."""


def pattern_target(data: PlanData, settled: Commitments) -> Floats:
    """[T+1, P] entrants beyond x̂ if everyone free to choose followed today's pattern."""
    free = np.stack([free_to_choose(data, t) for t in range(data.horizon + 1)])
    return np.maximum(free[:, data.pair_cell] * settled.pattern - settled.entrants, 0.0)


def closest_to_pattern(priced: Priced) -> Priced:
    """The optimal plan that places most entrants as `pattern_target` says, as a solved program.

    At the optimal prices a plan costs the least if and only if everyone takes one of the cheapest entries of their
    cell, every row with a price is used to its limit, and slack stays at the bound that its own cost calls for. Among
    those each entry is worth 1 a child, up to the target. The first solution is returned where the second solve ends
    in any other way than optimal.
    """
    prepared, rows = priced.prepared, priced.prepared.rows
    at = position(prepared, priced.prices)
    tied = open_entries(prepared.data) & (at.togo.beyond(prepared.data) <= CHANGES_NOTHING)
    program = program_of_contested(prepared.data, prepared.settled, rows, priced.flows, tied, at.reference)
    if not len(program.enter_year):
        return priced
    wanted = pattern_target(prepared.data, prepared.settled)
    matrix, worth, most = _with_twins(program, wanted)
    first = len(program.wait_year)
    slack = slice(first, program.first_entrant)
    beyond = (rows.slack_cost - at.prices)[program.slack_row]
    forced = np.where(beyond < -CHANGES_NOTHING, program.most[slack], 0.0)
    free = np.abs(beyond) <= CHANGES_NOTHING
    most[slack] = np.where(free, program.most[slack], forced)
    least = np.zeros(len(most))
    least[slack] = np.where(free, 0.0, forced)
    rhs = program.rhs.copy()
    lowest = np.full(len(rhs), -np.inf)
    shared = slice(program.demand_rows, program.demand_rows + len(rows.limit))
    lowest[shared] = np.where(at.prices > CHANGES_NOTHING, rhs[shared], -np.inf)
    limits = limits_until(prepared, priced.deadline)
    second = solve_arrays(matrix, -worth, most, rhs, lowest=lowest, least=least, scale=0, limits=limits)
    if not second.optimal:
        return priced
    own, twins = len(program.cost), _twinned(program, wanted)
    columns = second.columns[:own].copy()
    columns[program.first_entrant + twins] += second.columns[own : own + len(twins)]
    return replace(priced, program=program, solution=replace(second, columns=columns))


def _twinned(program: Program, wanted: Floats) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    """Positions among the entrants' columns of those that the target names."""
    return np.flatnonzero(wanted[program.enter_year, program.enter_pair] > 0)


def _with_twins(program: Program, wanted: Floats) -> tuple[sparse.csc_matrix, Floats, Floats]:
    """The matrix with a twin of each column that the target names, worth 1 a child up to the target; and for those left
    to the reference of a cell a column that only claims them, so that they count alike.
    """
    twins = program.first_entrant + _twinned(program, wanted)
    target = wanted[program.enter_year, program.enter_pair]
    assert program.reference is not None
    reference = program.reference[program.row_year, program.row_cell]
    placed = reference < wanted.shape[1]
    claims = np.flatnonzero(placed)
    claimed = wanted[program.row_year[claims], reference[claims]]
    claims, claimed = claims[claimed > 0], claimed[claimed > 0]
    claim = sparse.csc_matrix(
        (np.ones(len(claims)), (claims, np.arange(len(claims)))), shape=(program.matrix.shape[0], len(claims))
    )
    matrix = sparse.hstack([program.matrix, program.matrix[:, twins], claim], format="csc")
    worth = np.concatenate([np.zeros(len(program.cost)), np.ones(len(twins) + len(claims))])
    most = np.concatenate([program.most, target[twins - program.first_entrant], claimed])
    return matrix, worth, most

"""Prices first: the same optimum from the contested arcs alone.

With prices on the coupling rows every cell can be priced apart, for all arcs at once (planning model, section 6). A
coarse geography gives the first prices; the program holds the arcs that are near the cheapest of their cell; what
prices out is added to the live solver; it ends when the bound over all arcs meets the objective.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from scipy import sparse

from sufficiency.arrays import Flags, Floats, where_true
from sufficiency.plan.cells import PlanData
from sufficiency.plan.certificate import price_bound, relative_gap
from sufficiency.plan.coarse import coarse_maps, coarsened
from sufficiency.plan.coupling import Coupling
from sufficiency.plan.highs import Solution, run_again, solve_problem
from sufficiency.plan.prepared import Prepared
from sufficiency.plan.program import (
    Matrices,
    Program,
    entrant_columns,
    life_cost,
    possible_arcs,
    program,
    transition_matrices,
)
from sufficiency.progress import Progress, silent

CLOSED = 1e-9
"""Gap at which the bound over all arcs meets the objective."""
CONTESTED_PER_CELL = 2.5
"""Arcs a cell and year in the first program: fewer cost more rounds, more cost a larger program (`bench/` measures
it).
"""
WORTH_ADDING = 1e-3
"""£ a child: arcs that would save less than this are not worth a column."""


@dataclass(frozen=True)
class Priced:
    """A program with its live solution, and the flows that its further columns are made from."""

    prepared: Prepared = field(repr=False)
    written: Program = field(repr=False)
    solution: Solution = field(repr=False)
    flows: Matrices = field(repr=False)
    deadline: float = field(repr=False)


def reduced_costs(data: PlanData, rows: Coupling, prices: Floats, values: Floats | None = None) -> Floats:
    """[T+1, P] what a child entering each pair costs beyond the value of its demand row, discounted £ a child; row
    0 is 0.

    `values` [T+1, C] are the duals of the demand rows; without them every cell's value is its cheapest arc or
    waiting, so that no arc is negative.
    """
    horizon, cells, pairs = data.horizon, len(data.cells), len(data.pair_cell)
    beyond = np.zeros((horizon + 1, pairs))
    kappa, arcs = data.kappa, data.arc
    moving, onward_cell = data.next_pair >= 0, data.next_cell[data.pair_cell]
    cost_after, value_after = np.zeros(pairs), np.zeros(cells)
    for t in range(horizon, 0, -1):
        cost = kappa[t] + rows.charged(t, prices)
        here = rows.in_year(t)
        waiting = (
            data.discount[t] * (data.awaiting_money[t] + data.awaiting_weight[t]) + rows.waiting[here].T @ prices[here]
        )
        if t < horizon:
            stay = data.stay[t + 1][data.pair_cell]
            onward = np.where(moving, cost_after[data.next_pair] - value_after[onward_cell], 0.0)
            stays = stay * cost_after + data.carry[t + 1][data.pair_cell] * onward
            cost += np.where(data.line_open[t + 1][data.pair_line], stays, stay * value_after[data.pair_cell])
            waiting += data.stay[t + 1] * value_after
        if values is None:
            value = waiting
            np.minimum.at(value, data.pair_cell[arcs[t]], cost[arcs[t]])
        else:
            value = values[t]
        beyond[t] = cost - value[data.pair_cell]
        cost_after, value_after = cost, value
    return beyond


def duals(written: Program, data: PlanData, solution: Solution) -> tuple[Floats, Floats]:
    """Prices [H] of the coupling rows, never negative, and values [T+1, C] of the demand rows."""
    demand_rows = len(written.wait_year)
    values = np.zeros((data.horizon + 1, len(data.cells)))
    values[written.wait_year, written.wait_cell] = solution.row_duals[:demand_rows]
    coupling = slice(demand_rows, demand_rows + written.coupling_rows)
    return np.maximum(-solution.row_duals[coupling], 0.0), values


def deadline_of(prepared: Prepared) -> float:
    """When the seconds given to the solver will have passed, on the monotonic clock."""
    return time.monotonic() + prepared.case.model.solver.seconds


def solver_limits(prepared: Prepared, deadline: float) -> dict[str, Any]:
    """What HiGHS is told of time and threads."""
    return {"seconds": max(deadline - time.monotonic(), 0.0), "threads": prepared.case.model.solver.threads}


def first_prices(prepared: Prepared, deadline: float, progress: Progress = silent) -> Floats:
    """[H] prices of the coupling rows from coarser maps, each solved from the prices of the one before; zeros where
    there is no answer.
    """
    prices = np.zeros(len(prepared.rows.limit))
    for level, group_of in enumerate(coarse_maps(prepared.case.tables.areas)):
        progress("Solve", f"first prices from {group_of.nunique()} groups of areas")
        data, settled, rows = coarsened(prepared.data, prepared.settled, prepared.rows, group_of)
        coarse = replace(prepared, data=data, settled=settled, rows=rows)
        chosen = possible_arcs(data) if level == 0 else contested(data, rows, prices)
        priced = priced_out(solved_program(coarse, chosen, deadline), rows)
        if not priced.solution.optimal:
            break
        prices, _ = duals(priced.written, data, priced.solution)
    return prices


def contested(data: PlanData, rows: Coupling, prices: Floats) -> Flags:
    """[T+1, P] the arcs nearest to the cheapest of their cell at these prices; the cheapest itself always."""
    arcs = possible_arcs(data)
    beyond = reduced_costs(data, rows, prices)
    near = beyond[arcs]
    wanted = int(CONTESTED_PER_CELL * (data.demand[1:] > 0).sum())
    if wanted >= len(near):
        return arcs
    band = max(float(np.partition(near, wanted)[wanted]), WORTH_ADDING)
    return np.asarray(arcs & (beyond <= band))


def in_program(written: Program, data: PlanData) -> Flags:
    """[T+1, P] the arcs that have a column."""
    chosen = np.zeros((data.horizon + 1, len(data.pair_cell)), dtype=bool)
    chosen[written.enter_year, written.enter_pair] = True
    return chosen


def with_entrants(priced: Priced, new: Flags) -> Program:
    """The program with columns for `new` arcs at its end, in the live solver too. The PuLP problem stays the one
    first written.
    """
    written, data = priced.written, priced.prepared.data
    enter = where_true(new)
    block = entrant_columns(data, priced.flows, priced.prepared.rows, enter, (written.wait_year, written.wait_cell))
    count = len(enter[0])
    block.resize(written.matrix.shape[0], count)  # none of them is in the limits of openings, which come last
    priced.solution.live.addCols(
        count,
        life_cost(data)[enter],
        np.zeros(count),
        np.full(count, np.inf),
        block.nnz,
        block.indptr[:-1].astype(np.int32),
        block.indices.astype(np.int32),
        block.data,
    )
    return replace(
        written,
        enter_year=np.concatenate([written.enter_year, enter[0]]),
        enter_pair=np.concatenate([written.enter_pair, enter[1]]),
        matrix=sparse.hstack([written.matrix, block], format="csr"),
    )


def priced_out(priced: Priced, rows: Coupling, progress: Progress = silent) -> Priced:
    """Price all arcs, add those that would lower the cost, solve again; until the bound meets the objective or the
    solver stops.

    `rows` are the coupling rows as the live solver has them now (a what-if may have changed a limit).
    """
    prepared = priced.prepared
    data, settled = prepared.data, prepared.settled
    while priced.solution.optimal:
        prices, values = duals(priced.written, data, priced.solution)
        constant = priced.written.constant
        objective, bound = priced.solution.objective + constant, price_bound(data, settled, rows, prices)
        gap = relative_gap(objective, bound, constant)
        progress(
            "Solve",
            f"£{objective / 1e6:,.2f}m, gap {max(gap, 0.0):.1e}, {len(priced.solution.columns):,} columns",
        )
        if gap <= CLOSED:
            break
        beyond = reduced_costs(data, rows, prices, values)
        new = possible_arcs(data) & ~in_program(priced.written, data) & (beyond < -WORTH_ADDING)
        if not new.any():
            break
        priced = solved_again(replace(priced, written=with_entrants(priced, new)))
    return priced


def solved_again(priced: Priced) -> Priced:
    """The same program after columns were added."""
    limits = solver_limits(priced.prepared, priced.deadline)
    return replace(priced, solution=run_again(priced.solution.live, **limits))


def all_arcs(prepared: Prepared) -> Priced:
    """The program of all arcs, solved: the reference."""
    return solved_program(prepared, possible_arcs(prepared.data), deadline_of(prepared))


def contested_arcs(prepared: Prepared, progress: Progress = silent) -> Priced:
    """The program of the contested arcs, priced over all arcs until none is missing."""
    deadline = deadline_of(prepared)
    prices = first_prices(prepared, deadline, progress)
    chosen = contested(prepared.data, prepared.rows, prices)
    progress("Solve", f"{int(chosen.sum()):,} contested arcs")
    return priced_out(solved_program(prepared, chosen, deadline), prepared.rows, progress)


def solved_program(prepared: Prepared, chosen: Flags, deadline: float) -> Priced:
    """The program of the `chosen` arcs, written and solved."""
    flows = transition_matrices(prepared.data)
    written = program(prepared.case, prepared.data, prepared.settled, prepared.rows, chosen, flows)
    solution = solve_problem(written.problem, written.variables, **solver_limits(prepared, deadline))
    return Priced(prepared, written, solution, flows, deadline)

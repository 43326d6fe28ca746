"""Prices first: the same optimum from the contested arcs alone.

With prices on the coupling rows every cell can be priced apart, for all arcs at once (planning model, section 6).
Coarser maps give the first prices, steps within a box the best ones (`boxes`); the PuLP program then holds the arcs
that are near the cheapest of their cell, and it ends when the bound over all arcs meets the objective.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from sufficiency.arrays import Floats
from sufficiency.deadline import Deadline
from sufficiency.plan.boxes import (
    NO_PRICE,
    Boxed,
    Position,
    limits_until,
    named,
    position,
    re_solved,
    stepped,
)
from sufficiency.plan.coarse import coarse_maps, coarsened
from sufficiency.plan.coupling import Coupling
from sufficiency.plan.flows import Flows, flows_of
from sufficiency.plan.highs import Solution, run_changed, solve_arrays, solve_problem
from sufficiency.plan.prepared import Prepared
from sufficiency.plan.program import Program, in_pulp, program_of_all, program_of_contested, settled_cost
from sufficiency.plan.togo import open_entries
from sufficiency.progress import Progress, silent

ENTRIES = 4_000
"""Entries beside the cheapest in the program of a step: fewer cost more steps, more a slower one (`bench/`). A case
that has no more in all is written whole.
"""
CONTESTED = 1_000
"""Entries beside the cheapest in the PuLP program, over those that the steps found in use."""
COARSE_STEPS = 2
"""Steps on a coarser map: its prices need not be exact."""
INFEASIBLE, TIME_UP = "Infeasible", "Time limit reached"
"""HiGHS's words, for steps that ended early."""
NOT_RUN = Solution(TIME_UP, False, 0.0, np.zeros(0), np.zeros(0), np.zeros(0), live=None)
"""No solution: no time was left for any."""


@dataclass(frozen=True)
class Priced:
    """A case solved: a program, its solution, and the `prices` [H] of the coupling rows that prove it.

    `live` is what a change of limits is solved on: the program of all arcs, or that of the contested ones with prices
    held in a box around the best. `prepared.rows` are the rows as the live model has them.
    """

    prepared: Prepared = field(repr=False)
    flows: Flows = field(repr=False)
    program: Program = field(repr=False)
    solution: Solution = field(repr=False)
    prices: Floats = field(repr=False)
    live: Boxed | None = field(repr=False)
    deadline: Deadline = field(repr=False)

    @property
    def objective(self) -> float:
        """Discounted £, with all that no column stands for."""
        return self.program.offset + self.solution.objective


def deadline_of(prepared: Prepared) -> Deadline:
    """When the seconds given to the solver will have passed."""
    return Deadline.after(prepared.case.model.solver.seconds)


def all_arcs(prepared: Prepared, deadline: Deadline | None = None) -> Priced:
    """The program of all arcs in PuLP, solved: the reference."""
    deadline = deadline_of(prepared) if deadline is None else deadline
    flows = flows_of(prepared.data)
    program = program_of_all(prepared.data, prepared.settled, prepared.rows, flows)
    solution = _through_pulp(prepared, program, deadline)
    return Priced(prepared, flows, program, solution, _prices(prepared, solution), None, deadline)


def contested_arcs(prepared: Prepared, progress: Progress = silent, deadline: Deadline | None = None) -> Priced:
    """The program of the contested arcs in PuLP, proven over all arcs.

    A case with few arcs is written whole: those are all contested.
    """
    deadline = deadline_of(prepared) if deadline is None else deadline
    if open_entries(prepared.data).sum() <= ENTRIES:
        progress("Solve", "all arcs: there are few")
        return all_arcs(prepared, deadline)
    flows = flows_of(prepared.data)
    prices = first_prices(prepared, deadline, progress)
    steps = stepped(prepared, flows, prices, deadline, entries=ENTRIES, progress=progress)
    if not steps.closed:
        return _as_it_is(prepared, flows, steps.last, steps.at, deadline)
    at, last = steps.at, steps.last
    tied, _ = at.nearest(prepared, CONTESTED)
    entries = tied | steps.entries | named(last.program.reference, tied.shape)
    program = program_of_contested(prepared.data, prepared.settled, prepared.rows, flows, entries, at.reference)
    progress("Solve", f"the program of {len(program.cost):,} contested columns, at the prices found")
    solution = _through_pulp(prepared, program, deadline)
    return Priced(prepared, flows, program, solution, at.prices, last, deadline)


def _as_it_is(prepared: Prepared, flows: Flows, last: Boxed, at: Position, deadline: Deadline) -> Priced:
    """Where steps or rounds ended, without PuLP; optimal only where nothing is left open."""
    solution = replace(last.solution, columns=last.columns)
    if last.optimal and not last.closed(at, settled_cost(prepared.data, prepared.settled)):
        infeasible = last.width.max(initial=0.0) > NO_PRICE
        solution = replace(solution, optimal=False, status=INFEASIBLE if infeasible else TIME_UP)
    return Priced(prepared, flows, last.program, solution, at.prices, last, deadline)


def resolved(priced: Priced, rows: Coupling) -> Priced:
    """The same case with other limits (or most slack) on its coupling rows, solved from the last prices and basis and
    proven over all arcs. The live model changes with it; PuLP's problem is not written again.
    """
    prepared, before = replace(priced.prepared, rows=rows), priced.prepared.rows
    if priced.live is None:
        program = with_rows(priced.program, priced.solution.live, before, rows)
        solution = run_changed(priced.solution.live, limits_until(prepared, priced.deadline))
        prices = _prices(prepared, solution)
        return replace(priced, prepared=prepared, program=program, solution=solution, prices=prices)
    program = with_rows(priced.live.program, priced.live.solution.live, before, rows)
    last, at = re_solved(replace(priced.live, program=program), prepared, priced.flows, priced.deadline)
    return _as_it_is(prepared, priced.flows, last, at, priced.deadline)


def with_rows(program: Program, live: Any, before: Coupling, rows: Coupling) -> Program:
    """A program and its live model with other limits and most slack on the coupling rows; not solved again."""
    rhs, most = program.rhs.copy(), program.most.copy()
    moved = np.flatnonzero(rows.limit != before.limit)
    rhs[moved] += (rows.limit - before.limit)[moved]
    for row in moved:
        live.changeRowBounds(int(row), -np.inf, float(rhs[row]))
    for column in np.flatnonzero(rows.slack_most[program.slack_row] != before.slack_most[program.slack_row]):
        most[column] = rows.slack_most[program.slack_row[column]]
        live.changeColBounds(int(column), 0.0, float(most[column]))
    return replace(program, rhs=rhs, most=most)


def first_prices(prepared: Prepared, deadline: Deadline, progress: Progress = silent) -> Floats:
    """[H] prices of the coupling rows from coarser maps, each from those of the one before; zeros where there is no
    answer.
    """
    prices = np.zeros(len(prepared.rows.limit))
    for level, group_of in enumerate(coarse_maps(prepared.case.tables.areas)):
        progress("Solve", f"first prices from {group_of.nunique()} groups of areas")
        data, settled, rows = coarsened(prepared.data, prepared.settled, prepared.rows, group_of)
        coarse = replace(prepared, data=data, settled=settled, rows=rows)
        flows = flows_of(data)
        if level > 0:
            prices = stepped(coarse, flows, prices, deadline, entries=ENTRIES, most_steps=COARSE_STEPS).at.prices
            continue
        cheapest = position(coarse, prices).reference
        program = program_of_contested(data, settled, rows, flows, open_entries(data), cheapest)
        limits = limits_until(coarse, deadline)
        solution = solve_arrays(program.matrix, program.cost, program.most, program.rhs, limits=limits)
        if not solution.optimal:
            break
        prices = _prices(coarse, solution)
    return prices


def _prices(prepared: Prepared, solution: Solution) -> Floats:
    """[H] of the coupling rows, never negative; zeros where the solver gives none."""
    shared = len(prepared.rows.limit)
    given = np.asarray(-solution.row_duals[:shared])
    return np.maximum(given, 0.0) if len(given) == shared else np.zeros(shared)


def _through_pulp(prepared: Prepared, program: Program, deadline: Deadline) -> Solution:
    if deadline.passed:
        return NOT_RUN
    written = in_pulp(prepared.case, prepared.data, prepared.rows, program)
    limits = limits_until(prepared, deadline)
    return solve_problem(
        written.problem, written.variables, seconds=limits.seconds, threads=limits.threads, stop=limits.stop
    )

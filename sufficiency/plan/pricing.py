"""Prices first: the same optimum from the contested arcs alone.

With prices on the coupling rows every cell can be priced apart, for all arcs at once (planning model, section 6).
Coarser maps give the first prices, steps within a box the best ones (`boxes`); the PuLP program then holds the arcs
that are near the cheapest of their cell, and it ends when the bound over all arcs meets the objective.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace

import numpy as np

from sufficiency.arrays import Flags, Floats, where_true
from sufficiency.plan.boxes import CLOSED, Position, limits_until, named, position, stepped, taken_in
from sufficiency.plan.certificate import relative_gap
from sufficiency.plan.coarse import coarse_maps, coarsened
from sufficiency.plan.coupling import Coupling
from sufficiency.plan.flows import Flows, flows_of
from sufficiency.plan.highs import Solution, run_changed, solve_arrays, solve_problem
from sufficiency.plan.prepared import Prepared
from sufficiency.plan.program import Program, in_pulp, program_of_all, program_of_contested, settled_cost
from sufficiency.plan.togo import open_entries
from sufficiency.progress import Progress, silent

ENTRIES = 8_000
"""Entries beside the cheapest in the program of a step: fewer cost more steps, more a slower one (`bench/`). A case
that has no more in all is written whole.
"""
COARSE_STEPS = 2
"""Steps on a coarser map: its prices need not be exact."""


@dataclass(frozen=True)
class Priced:
    """A solved program with its live model; `entries` [T+1, P + C] worth a column. `prepared.rows` are the rows as the
    live model has them.
    """

    prepared: Prepared = field(repr=False)
    program: Program = field(repr=False)
    solution: Solution = field(repr=False)
    flows: Flows = field(repr=False)
    entries: Flags = field(repr=False)
    deadline: float = field(repr=False)

    @property
    def objective(self) -> float:
        """Discounted £, with all that no column stands for."""
        return self.program.offset + self.solution.objective

    @property
    def prices(self) -> Floats:
        """[H] of the coupling rows, never negative."""
        first = self.program.demand_rows
        shared = len(self.prepared.rows.limit)
        return np.maximum(-self.solution.row_duals[first : first + shared], 0.0)


def deadline_of(prepared: Prepared) -> float:
    """When the seconds given to the solver will have passed, on the monotonic clock."""
    return time.monotonic() + prepared.case.model.solver.seconds


def all_arcs(prepared: Prepared, deadline: float | None = None) -> Priced:
    """The program of all arcs in PuLP, solved: the reference."""
    deadline = deadline_of(prepared) if deadline is None else deadline
    flows = flows_of(prepared.data)
    program = program_of_all(prepared.data, prepared.settled, prepared.rows, flows)
    entries = open_entries(prepared.data)
    return Priced(prepared, program, _through_pulp(prepared, program, deadline), flows, entries, deadline)


def contested_arcs(prepared: Prepared, progress: Progress = silent, deadline: float | None = None) -> Priced:
    """The program of the contested arcs in PuLP, priced over all arcs until none is missing.

    A case with few arcs is written whole: those are all contested.
    """
    deadline = deadline_of(prepared) if deadline is None else deadline
    if open_entries(prepared.data).sum() <= ENTRIES:
        return all_arcs(prepared, deadline)
    flows = flows_of(prepared.data)
    prices = first_prices(prepared, deadline, progress)
    steps = stepped(prepared, flows, prices, deadline, entries=ENTRIES, progress=progress)
    return _closed(prepared, flows, steps.at, steps.entries, deadline, progress)


def resolved(priced: Priced, rows: Coupling, progress: Progress = silent) -> Priced:
    """The same case with other limits (or slack) on its coupling rows, solved from the last prices and basis and priced
    over all arcs. The live model is changed; PuLP's problem is not written again.
    """
    changed = with_rows(priced, rows)
    if changed.solution.optimal:
        at = position(changed.prepared, changed.prices)
        if _gap(changed, at) <= CLOSED:
            return changed
        prices = changed.prices
    else:
        prices = priced.prices
    return stepped_again(changed, prices, progress)


def with_rows(priced: Priced, rows: Coupling) -> Priced:
    """The live model with other limits and slack on the coupling rows, run again; not priced."""
    before, program, live = priced.prepared.rows, priced.program, priced.solution.live
    moved = np.flatnonzero(rows.limit != before.limit)
    rhs = program.rhs.copy()
    rhs[program.demand_rows + moved] += (rows.limit - before.limit)[moved]
    for row in program.demand_rows + moved:
        live.changeRowBounds(int(row), -np.inf, float(rhs[row]))
    most = program.most.copy()
    for place in np.flatnonzero(rows.slack_most[program.slack_row] != before.slack_most[program.slack_row]):
        column = len(program.wait_year) + int(place)
        most[column] = rows.slack_most[program.slack_row[place]]
        live.changeColBounds(column, 0.0, float(most[column]))
    prepared = replace(priced.prepared, rows=rows)
    solution = run_changed(live, limits_until(prepared, priced.deadline))
    return replace(priced, prepared=prepared, program=replace(program, rhs=rhs, most=most), solution=solution)


def stepped_again(priced: Priced, prices: Floats, progress: Progress = silent) -> Priced:
    """The case solved anew from some prices, without PuLP."""
    prepared, flows = priced.prepared, priced.flows
    if priced.program.reference is None and open_entries(prepared.data).sum() <= ENTRIES:
        return priced  # all arcs are there
    steps = stepped(prepared, flows, prices, priced.deadline, entries=ENTRIES, progress=progress)
    return _closed(prepared, flows, steps.at, steps.entries, priced.deadline, progress, pulp=False)


def entries_taken(priced: Priced) -> Flags:
    """[T+1, P + C] the entries of a solution: those its columns take, and the references."""
    program, shape = priced.program, priced.entries.shape
    taken = taken_in(priced.prepared.data, program, priced.solution.columns)
    return taken if program.reference is None else taken | named(program.reference, shape)


def with_entries(priced: Priced, entries: Flags, progress: Progress = silent) -> Priced:
    """The case solved with further entries in its program."""
    at = position(priced.prepared, np.zeros(len(priced.prepared.rows.limit)))
    return _closed(priced.prepared, priced.flows, at, priced.entries | entries, priced.deadline, progress)


def first_prices(prepared: Prepared, deadline: float, progress: Progress = silent) -> Floats:
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
        solution = _run(coarse, program, deadline)
        if not solution.optimal:
            break
        prices = np.maximum(-solution.row_duals[program.demand_rows :], 0.0)
    return prices


def _closed(
    prepared: Prepared,
    flows: Flows,
    at: Position,
    entries: Flags,
    deadline: float,
    progress: Progress,
    pulp: bool = True,
) -> Priced:
    """The program of some entries, solved, with the entries it turns out to lack; until the bound over all arcs meets
    the objective or the solver stops.
    """
    data, pairs = prepared.data, len(prepared.data.pair_cell)
    while True:
        entries = entries.copy()
        year, entry = where_true(entries[:, :pairs])
        entries[year, pairs + data.pair_cell[entry]] = True  # whoever may be placed may wait
        program = program_of_contested(data, prepared.settled, prepared.rows, flows, entries, at.reference)
        progress("Solve", f"the program of {len(program.cost):,} contested columns")
        solution = _through_pulp(prepared, program, deadline) if pulp else _run(prepared, program, deadline)
        priced = Priced(prepared, program, solution, flows, entries, deadline)
        if not solution.optimal:
            return priced
        there = position(prepared, priced.prices)
        if _gap(priced, there) <= CLOSED:
            return priced
        more = entries | taken_in(data, program, solution.columns) | named(there.reference, entries.shape)
        if (more == entries).all():
            return priced
        entries = more


def _gap(priced: Priced, at: Position) -> float:
    return relative_gap(priced.objective, at.bound, settled_cost(priced.prepared.data, priced.prepared.settled))


def _through_pulp(prepared: Prepared, program: Program, deadline: float) -> Solution:
    written = in_pulp(prepared.case, prepared.data, prepared.rows, program)
    limits = limits_until(prepared, deadline)
    return solve_problem(written.problem, written.variables, seconds=limits.seconds, threads=limits.threads)


def _run(prepared: Prepared, program: Program, deadline: float) -> Solution:
    """A program with a reference, solved as arrays."""
    limits = limits_until(prepared, deadline)
    return solve_arrays(program.matrix, program.cost, program.most, program.rhs, limits=limits)

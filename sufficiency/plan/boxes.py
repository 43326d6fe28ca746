"""Prices of the shared rows, found by steps within a box.

From prices at hand every cell has its cheapest entry, and only few others come near it. The program of those is small
and quick, but on its own it would send prices anywhere: so they are held within a box around those at hand (two
columns a row: room that may be bought at the upper price, and room that may be given up at the lower). The step is
kept where the bound over *all* arcs rose; where it did not, the arcs that belied it join the program and the box
shrinks. Prices at the side of their box after a good step get a wider one. It ends at prices whose bound meets the
program's objective with no box in force: the optimum. (The boxstep method: Marsten, Hogan and Blankenship, 1975.)

Every step ends: between two steps that are kept arcs only join, and of these there are finitely many; a step that is
kept raises the bound by a share of what was still possible.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from scipy import sparse

from sufficiency.arrays import Flags, Floats, Ints, where_true
from sufficiency.deadline import Deadline
from sufficiency.plan.cells import PlanData
from sufficiency.plan.certificate import relative_gap
from sufficiency.plan.flows import Flows, followed
from sufficiency.plan.highs import DUAL_SIMPLEX, PRIMAL_SIMPLEX, Limits, Solution, run_changed, solve_arrays
from sufficiency.plan.prepared import Prepared
from sufficiency.plan.program import (
    NOBODY,
    Program,
    columns_of,
    program_of_contested,
    settled_cost,
    with_demand,
)
from sufficiency.plan.togo import ToGo, allowed, cheapest_entries, cost_to_go, lower_bound, open_entries
from sufficiency.progress import Progress, silent, so_far

CLOSED = 1e-9
"""Gap at which the bound over all arcs meets the objective."""
NEAR = 5e-7
"""Gap from which entries join the live program one round after the other: it need not be written anew."""
KEPT_FROM = 0.1
"""Share of the rise that the program promised from which a step is kept."""
WIDER = 2.0
"""Times as wide a box becomes for a price that it held in a good step; twice over where the step was exact."""
MOST_STEPS = 400
NO_PRICE = 1e13
"""£: where no price below brings room, hard rules clash."""
IN_FORCE = 1e-9
"""Children: room bought or given up below this is none."""


@dataclass(frozen=True)
class Position:
    """Prices [H] with what follows from them over all arcs: cost to go, the cheapest entries, the lower bound."""

    prices: Floats = field(repr=False)
    togo: ToGo = field(repr=False)
    reference: Ints = field(repr=False)
    bound: float

    def nearest(self, prepared: Prepared, most: int) -> tuple[Flags, float]:
        """[T+1, P + C] the `most` entries that come nearest to the cheapest of their cell, and those as near; and how
        far beyond the cheapest the last of them is, in £ a child.
        """
        others = open_entries(prepared.data)
        others[np.arange(len(others))[:, None], self.reference] = False
        beyond = self.togo.beyond(prepared.data)
        apart = beyond[others]
        band = float(np.partition(apart, most)[most]) if len(apart) > most else float(apart.max(initial=0.0))
        return np.asarray(others & (beyond <= band)), band


def position(prepared: Prepared, prices: Floats) -> Position:
    """Where some prices stand."""
    data, rows = prepared.data, prepared.rows
    prices = allowed(rows, prices)
    togo = cost_to_go(data, rows, prices)
    bound = lower_bound(data, prepared.settled, rows, prices, togo)
    return Position(prices, togo, cheapest_entries(data, togo), bound)


@dataclass(frozen=True)
class Boxed:
    """A solved program with prices kept within `width` [H] of `centre` [H], and its live model.

    The live model has two columns a coupling row more, after the slack: room bought at the upper price, and room given
    up at the lower.
    """

    program: Program = field(repr=False)
    centre: Floats = field(repr=False)
    width: Floats = field(repr=False)
    solution: Solution = field(repr=False)

    @property
    def optimal(self) -> bool:
        """Whether HiGHS solved it."""
        return self.solution.optimal

    @property
    def objective(self) -> float:
        """Discounted £, with all that no column stands for."""
        return self.program.offset + self.solution.objective

    @property
    def prices(self) -> Floats:
        """[H] of the coupling rows, never negative."""
        return np.maximum(-self.solution.row_duals[: len(self.centre)], 0.0)

    @property
    def columns(self) -> Floats:
        """Values of the program's own columns."""
        first, shared = len(self.program.slack_row), len(self.centre)
        return np.delete(self.solution.columns, slice(first, first + 2 * shared))

    @property
    def held(self) -> Flags:
        """[H] rows whose price the box holds: room is bought or given up there."""
        first, shared = len(self.program.slack_row), len(self.centre)
        bought = self.solution.columns[first : first + shared]
        given = self.solution.columns[first + shared : first + 2 * shared]
        return np.asarray((bought > IN_FORCE) | (given > IN_FORCE))

    def closed(self, at: Position, constant: float) -> bool:
        """Whether the bound over all arcs meets the objective with no box in force: both are optimal then."""
        return relative_gap(self.objective, at.bound, constant) <= CLOSED and not self.held.any()


def boxed(program: Program, centre: Floats, width: Floats, limits: Limits) -> Boxed:
    """Solve a program with prices kept within `width` of `centre`."""
    shared, first = len(centre), len(program.slack_row)
    room = sparse.csc_matrix(
        (np.ones(shared), (np.arange(shared), np.arange(shared))), shape=(program.matrix.shape[0], shared)
    )
    cost, most = _sides(centre, width)
    solution = solve_arrays(
        sparse.hstack([program.matrix[:, :first], -room, room, program.matrix[:, first:]], format="csc"),
        np.concatenate([program.cost[:first], cost, program.cost[first:]]),
        np.concatenate([program.most[:first], most, program.most[first:]]),
        program.rhs,
        limits=limits,
    )
    return Boxed(program, centre, width, solution)


def _sides(centre: Floats, width: Floats) -> tuple[Floats, Floats]:
    """Cost and upper bound of the columns of a box [2H]: nothing is given up below a price of 0."""
    lower = np.maximum(centre - width, 0.0)
    most = np.concatenate([np.full(len(centre), np.inf), np.where(lower > 0, np.inf, 0.0)])
    return np.concatenate([centre + width, -lower]), most


def with_box(last: Boxed, centre: Floats, width: Floats) -> Boxed:
    """The live model with its box elsewhere; not solved again."""
    first, live = len(last.program.slack_row), last.solution.live
    cost, most = _sides(centre, width)
    place = np.arange(first, first + len(cost), dtype=np.int32)
    live.changeColsCost(len(place), place, cost)
    live.changeColsBounds(len(place), place, np.zeros(len(place)), most)
    return Boxed(last.program, centre, width, last.solution)


def with_entries(last: Boxed, prepared: Prepared, flows: Flows, new: Flags) -> Boxed:
    """The live model with columns for further entries, and demand rows for cells that had none; not solved again."""
    data, program, live = prepared.data, last.program, last.solution.live
    reference = program.reference
    assert reference is not None
    taken = where_true(new)
    has_row = np.zeros_like(data.demand, dtype=bool)
    has_row[program.row_year, program.row_cell] = True
    wanted = np.zeros_like(has_row)
    wanted[taken[0], data.entry_cell[taken[1]]] = True
    added = where_true(wanted & ~has_row)
    row = (np.concatenate([program.row_year, added[0]]), np.concatenate([program.row_cell, added[1]]))
    asking = followed(data, prepared.settled, reference).asking[added]
    first, shift = len(program.slack_row), 2 * len(last.centre)
    old = program.met.tocsr()[added[0] * len(data.cells) + added[1]]
    live.addRows(
        len(asking),
        np.full(len(asking), -np.inf),
        asking,
        old.nnz,
        old.indptr[:-1].astype(np.int32),
        (first + shift + old.indices).astype(np.int32),
        old.data,
    )
    used, met = columns_of(data, flows, prepared.rows, taken, reference)
    used.resize(program.shared, len(taken[0]))  # no child is in the limits of openings
    block = with_demand(data, used, met, taken, row)
    cost = cost_to_go(data, prepared.rows, np.zeros(len(last.centre)), reference).beyond(data)[taken]
    count = len(cost)
    live.addCols(
        count,
        cost,
        np.zeros(count),
        np.full(count, np.inf),
        block.nnz,
        block.indptr[:-1].astype(np.int32),
        block.indices.astype(np.int32),
        block.data,
    )
    slack = sparse.csc_matrix((len(asking), first))
    before = sparse.vstack([program.matrix, sparse.hstack([slack, old])], format="csc")
    wider = replace(
        program,
        year=np.concatenate([program.year, taken[0]]),
        entry=np.concatenate([program.entry, taken[1]]),
        row_year=row[0],
        row_cell=row[1],
        matrix=sparse.hstack([before, block], format="csc"),
        met=sparse.hstack([program.met, met], format="csc"),
        cost=np.concatenate([program.cost, cost]),
        most=np.concatenate([program.most, np.full(count, np.inf)]),
        rhs=np.concatenate([program.rhs, asking]),
    )
    return replace(last, program=wider)


def re_solved(last: Boxed, prepared: Prepared, flows: Flows, deadline: Deadline) -> tuple[Boxed, Position]:
    """A live model whose limits were changed, solved from its basis, with the entries it turns out to lack, and its box
    wider where that holds a price; until the bound over all arcs meets the objective with no box in force, or the
    solver stops. Every round adds entries or widens the box.
    """
    data, constant = prepared.data, settled_cost(prepared.data, prepared.settled)
    strategy = DUAL_SIMPLEX
    while True:
        limits = limits_until(prepared, deadline)
        last = replace(last, solution=run_changed(last.solution.live, limits, strategy))
        if not last.optimal:
            return last, position(prepared, last.centre)
        there, held = position(prepared, last.prices), last.held
        if last.closed(there, constant) or last.width.max(initial=0.0) > NO_PRICE:
            return last, there
        if relative_gap(last.objective, there.bound, constant) > CLOSED:
            program = last.program
            new = named(there.reference, (data.horizon + 1, len(data.entry_cell))) & open_entries(data)
            new &= ~named(program.reference, new.shape)
            new[program.year, program.entry] = False
            if not new.any() and not held.any():  # as near as the arithmetic comes
                return last, there
            last = with_entries(last, prepared, flows, new)
        last = with_box(last, there.prices, np.where(held, last.width * WIDER**2, last.width))
        strategy = PRIMAL_SIMPLEX


@dataclass(frozen=True)
class Steps:
    """Where the steps ended: the prices reached, the last program with its box, the entries worth a column; `closed`:
    the bound over all arcs meets the program's objective and no box is in force, so that both are optimal.
    """

    at: Position
    last: Boxed
    entries: Flags = field(repr=False)
    closed: bool


def stepped(
    prepared: Prepared,
    flows: Flows,
    start: Floats,
    deadline: Deadline,
    *,
    entries: int,
    most_steps: int = MOST_STEPS,
    progress: Progress = silent,
) -> Steps:
    """Prices from `start` to the optimum, or as far as `most_steps` and the `deadline` let it.

    `entries`: how many beside the cheapest stand in a program. Prices may move at first as far as those reach.
    """
    data, rows, settled = prepared.data, prepared.rows, prepared.settled
    constant = settled_cost(data, settled)
    at = position(prepared, start)
    near, band = at.nearest(prepared, entries)
    width = np.full(len(rows.limit), max(band, 1.0))
    kept = np.zeros_like(near)
    for step in range(most_steps):
        program = program_of_contested(data, settled, rows, flows, near | kept, at.reference)
        new = boxed(program, at.prices, width, limits_until(prepared, deadline))
        if new.optimal or not step or not deadline.passed:  # else the last whole one is what there is
            last = new
        if not new.optimal:
            break
        there, held = position(prepared, last.prices), last.held
        progress(
            "Solve",
            so_far("near", last.objective, max(at.bound, there.bound), constant) + f", {len(program.cost):,} columns",
        )
        taken = taken_in(data, program, last.columns)
        if last.closed(there, constant):
            return Steps(there, last, taken, True)
        joined = taken | named(there.reference, near.shape)
        promised, rise = last.objective - at.bound, there.bound - at.bound
        if relative_gap(last.objective, max(at.bound, there.bound), constant) <= NEAR:
            last, there = re_solved(last, prepared, flows, deadline)
            closed = last.optimal and last.closed(there, constant)
            return Steps(there, last, taken_in(data, last.program, last.columns) if closed else near | kept, closed)
        if promised <= CLOSED * max(abs(last.objective), 1.0):
            kept |= joined
            width = np.where(held, width * WIDER**2, width)  # the best prices, but children have nowhere to go yet
        elif rise >= KEPT_FROM * promised:
            kept = joined | named(at.reference, near.shape)
            if rise > promised / 2:
                width = np.where(held, width * (WIDER if rise < 0.99 * promised else WIDER**2), width)
            at = there
            near, _ = at.nearest(prepared, entries)
        else:
            kept |= joined
            width = width * (0.5 if rise > -promised else 0.25)
        if width.max(initial=0.0) > NO_PRICE:
            last = replace(last, width=width)
            break
    return Steps(at, last, near | kept, False)


def taken_in(data: PlanData, program: Program, columns: Floats) -> Flags:
    """[T+1, P + C] entries that somebody takes in a column vector, the reference aside."""
    found = np.zeros((data.horizon + 1, len(data.entry_cell)), dtype=bool)
    some = columns[program.first_entrant :] > NOBODY
    found[program.year[some], program.entry[some]] = True
    return found


def limits_until(prepared: Prepared, deadline: Deadline) -> Limits:
    """What HiGHS is told of time and threads."""
    return Limits(deadline.left(), prepared.case.model.solver.threads, deadline.stop)


def named(reference: Ints | None, shape: tuple[int, int]) -> Flags:
    """[T+1, P + C] the entries a reference names; none where there is none."""
    found = np.zeros(shape, dtype=bool)
    if reference is not None:
        found[np.arange(shape[0])[:, None], reference] = True
    return found

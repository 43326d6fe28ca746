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

import time
from dataclasses import dataclass, field

import numpy as np
from scipy import sparse

from sufficiency.arrays import Flags, Floats, Ints
from sufficiency.plan.cells import PlanData
from sufficiency.plan.certificate import relative_gap
from sufficiency.plan.flows import Flows
from sufficiency.plan.highs import Limits, Solution, solve_arrays
from sufficiency.plan.prepared import Prepared
from sufficiency.plan.program import NOBODY, Program, program_of_contested, settled_cost
from sufficiency.plan.togo import ToGo, allowed, cheapest_entries, cost_to_go, lower_bound, open_entries
from sufficiency.progress import Progress, silent

CLOSED = 1e-9
"""Gap at which the bound over all arcs meets the objective."""
KEPT_FROM = 0.1
"""Share of the rise that the program promised from which a step is kept."""
WIDER = 2.0
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
class Steps:
    """Where the steps ended: the prices reached, the entries worth a column there, and whether the optimum is
    reached (the bound meets the objective and no box is in force).
    """

    at: Position
    entries: Flags = field(repr=False)
    closed: bool
    gap: float


def stepped(
    prepared: Prepared,
    flows: Flows,
    start: Floats,
    deadline: float,
    *,
    entries: int,
    most_steps: int = MOST_STEPS,
    tolerance: float = CLOSED,
    box: float | None = None,
    progress: Progress = silent,
) -> Steps:
    """Prices from `start` to the optimum, or as far as `most_steps` and the `deadline` (monotonic clock) let it.

    `box`: £ by which prices may move at first; without it, as far as the nearest entries reach.
    """
    data, rows, settled = prepared.data, prepared.rows, prepared.settled
    constant = settled_cost(data, settled)
    at = position(prepared, start)
    near, band = at.nearest(prepared, entries)
    width = np.full(len(rows.limit), max(band, 1.0) if box is None else box)
    kept, gap = np.zeros_like(near), np.inf
    for step in range(most_steps):
        written = program_of_contested(data, settled, rows, flows, near | kept, at.reference)
        boxed = _within_box(written, at.prices, width, limits_until(prepared, deadline))
        if not boxed.solution.optimal:
            break
        there = position(prepared, boxed.prices)
        objective = written.offset + boxed.solution.objective
        gap = relative_gap(objective, there.bound, constant)
        least = CLOSED * max(abs(objective), 1.0)
        progress(
            "Solve",
            f"£{objective / 1e6:,.2f}m, no plan below £{max(at.bound, there.bound) / 1e6:,.2f}m, "
            f"{len(written.cost):,} columns, step {step + 1}",
        )
        joined = taken_in(data, written, boxed.solution.columns) | named(there.reference, near.shape)
        if gap <= tolerance and not boxed.held.any():
            return Steps(there, joined | near, True, gap)
        promised, rise = objective - at.bound, there.bound - at.bound
        if promised <= least:
            return Steps(at, joined | near | kept, False, gap)
        if rise >= KEPT_FROM * promised:
            kept = joined | named(at.reference, near.shape)
            if rise > promised / 2:
                width = np.where(boxed.held, width * (WIDER if rise < 0.99 * promised else WIDER**2), width)
            at = there
            near, _ = at.nearest(prepared, entries)
        else:
            kept |= joined
            width *= 0.5 if rise > -promised else 0.25
        if width.max(initial=0.0) > NO_PRICE:
            break
    return Steps(at, kept | near, False, gap)


@dataclass(frozen=True)
class _Boxed:
    """A solved step: the solution of the program's own columns, the prices [H], and the rows where the box holds."""

    solution: Solution
    prices: Floats
    held: Flags


def _within_box(program: Program, centre: Floats, width: Floats, limits: Limits) -> _Boxed:
    """Solve a program with prices kept within `width` of `centre`."""
    shared, own = len(centre), len(program.cost)
    lower = np.maximum(centre - width, 0.0)
    room = sparse.csc_matrix(
        (np.ones(shared), (program.demand_rows + np.arange(shared), np.arange(shared))),
        shape=(program.matrix.shape[0], shared),
    )
    solution = solve_arrays(
        sparse.hstack([program.matrix, -room, room], format="csc"),
        np.concatenate([program.cost, centre + width, -lower]),
        np.concatenate([program.most, np.full(shared, np.inf), np.where(lower > 0, np.inf, 0.0)]),
        program.rhs,
        limits=limits,
    )
    if not solution.optimal:
        return _Boxed(solution, centre, np.zeros(shared, dtype=bool))
    prices = np.maximum(-solution.row_duals[program.demand_rows :], 0.0)
    bought, given = solution.columns[own : own + shared], solution.columns[own + shared :]
    return _Boxed(solution, prices, (bought > IN_FORCE) | (given > IN_FORCE))


def taken_in(data: PlanData, program: Program, columns: Floats) -> Flags:
    """[T+1, P + C] entries that somebody takes in a column vector, the reference aside."""
    found = np.zeros((data.horizon + 1, len(data.entry_cell)), dtype=bool)
    wait = columns[: len(program.wait_year)] > NOBODY
    found[program.wait_year[wait], len(data.pair_cell) + program.wait_cell[wait]] = True
    first = program.first_entrant
    enter = columns[first : first + len(program.enter_year)] > NOBODY
    found[program.enter_year[enter], program.enter_pair[enter]] = True
    return found


def limits_until(prepared: Prepared, deadline: float) -> Limits:
    """What HiGHS is told of time and threads."""
    return Limits(max(deadline - time.monotonic(), 0.0), prepared.case.model.solver.threads)


def named(reference: Ints, shape: tuple[int, int]) -> Flags:
    """[T+1, P + C] the entries a reference names."""
    named = np.zeros(shape, dtype=bool)
    named[np.arange(shape[0])[:, None], reference] = True
    return named

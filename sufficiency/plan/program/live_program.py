"""A program of contested arcs kept live in HiGHS: its prices held in a box, which moves, and entries that join it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from scipy import sparse

from sufficiency.arrays import Flags, Floats, where_true
from sufficiency.deadline import Deadline
from sufficiency.plan.dual.gap import relative_gap
from sufficiency.plan.dual.lagrangian import DualPoint
from sufficiency.plan.instance.data import InstanceData
from sufficiency.plan.program.columns import columns_of, with_demand
from sufficiency.plan.program.highs import Limits, Solution, solve_arrays
from sufficiency.plan.program.lp import LinearProgram, signs_at, unpriced, upper_bounds
from sufficiency.plan.rows.instance import Instance
from sufficiency.plan.rows.transitions import Flows

CLOSED = 1e-9
"""Gap at which the bound over all arcs meets the objective."""
WIDER = 2.0
"""Times as wide a box becomes for a price that it held in a good step; twice over where the step was exact."""
NO_PRICE = 1e11
"""£: where no price below brings room, hard rules clash, or so it seems: the program of all arcs says."""
BEYOND_PRICES = "Infeasible"
"""HiGHS's word for it: a program whose prices leave every box has rows that no plan keeps."""
WORTH_ADDING = 1e-3
"""£ a child: entries that would save less than this are not worth a column in a live model."""
IN_FORCE = 1e-9
"""Children: room bought or given up below this is none."""


@dataclass(frozen=True)
class Boxed:
    """A solved program with prices kept within `width` [H] of `centre` [H], and its live model.

    The live model has two columns a coupling row more, after the slack: room bought at the upper price, and room given
    up at the lower.
    """

    program: LinearProgram = field(repr=False)
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

    def closed(self, at: DualPoint, constant: float) -> bool:
        """Whether the bound over all arcs meets the objective with no box in force: both are optimal then."""
        return relative_gap(self.objective, at.bound, constant) <= CLOSED and not self.held.any()


def boxed(program: LinearProgram, centre: Floats, width: Floats, limits: Limits) -> Boxed:
    """Solve a program with prices kept within `width` of `centre`."""
    shared, first = len(centre), len(program.slack_row)
    room = sparse.csc_matrix(
        (np.ones(shared), (np.arange(shared), np.arange(shared))), shape=(program.matrix.shape[0], shared)
    )
    cost, most = _sides(centre, width)
    solution = solve_arrays(
        sparse.hstack([program.matrix[:, :first], -room, room, program.matrix[:, first:]], format="csc"),
        np.concatenate([program.cost[:first], cost, program.cost[first:]]),
        np.concatenate([program.upper[:first], most, program.upper[first:]]),
        program.row_upper,
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


def with_entries(last: Boxed, instance: Instance, flows: Flows, new: Flags) -> Boxed:
    """The live model with columns for further entries, and demand rows for cells that had none; not solved again."""
    data, program, live = instance.data, last.program, last.solution.live
    assert program.at is not None
    assert program.asking is not None
    taken = where_true(new)
    sign = signs_at(instance, program.at, taken)
    has_row = np.zeros_like(data.demand, dtype=bool)
    has_row[program.row_year, program.row_cell] = True
    wanted = np.zeros_like(has_row)
    wanted[taken[0], instance.entry_cell[taken[1]]] = True
    added = where_true(wanted & ~has_row)
    row = (np.concatenate([program.row_year, added[0]]), np.concatenate([program.row_cell, added[1]]))
    asking = program.asking[added]
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
    used, met = columns_of(instance, flows, taken, sign, program.reference)
    cost = unpriced(program.at, program.at.reduced_cost[taken], used)
    used.resize(program.shared, len(taken[0]))  # no child is in the limits of openings
    block = with_demand(instance, used, met, taken, sign, row)
    count, upper = len(cost), upper_bounds(instance, taken)
    live.addCols(
        count,
        cost,
        np.zeros(count),
        upper,
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
        sign=np.concatenate([program.sign, sign]),
        row_year=row[0],
        row_cell=row[1],
        matrix=sparse.hstack([before, block], format="csc"),
        met=sparse.hstack([program.met, met], format="csc"),
        cost=np.concatenate([program.cost, cost]),
        upper=np.concatenate([program.upper, upper]),
        row_upper=np.concatenate([program.row_upper, asking]),
    )
    return replace(last, program=wider)


def columns_that_price_out(data: InstanceData, program: LinearProgram, at: DualPoint) -> Flags:
    """[T+1, P + C + G] the cheapest entries of cells in which all that have a column, and the reference, cost more; and
    preferences without a column that cost more as the program has them.
    """
    best, first = np.full_like(data.demand, np.inf), len(data.entry_cell)
    some = program.entry < first
    year, entry = program.year[some], program.entry[some]
    np.minimum.at(best, (year, data.entry_cell[entry]), at.reduced_cost[year, entry])
    if program.reference is not None:
        best = np.minimum(best, np.take_along_axis(at.reduced_cost, program.reference, axis=1))
    dearer = (best > WORTH_ADDING) & (data.demand > 0)
    dearer[0] = False
    year, cell = where_true(dearer)
    found = np.zeros(at.reduced_cost.shape, dtype=bool)
    found[year, at.reference[year, cell]] = True
    if program.at is not None:
        found[:, first:] = (program.at.turned_down != at.turned_down) & (at.reduced_cost[:, first:] > WORTH_ADDING)
        found[program.year, program.entry] &= some
    return found


def widen_or_add(last: Boxed, instance: Instance, flows: Flows, at: DualPoint) -> Boxed | None:
    """The live model with the entries it lacks at a position, and its box wider where it holds a price; not solved
    again. None where neither is so; not optimal where rows hold that no price can loosen.
    """
    new, held = columns_that_price_out(instance.data, last.program, at), last.held
    if not new.any() and not held.any():
        return None
    if last.width.max(initial=0.0) > NO_PRICE:
        return replace(last, solution=replace(last.solution, optimal=False, status=BEYOND_PRICES))
    wider = with_entries(last, instance, flows, new) if new.any() else last
    return with_box(wider, at.prices, np.where(held, last.width * WIDER**2, last.width))


def limits_until(instance: Instance, deadline: Deadline) -> Limits:
    """The time and threads that HiGHS gets."""
    stop = deadline.stop if deadline.heeded_within else None
    return Limits(deadline.left(), instance.case.model.solver.threads, stop)

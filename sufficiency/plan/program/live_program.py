"""A program of contested arcs kept live in HiGHS: its prices held in a box, which moves, and arcs that join it.

The program in HiGHS has two columns a coupling row more, after the slack: room bought at the upper price of its box,
and room given up at the lower.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, field, replace

import numpy as np
from scipy import sparse

from sufficiency.arrays import Flags, Floats, where_true
from sufficiency.deadline import Deadline
from sufficiency.plan.dual.gap import relative_gap
from sufficiency.plan.dual.lagrangian import DualPoint, price_all_arcs
from sufficiency.plan.program.columns import columns_of, with_demand
from sufficiency.plan.program.highs import (
    DUAL_SIMPLEX,
    PRIMAL_SIMPLEX,
    Basis,
    Limits,
    Solution,
    basis_of,
    copied_program,
    load_arrays,
    put_basis,
    run_changed,
    run_loaded,
)
from sufficiency.plan.program.lp import ContestedProgram, signs_at, unpriced, upper_bounds
from sufficiency.plan.rows.coupling import Coupling
from sufficiency.plan.rows.instance import Instance
from sufficiency.plan.rows.transitions import Flows
from sufficiency.plan.tolerances import CLOSED_GAP, NOBODY, WORTH_A_COLUMN

WIDER = 2.0
"""Times as wide a box becomes for a price that it held in a good step; twice over where the step was exact."""
NO_PRICE = 1e11
"""£: where no price below brings room, hard rules clash, or so it seems: the program of all arcs says."""
BEYOND_PRICES = "Infeasible"
"""HiGHS's word for it: a program whose prices leave every box has rows that no plan keeps."""


@dataclass(frozen=True)
class BoxedSolution:
    """What a run found: the `program` as it stood, with prices kept within `width` [H] of `centre` [H]."""

    program: ContestedProgram = field(repr=False)
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
        return np.asarray((bought > NOBODY) | (given > NOBODY))

    def closed(self, point: DualPoint, constant: float) -> bool:
        """Whether the bound over all arcs meets the objective with no box in force: both are optimal then."""
        return relative_gap(self.objective, point.bound, constant) <= CLOSED_GAP and not self.held.any()


class LiveProgram:
    """A program of `instance` in HiGHS, solved with its prices in a box; changed, and solved again from its last basis.

    What a run found is in `result`, which does not change when the program does.
    """

    def __init__(
        self,
        instance: Instance,
        flows: Flows,
        program: ContestedProgram,
        centre: Floats,
        width: Floats,
        deadline: Deadline,
    ) -> None:
        self.instance, self.flows, self.deadline = instance, flows, deadline
        self.program, self.centre, self.width = program, centre, width
        self._rows = instance.rows
        shared, first = len(centre), len(program.slack_row)
        room = sparse.csc_matrix(
            (np.ones(shared), (np.arange(shared), np.arange(shared))), shape=(program.matrix.shape[0], shared)
        )
        cost, upper = _sides(centre, width)
        limits = limits_until(instance, deadline)
        self._highs = load_arrays(
            sparse.hstack([program.matrix[:, :first], -room, room, program.matrix[:, first:]], format="csc"),
            np.concatenate([program.cost[:first], cost, program.cost[first:]]),
            np.concatenate([program.upper[:first], upper, program.upper[first:]]),
            program.row_upper,
            limits=limits,
        )
        self.result = BoxedSolution(program, centre, width, run_loaded(self._highs, limits))

    @property
    def basis(self) -> Basis:
        """The basis of the last run."""
        return basis_of(self._highs)

    def start_from(self, basis: Basis) -> None:
        """Let the next run start from a basis that the program had."""
        put_basis(self._highs, basis)

    def set_option(self, name: str, value: float) -> None:
        """Set one of HiGHS's own options."""
        self._highs.setOptionValue(name, value)

    def duplicate(self) -> LiveProgram:
        """The same program once more, at the same basis, for another thread to change and run."""
        other = copy(self)
        other._highs = copied_program(self._highs)
        return other

    def set_box(self, centre: Floats, width: Floats) -> None:
        """Keep prices within `width` [H] of `centre` [H]."""
        self.centre, self.width = centre, width
        cost, upper = _sides(centre, width)
        place = np.arange(len(cost), dtype=np.int32) + len(self.program.slack_row)
        self._highs.changeColsCost(len(place), place, cost)
        self._highs.changeColsBounds(len(place), place, np.zeros(len(place)), upper)

    def set_limits(self, rows: Coupling) -> None:
        """Give the coupling rows the limits, and the slack allowed, of `rows`."""
        before, program = self.instance.rows, self.program
        changed = np.flatnonzero(rows.limit != before.limit)
        upper = program.row_upper[changed] + (rows.limit - self._rows.limit)[changed]
        self._highs.changeRowsBounds(len(changed), changed.astype(np.int32), np.full(len(changed), -np.inf), upper)
        slack_upper = rows.slack_most[program.slack_row]
        slack = np.flatnonzero(slack_upper != before.slack_most[program.slack_row]).astype(np.int32)
        self._highs.changeColsBounds(len(slack), slack, np.zeros(len(slack)), slack_upper[slack])
        self.instance = replace(self.instance, rows=rows)

    def set_option_limit(self, limit: int, upper: float) -> None:
        """Give a limit of the openings (by its position) another right-hand side."""
        self._highs.changeRowBounds(len(self.centre) + limit, -np.inf, upper)

    def fix_openings(self, lower: Floats, upper: Floats, forced: Flags) -> None:
        """Keep openings between two bounds [Y], with the options `forced` [S] to open."""
        first = self.program.first_opening + 2 * len(self.centre)
        place = np.arange(first, first + len(lower), dtype=np.int32)
        self._highs.changeColsBounds(len(place), place, lower, upper)
        for option, must in enumerate(forced.tolist()):  # the first of the limits, option by option
            self._highs.changeRowBounds(len(self.centre) + option, 1.0 if must else -np.inf, 1.0)

    def add_columns(self, new: Flags) -> None:
        """Add columns for further arcs [T+1, P + C + G], and demand rows for cells that had none."""
        instance, program, point = self.instance, self.program, self.program.point
        taken = where_true(new)
        sign = signs_at(instance, point, taken)
        has_row = np.zeros_like(program.asking, dtype=bool)
        has_row[program.row_year, program.row_cell] = True
        wanted = np.zeros_like(has_row)
        wanted[taken[0], instance.arc_cell[taken[1]]] = True
        added = where_true(wanted & ~has_row)
        row = (np.concatenate([program.row_year, added[0]]), np.concatenate([program.row_cell, added[1]]))
        asking = program.asking[added]
        first, shift = len(program.slack_row), 2 * len(self.centre)
        old = program.met.tocsr()[added[0] * len(instance.data.cells) + added[1]]
        self._highs.addRows(
            len(asking),
            np.full(len(asking), -np.inf),
            asking,
            old.nnz,
            old.indptr[:-1].astype(np.int32),
            (first + shift + old.indices).astype(np.int32),
            old.data,
        )
        used, met = columns_of(instance, self.flows, taken, sign, program.reference)
        cost = unpriced(point, point.reduced_cost[taken], used)
        used.resize(program.shared, len(taken[0]))  # no child is in the limits of openings
        block = with_demand(instance, used, met, taken, sign, row)
        count, upper = len(cost), upper_bounds(instance, taken)
        self._highs.addCols(
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
        self.program = replace(
            program,
            year=np.concatenate([program.year, taken[0]]),
            arc=np.concatenate([program.arc, taken[1]]),
            sign=np.concatenate([program.sign, sign]),
            row_year=row[0],
            row_cell=row[1],
            matrix=sparse.hstack([before, block], format="csc"),
            met=sparse.hstack([program.met, met], format="csc"),
            cost=np.concatenate([program.cost, cost]),
            upper=np.concatenate([program.upper, upper]),
            row_upper=np.concatenate([program.row_upper, asking]),
        )

    def run(self, strategy: int = DUAL_SIMPLEX) -> None:
        """Solve it as it stands, from its basis: by the dual simplex where limits changed, by the primal where columns
        joined or costs changed.
        """
        solution = run_changed(self._highs, limits_until(self.instance, self.deadline), strategy)
        self.result = BoxedSolution(self.program, self.centre, self.width, solution)

    def price_out(self, enough: Callable[[DualPoint], bool]) -> DualPoint | None:
        """Price all arcs at the prices of the last run, add the columns that price out, widen the box where it holds a
        price, and run again, until there is nothing to add or widen, or a point is `enough`. The last point; None where
        HiGHS ends without an optimum, or rows hold that no price can loosen.
        """
        while self.result.optimal:
            point = price_all_arcs(self.instance, self.flows, self.result.prices)
            if enough(point):
                return point
            new, held = columns_that_price_out(self.program, point, self.instance), self.result.held
            if not new.any() and not held.any():
                return point
            if self.width.max(initial=0.0) > NO_PRICE:
                clash = replace(self.result.solution, optimal=False, status=BEYOND_PRICES)
                self.result = replace(self.result, solution=clash)
                return None
            if new.any():
                self.add_columns(new)
            self.set_box(point.prices, np.where(held, self.width * WIDER**2, self.width))
            self.run(PRIMAL_SIMPLEX)
        return None


def _sides(centre: Floats, width: Floats) -> tuple[Floats, Floats]:
    """Cost and upper bound of the columns of a box [2H]: nothing is given up below a price of 0."""
    lower = np.maximum(centre - width, 0.0)
    upper = np.concatenate([np.full(len(centre), np.inf), np.where(lower > 0, np.inf, 0.0)])
    return np.concatenate([centre + width, -lower]), upper


def columns_that_price_out(program: ContestedProgram, point: DualPoint, instance: Instance) -> Flags:
    """[T+1, P + C + G] the cheapest arcs of cells in which all that have a column, and the reference, cost more; and
    preferences without a column that cost more as the program has them.
    """
    data, reduced_cost = instance.data, point.reduced_cost
    lowest, first = np.full_like(data.demand, np.inf), len(data.arc_cell)
    some = program.arc < first
    year, arc = program.year[some], program.arc[some]
    np.minimum.at(lowest, (year, data.arc_cell[arc]), reduced_cost[year, arc])
    lowest = np.minimum(lowest, np.take_along_axis(reduced_cost, program.reference, axis=1))
    missing = (lowest > WORTH_A_COLUMN) & (data.demand > 0)
    missing[0] = False
    year, cell = where_true(missing)
    new = np.zeros(reduced_cost.shape, dtype=bool)
    new[year, point.reference[year, cell]] = True
    new[:, first:] = (program.point.turned_down != point.turned_down) & (reduced_cost[:, first:] > WORTH_A_COLUMN)
    new[program.year, program.arc] &= some
    return new


def limits_until(instance: Instance, deadline: Deadline) -> Limits:
    """The time and threads that HiGHS gets."""
    stop = deadline.stop if deadline.heeded_within else None
    return Limits(deadline.left(), instance.case.model.solver.threads, stop)

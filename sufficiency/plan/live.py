"""The linear program with openings in it, kept live: openings are freed or fixed, and all arcs priced each time."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from scipy import sparse

from sufficiency.arrays import Flags, Floats
from sufficiency.codes import UNKNOWN_AREA
from sufficiency.plan.coarse import coarsened
from sufficiency.plan.coupling import Coupling
from sufficiency.plan.effects import Undecided
from sufficiency.plan.highs import run_within, solve_problem
from sufficiency.plan.prepared import Prepared
from sufficiency.plan.pricing import (
    WORTH_ADDING,
    Priced,
    contested,
    duals,
    in_program,
    reduced_costs,
    solved_again,
    solver_limits,
    with_entrants,
)
from sufficiency.plan.program import possible_arcs, program, transition_matrices

ELASTIC = 100.0
"""Times the weight of a child awaiting a place: what a child beyond a hard rule or short of a smallest fill costs while
openings are searched. A plan that pays it is none.
"""
KEPT = 1e-7
"""Children: a hard rule missed by less is kept."""


@dataclass(frozen=True)
class Live:
    """A solved live program. `rows` are its coupling rows, with a price on missing the hard ones; `hard` says which."""

    found: Undecided = field(repr=False)
    rows: Coupling = field(repr=False)
    hard: Flags = field(repr=False)
    priced: Priced = field(repr=False)

    @property
    def optimal(self) -> bool:
        """Whether HiGHS called the last run optimal."""
        return self.priced.solution.optimal

    @property
    def y(self) -> Floats:
        """[Y] openings of the last run."""
        written = self.priced.written
        if not self.optimal:
            return np.zeros(written.openings)
        return np.clip(self.priced.solution.columns[written.first_opening : written.first_entrant], 0.0, 1.0)

    @property
    def objective(self) -> float:
        """£ discounted of the last run, with what no decision changes."""
        return self.priced.solution.objective + self.priced.written.constant

    @property
    def prices(self) -> Floats:
        """[H] prices of the coupling rows in the last run."""
        return duals(self.priced.written, self.found.prepared.data, self.priced.solution)[0]

    @property
    def placed(self) -> tuple[Floats, Floats]:
        """[T+1, P] entrants beyond those settled, by the pairs of the case without copies, and [T+1, C] those who wait,
        in the last run.
        """
        base, written, columns = self.found.base.data, self.priced.written, self.priced.solution.columns
        entrants, waiting = np.zeros((base.horizon + 1, len(base.pair_cell))), np.zeros_like(base.demand)
        pair = self.found.source[written.enter_pair]
        np.add.at(entrants, (written.enter_year, pair), np.maximum(columns[written.first_entrant :], 0.0))
        waiting[0] = base.waiting_at_start
        waiting[written.wait_year, written.wait_cell] = np.maximum(columns[: len(written.wait_year)], 0.0)
        return entrants, waiting

    @property
    def keeps_hard_rows(self) -> bool:
        """Whether the last run paid nothing for missing a hard row."""
        written = self.priced.written
        slack = self.priced.solution.columns[len(written.wait_year) : written.first_opening]
        return bool((slack[self.hard[written.slack_row]] <= KEPT).all())


def with_a_price_on_hard_rows(prepared: Prepared) -> tuple[Coupling, Flags]:
    """The coupling rows with every hard rule and smallest fill made soft at a price no plan would pay, and which."""
    rows = prepared.rows
    hard = (rows.of_rules | (rows.family == "fill")) & (rows.slack_most == 0)
    dear = ELASTIC * float((prepared.data.discount * prepared.data.awaiting_weight).max())
    soft = replace(
        rows,
        slack_cost=np.where(hard, dear, rows.slack_cost),
        slack_most=np.where(hard, np.inf, rows.slack_most),
        may_slack=rows.may_slack | hard,
    )
    return soft, hard


def relaxed(found: Undecided, prices: Floats | None, deadline: float) -> Live:
    """The program in which any share of an option may open, solved and priced over all arcs.

    It starts from all arcs, or from those contested at `prices` [H].
    """
    case = found.prepared
    rows, hard = with_a_price_on_hard_rows(case)
    chosen = possible_arcs(case.data) if prices is None else contested(case.data, rows, prices)
    flows = transition_matrices(case.data)
    written = program(case.case, case.data, case.settled, rows, chosen, flows, found.choices, whole=False)
    solution = solve_problem(written.problem, written.variables, **solver_limits(case, deadline))
    soft = replace(case, rows=rows)
    return _priced_out(Live(found, rows, hard, Priced(soft, written, solution, flows, deadline)))


def coarse_openings(found: Undecided, group_of: pd.Series) -> Undecided:
    """The undecided case on a coarser map (`group_of`: area → group); the coupling rows stay the same rows."""
    case, choices = found.prepared, found.choices
    data, settled, coarse_rows = coarsened(case.data, case.settled, case.rows, group_of)
    keys = ["area", "need", "level", "phase", "step_down"]
    named = case.data.cells[keys].assign(area=case.data.cells["area"].map(group_of).fillna(UNKNOWN_AREA))
    cell = pd.MultiIndex.from_frame(data.cells[keys]).get_indexer(pd.MultiIndex.from_frame(named))
    entries = choices.returned.tocoo()
    year, at = np.divmod(entries.row, len(case.data.cells))
    shape = ((data.horizon + 1) * len(data.cells), len(choices))
    returned = sparse.csr_matrix((entries.data, (year * len(data.cells) + cell[at], entries.col)), shape=shape)
    prepared = replace(case, data=data, settled=settled, rows=coarse_rows)
    return replace(found, prepared=prepared, choices=replace(choices, returned=returned))


def solved_between(live: Live, lower: Floats, upper: Floats) -> Live:
    """The live program with openings between two bounds [Y], solved from where it stands and priced over all arcs."""
    priced = live.priced
    columns = np.arange(priced.written.first_opening, priced.written.first_entrant, dtype=np.int32)
    solver = priced.solution.live
    solver.changeColsBounds(len(columns), columns, lower, upper)
    solution = run_within(solver, **solver_limits(priced.prepared, priced.deadline))
    return _priced_out(replace(live, priced=replace(priced, solution=solution)))


def _priced_out(live: Live) -> Live:
    """Add the arcs that would lower the cost and solve again, until there are none."""
    priced = live.priced
    data = priced.prepared.data
    while priced.solution.optimal:
        prices, values = duals(priced.written, data, priced.solution)
        beyond = reduced_costs(data, live.rows, prices, values)
        new = possible_arcs(data) & ~in_program(priced.written, data) & (beyond < -WORTH_ADDING)
        if not new.any():
            break
        priced = solved_again(replace(priced, written=with_entrants(priced, new)))
    return replace(live, priced=priced)

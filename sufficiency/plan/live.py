"""The linear program with openings in it, kept live: openings are freed or fixed, and all arcs priced each time."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from scipy import sparse

from sufficiency.arrays import Flags, Floats, where_true
from sufficiency.codes import UNKNOWN_AREA
from sufficiency.plan.boxes import limits_until, position
from sufficiency.plan.coarse import coarsened
from sufficiency.plan.effects import Undecided
from sufficiency.plan.flows import Flows, flows_of
from sufficiency.plan.highs import Solution, run_changed, solve_arrays
from sufficiency.plan.openings import with_openings
from sufficiency.plan.prepared import Prepared
from sufficiency.plan.program import Program, children_of, entry_columns, program_of_all, slack_of
from sufficiency.plan.togo import cost_to_go, open_entries

NEAR = 2.0
"""Arcs a cell and year in the first program: fewer cost more rounds, more cost a larger program."""
WORTH_ADDING = 1e-3
"""£ a child: arcs that would save less than this are not worth a column."""
ELASTIC = 100.0
"""Times the weight of a child awaiting a place: what a child beyond a hard rule or short of a smallest fill costs while
openings are searched. A plan that pays it is none.
"""
KEPT = 1e-7
"""Children: a hard rule missed by less is kept."""


@dataclass(frozen=True)
class Live:
    """A solved live program. `case` is the undecided one with a price on missing its hard rows; `hard` says which;
    `cost` [T+1, P + C] of an entry to the end, without prices; `among` [T+1, P + C] the entries with a column.
    """

    found: Undecided = field(repr=False)
    case: Prepared = field(repr=False)
    hard: Flags = field(repr=False)
    flows: Flows = field(repr=False)
    cost: Floats = field(repr=False)
    program: Program = field(repr=False)
    among: Flags = field(repr=False)
    solution: Solution = field(repr=False)
    deadline: float = field(repr=False)

    @property
    def optimal(self) -> bool:
        """Whether HiGHS called the last run optimal."""
        return self.solution.optimal

    @property
    def y(self) -> Floats:
        """[Y] openings of the last run."""
        if not self.optimal:
            return np.zeros(len(self.found.choices))
        return np.clip(self.solution.columns[self.program.first_opening : self.program.first_entrant], 0.0, 1.0)

    @property
    def objective(self) -> float:
        """£ discounted of the last run, with what no decision changes."""
        return self.solution.objective + self.program.offset

    @property
    def prices(self) -> Floats:
        """[H] prices of the coupling rows in the last run."""
        first = self.program.demand_rows
        return np.maximum(-self.solution.row_duals[first : first + len(self.case.rows.limit)], 0.0)

    @property
    def placed(self) -> tuple[Floats, Floats]:
        """[T+1, P] entrants beyond those settled, by the pairs of the case without copies, and [T+1, C] those who wait,
        in the last run; of a coarser map nobody.
        """
        base, case = self.found.base.data, self.case
        if len(self.found.source) != len(case.data.pair_cell):
            return np.zeros((0, 0)), np.zeros((0, 0))
        here, waiting = children_of(case.data, case.settled, self.program, self.solution.columns)
        entrants = np.zeros((base.horizon + 1, len(base.pair_cell)))
        np.add.at(entrants.T, self.found.source, (here - case.settled.entrants).T)
        return entrants, waiting

    @property
    def keeps_hard_rows(self) -> bool:
        """Whether the last run paid nothing for missing a hard row."""
        slack = slack_of(self.case.rows, self.program, self.solution.columns)
        return bool((slack[self.hard] <= KEPT).all())


def with_a_price_on_hard_rows(prepared: Prepared) -> tuple[Prepared, Flags]:
    """The case with every hard rule and smallest fill made soft at a price no plan would pay, and which rows those
    are.
    """
    rows = prepared.rows
    hard = (rows.of_rules | (rows.family == "fill")) & (rows.slack_most == 0)
    dear = ELASTIC * float((prepared.data.discount * prepared.data.awaiting_weight).max())
    soft = replace(
        rows,
        slack_cost=np.where(hard, dear, rows.slack_cost),
        slack_most=np.where(hard, np.inf, rows.slack_most),
        may_slack=rows.may_slack | hard,
    )
    return replace(prepared, rows=soft), hard


def relaxed(found: Undecided, prices: Floats | None, deadline: float) -> Live:
    """The program in which any share of an option may open, solved and priced over all arcs.

    It starts from all arcs, or from those contested at `prices` [H].
    """
    case, hard = with_a_price_on_hard_rows(found.prepared)
    data, flows, pairs = case.data, flows_of(case.data), len(case.data.pair_cell)
    among = np.ones((data.horizon + 1, pairs + len(data.cells)), dtype=bool)
    if prices is not None:
        at = position(case, prices)
        among = at.nearest(case, int(NEAR * (data.demand[1:] > 0).sum()))[0]
        among[np.arange(data.horizon + 1)[:, None], at.reference] = True
    program = with_openings(program_of_all(data, case.settled, case.rows, flows, among), data, found.choices)
    among = np.zeros_like(among)
    among[program.enter_year, program.enter_pair] = True
    among[:, pairs:] = True
    nobody = np.full_like(data.demand, -1, dtype=np.int64)
    cost = cost_to_go(data, case.rows, np.zeros(len(case.rows.limit)), nobody).entering
    lowest = np.where(np.arange(len(program.rhs)) < program.demand_rows, program.rhs, -np.inf)
    limits = limits_until(case, deadline)
    solution = solve_arrays(program.matrix, program.cost, program.most, program.rhs, lowest=lowest, limits=limits)
    return _priced_out(Live(found, case, hard, flows, cost, program, among, solution, deadline))


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


def solved_between(live: Live, lower: Floats, upper: Floats, forced: Flags | None = None) -> Live:
    """The live program with openings between two bounds [Y] and options `forced` [S] to open, solved from where it
    stands and priced over all arcs.
    """
    columns = np.arange(live.program.first_opening, live.program.first_entrant, dtype=np.int32)
    live.solution.live.changeColsBounds(len(columns), columns, lower, upper)
    once = live.program.demand_rows + len(live.case.rows.limit)  # the first of the limits, option by option
    for scheme in range(len(live.found.choices.schemes)):
        least = 1.0 if forced is not None and forced[scheme] else -np.inf
        live.solution.live.changeRowBounds(once + scheme, least, 1.0)
    return _priced_out(replace(live, solution=run_changed(live.solution.live, limits_until(live.case, live.deadline))))


def _priced_out(live: Live) -> Live:
    """Add the arcs that would lower the cost and solve again, until there are none."""
    while live.optimal:
        new = _missing(live)
        if not new.any():
            break
        live = _with_arcs(live, new)
    return live


def _missing(live: Live) -> Flags:
    """[T+1, P] arcs without a column that are cheaper, at the prices of the last run, than all their cell's columns."""
    data, pairs = live.case.data, len(live.case.data.pair_cell)
    at = position(live.case, live.prices)
    beyond = at.togo.beyond(data)
    best = np.full_like(data.demand, np.inf)
    for t in range(1, data.horizon + 1):
        here = live.among[t]
        np.minimum.at(best[t], data.entry_cell[here], beyond[t][here])
    cheaper = beyond[:, :pairs] < best[:, data.pair_cell] - WORTH_ADDING
    return np.asarray(cheaper & open_entries(data)[:, :pairs] & ~live.among[:, :pairs])


def _with_arcs(live: Live, new: Flags) -> Live:
    """The live program with columns for `new` arcs at its end, run again: from its basis, which is still feasible."""
    program, case, enter = live.program, live.case, where_true(new)
    block = entry_columns(case.data, live.flows, case.rows, enter, (program.row_year, program.row_cell), None)
    block.resize(len(program.rhs), len(enter[0]))  # openings' limits come last, and no child is in them
    cost, unlimited = live.cost[enter], np.full(len(enter[0]), np.inf)
    solver = live.solution.live
    solver.addCols(
        len(cost),
        cost,
        np.zeros(len(cost)),
        unlimited,
        block.nnz,
        block.indptr[:-1].astype(np.int32),
        block.indices.astype(np.int32),
        block.data,
    )
    among = live.among.copy()
    among[enter] = True
    program = replace(
        program,
        enter_year=np.concatenate([program.enter_year, enter[0]]),
        enter_pair=np.concatenate([program.enter_pair, enter[1]]),
        cost=np.concatenate([program.cost, cost]),
        most=np.concatenate([program.most, unlimited]),
    )
    solution = run_changed(solver, limits_until(case, live.deadline), primal=True)
    return replace(live, program=program, among=among, solution=solution)

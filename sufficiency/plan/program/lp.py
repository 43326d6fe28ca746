"""The linear program: children who enter, children who wait, children above the places; as arrays and in PuLP.

There is no variable for stock: a column x[t,c,l] has one entry in its own demand row, one in each coupling row from
year t on (with the share of those children still there), and one in the later demand rows that those who stay on
already meet.

The same columns serve two programs. For *all arcs* every cell has its row: everyone is placed or waits. Given a
*reference*, one entry for each cell and year, only the *contested* cells have columns and a row: no more of their
children are placed otherwise than there are; whoever is left takes the reference, in every cell. A column then says
what changes against that: what it takes itself, less what its reference would have taken, with everything that
follows in later years.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import numpy as np
import pulp
from scipy import sparse

from sufficiency.arrays import Flags, Floats, Ints, totals, where_true
from sufficiency.plan.dual.cost_to_go import cost_to_go
from sufficiency.plan.dual.lagrangian import DualPoint, named
from sufficiency.plan.instance.cells import InstanceData
from sufficiency.plan.instance.pattern import Commitments
from sufficiency.plan.instance.stock import stock_of
from sufficiency.plan.program.option_columns import OptionColumns
from sufficiency.plan.rows.coupling import Coupling, row_labels
from sufficiency.plan.rows.instance import Instance
from sufficiency.plan.rows.names import lp_names
from sufficiency.plan.rows.policy import FAMILY
from sufficiency.plan.rows.transitions import Flows, followed

NOBODY = 1e-9
"""Survivors of one child below this are nobody: HiGHS would pass over the entry too."""


@dataclass(frozen=True)
class LinearProgram:
    """A program as arrays, and what its columns and rows stand for.

    Columns: slack (`slack_row`, a coupling row), then children who take an entry in a year (`year`, `entry`); they lie
    between 0 and `upper`. `sign` is 1, or −1 where a column is of children whose preference gives way and who do not
    take the entry. Rows: all coupling rows (at most), then demand (`row_year`, `row_cell`; equations, or at most
    where there is a `reference`, the cheapest entries of the position `at`); `row_upper` is their right-hand side.
    `asking` [T+1, C]: children who look for a place where everyone takes the reference. Where openings are to be
    chosen, their columns stand after the slack, followed by the preferences that hang on them, and the rows of their
    limits after the coupling rows. `met` [(T+1) · C, columns but slack]: how many of each cell's children, year by
    year, a column spares a place or (negative) sends to look for one.
    `offset` is the £ of everything that no column stands for.
    """

    slack_row: Ints
    year: Ints
    entry: Ints
    sign: Floats
    row_year: Ints
    row_cell: Ints
    matrix: sparse.csc_matrix
    met: sparse.csc_matrix
    cost: Floats
    upper: Floats
    row_upper: Floats
    offset: float
    at: DualPoint | None = None
    asking: Floats | None = None
    options: OptionColumns | None = None

    @property
    def reference(self) -> Ints | None:
        """[T+1, C] the entry that whoever has no column takes; None where all arcs have one."""
        return None if self.at is None else self.at.reference

    @property
    def shared(self) -> int:
        """How many rows are coupling rows, and limits of openings after them; the demand rows follow."""
        return len(self.row_upper) - len(self.row_year)

    @property
    def first_opening(self) -> int:
        """Position of the first column of openings."""
        return len(self.slack_row)

    @property
    def openings(self) -> slice:
        """The columns of openings."""
        return slice(self.first_opening, self.first_opening + (0 if self.options is None else self.options.openings))

    @property
    def first_entrant(self) -> int:
        """Position of the first column of entrants."""
        return int(self.openings.stop) + (0 if self.options is None else self.options.preferences)


def program_of_all_arcs(instance: Instance, flows: Flows, among: Flags | None = None) -> LinearProgram:
    """The program of all arcs, or of those `among` [T+1, P + C]: a row for every cell and year with children, who are
    placed or wait.
    """
    data, settled, rows = instance.data, instance.settled, instance.rows
    pairs, cells = len(data.pair_cell), len(data.cells)
    chosen = instance.open_entries.copy()
    if among is not None:
        chosen[:, :pairs] &= among[:, :pairs]
    row = where_true(chosen[:, pairs : pairs + cells])
    demand = np.maximum(_left_to_place(data, flows, settled)[row], 0.0)  # never negative but for rounding
    room = rows.limit - rows.used(settled.stock)
    taken = where_true(chosen)
    alone = cost_to_go(data, flows, np.zeros(len(rows.limit)), asking_costs=False)  # whomever those who stay on spare
    given_up = (data.discount * data.preference_weight)[:, None] - alone.reduced_cost[:, settled.preferred]
    sign = np.where(taken[1] < pairs + cells, 1.0, -1.0)
    used, met = columns_of(instance, flows, taken, sign, None)
    return _assembled(
        instance,
        taken,
        sign,
        row,
        used,
        met,
        cost=np.hstack([alone.reduced_cost, given_up])[taken],
        row_upper=np.concatenate([room, demand]),
        offset=settled_cost(data, settled),
    )


def program_of_columns(instance: Instance, flows: Flows, chosen: Flags, at: DualPoint) -> LinearProgram:
    """The program of the entries that `chosen` [T+1, P + C + G] marks, beside the cheapest of every cell at the prices
    of a position.
    """
    data, rows = instance.data, instance.rows
    taken = where_true(chosen & instance.open_entries & ~named(at.reference, chosen.shape))
    contested = np.zeros_like(data.demand, dtype=bool)
    contested[taken[0], instance.entry_cell[taken[1]]] = True
    row = where_true(contested)
    start = followed(data, flows, at.following, at.reference)
    room = rows.limit - start.used(flows, len(rows.limit))
    sign = signs_at(instance, at, taken)
    used, met = columns_of(instance, flows, taken, sign, at.reference)
    return _assembled(
        instance,
        taken,
        sign,
        row,
        used,
        met,
        cost=unpriced(at, at.reduced_cost[taken], used),
        row_upper=np.concatenate([room, start.asking[row]]),
        offset=at.everyone + float(at.prices @ room),
        at=at,
        asking=start.asking,
    )


def signs_at(instance: Instance, at: DualPoint, taken: tuple[Ints, Ints]) -> Floats:
    """[columns] 1 for children who take an entry, and for those whose preference is turned down at a position and who
    would follow it after all; −1 for those who follow it there and would give way.
    """
    first = len(instance.data.entry_cell)
    sign = np.ones(len(taken[1]))
    of_preference = np.flatnonzero(taken[1] >= first)
    down = at.turned_down[taken[0][of_preference], taken[1][of_preference] - first]
    sign[of_preference] = np.where(down, 1.0, -1.0)
    return sign


def upper_bounds(instance: Instance, taken: tuple[Ints, Ints]) -> Floats:
    """[columns] as many children as may give way; no bound on others."""
    first = len(instance.data.entry_cell)
    upper = np.full(len(taken[1]), np.inf)
    of_preference = np.flatnonzero(taken[1] >= first)
    upper[of_preference] = instance.settled.giving[taken[0][of_preference], taken[1][of_preference] - first]
    return upper


def unpriced(at: DualPoint, priced: Floats, used: sparse.csc_matrix) -> Floats:
    """What columns cost without the prices of what they use [H, columns] of the coupling rows."""
    return np.asarray(priced - used.T @ at.prices)


def _assembled(
    instance: Instance,
    taken: tuple[Ints, Ints],
    sign: Floats,
    row: tuple[Ints, Ints],
    used: sparse.csc_matrix,
    met: sparse.csc_matrix,
    *,
    cost: Floats,
    row_upper: Floats,
    offset: float,
    at: DualPoint | None = None,
    asking: Floats | None = None,
) -> LinearProgram:
    rows = instance.rows
    slack_row = np.flatnonzero(rows.may_slack)
    slack = sparse.csc_matrix(
        (-np.ones(len(slack_row)), (slack_row, np.arange(len(slack_row)))), shape=(len(row_upper), len(slack_row))
    )
    return LinearProgram(
        slack_row=slack_row,
        year=taken[0],
        entry=taken[1],
        sign=sign,
        row_year=row[0],
        row_cell=row[1],
        matrix=sparse.hstack([slack, with_demand(instance, used, met, taken, sign, row)], format="csc"),
        met=met,
        cost=np.concatenate([rows.slack_cost[slack_row], cost]),
        upper=np.concatenate([rows.slack_most[slack_row], upper_bounds(instance, taken)]),
        row_upper=row_upper,
        offset=offset,
        at=at,
        asking=asking,
    )


def children_of(instance: Instance, flows: Flows, program: LinearProgram, columns: Floats) -> tuple[Floats, Floats]:
    """`entrants` [T+1, P] (x̂ included) and `waiting` [T+1, C] (row 0: at the start) that a column vector stands for."""
    data, settled, pairs = instance.data, instance.settled, len(instance.data.pair_cell)
    chosen = np.zeros((data.horizon + 1, len(instance.entry_cell)))
    children = np.maximum(columns[program.first_entrant :], 0.0)
    chosen[program.year, program.entry] = program.sign * children
    following = (settled.entrants if program.at is None else program.at.following).copy()
    following[:, settled.preferred] += chosen[:, len(data.entry_cell) :]
    if program.options is not None:
        given_up = np.maximum(columns[program.openings.stop : program.first_entrant], 0.0)
        np.add.at(following, (program.options.year, program.options.pair), -given_up)
    chosen = chosen[:, : len(data.entry_cell)]
    if program.reference is not None:
        joining = None
        if program.options is not None:
            opened = columns[program.openings]
            joining = np.asarray(program.options.returned @ opened).reshape(data.demand.shape)
        chosen = followed(data, flows, following, program.reference, chosen, joining).taken
    else:
        chosen[:, :pairs] += following
    waiting = chosen[:, pairs:].copy()
    waiting[0] = data.waiting_at_start
    return chosen[:, :pairs].copy(), waiting


def slack_of(rows: Coupling, program: LinearProgram, columns: Floats) -> Floats:
    """[H] slack of every coupling row in a column vector."""
    slack = np.zeros(len(rows.limit))
    slack[program.slack_row] = np.maximum(columns[: len(program.slack_row)], 0.0)
    return slack


def settled_cost(data: InstanceData, settled: Commitments) -> float:
    """£ (discounted, policy weights included) where nobody but those settled is placed: their stock with all who follow
    the pattern, all place funding, and what options that are open cost however full they are.
    """
    stock = float((data.unit_cost[1:] * settled.stock[1:]).sum())
    return stock + float(data.discount[1:] @ (data.place_funding + data.option_cost)[1:].sum(axis=1))


def unchanging_cost(instance: Instance) -> float:
    """£ (discounted, policy weights included) that no decision changes: the life of the children already placed, place
    funding, and what options that are open cost however full they are (mathematics page, the proof).
    """
    data, settled = instance.data, instance.settled
    alone = replace(settled, stock=stock_of(data, np.zeros_like(settled.entrants)))
    return settled_cost(data, alone)


def _left_to_place(data: InstanceData, flows: Flows, settled: Commitments) -> Floats:
    """[T+1, C] entrants not yet placed by what is settled: less x̂ and those carried, plus those returned and those
    waiting at the start.
    """
    pairs, cells = len(data.pair_cell), len(data.cells)
    left = data.entrants.copy()
    for t in range(1, data.horizon + 1):
        left[t] -= totals(data.pair_cell, settled.entrants[t], cells)
        left[t] -= flows.meets[t][:pairs].T @ settled.stock[t - 1]
    left[1] += data.stay[1] * data.waiting_at_start
    return left


def columns_of(
    instance: Instance, flows: Flows, taken: tuple[Ints, Ints], signs: Floats, reference: Ints | None
) -> tuple[sparse.csc_matrix, sparse.csc_matrix]:
    """What one child who takes an entry (year, entry) uses of each coupling row [H, columns], and how much of the
    demand of each cell it meets in later years [(T+1) · C, columns], as long as some of that child stays; less what
    the child's reference would have done, where there is one. The opposite where a sign is −1: the child does not take
    the entry.
    """
    data, rows, (year, entry) = instance.data, instance.rows, taken
    count, entries = len(year), len(data.entry_cell)
    at = np.concatenate([np.arange(entries), instance.settled.preferred])[entry]
    put, sign = at[:, None], signs[:, None]
    if reference is not None:
        put = np.column_stack([at, reference[year, data.entry_cell[at]]])
        sign = signs[:, None] * [1.0, -1.0]
    starts = []
    for t in range(data.horizon + 1):
        here = year == t
        ends = np.concatenate([[0], np.cumsum(here * put.shape[1])])
        starts.append(sparse.csr_matrix((sign[here].ravel(), put[here].ravel(), ends), shape=(count, entries)))
    return _followed_through(data, flows, rows, starts, None, reference)


def columns_of_openings(
    instance: Instance, flows: Flows, options: OptionColumns, reference: Ints | None
) -> tuple[sparse.csc_matrix, sparse.csc_matrix]:
    """The same of openings [Y], for the children whom closures send to look for a place, and of the preferences [N]
    that hang on them, for children who give way and look for another; with a reference these take it.
    """
    data, openings, count = instance.data, options.openings, options.preferences
    cells, entries = len(data.cells), len(data.entry_cell)
    starts = []
    for t in range(data.horizon + 1):
        here = np.flatnonzero(options.year == t)
        away = (-np.ones(len(here)), (openings + here, options.pair[here]))
        starts.append(sparse.csr_matrix(away, shape=(openings + count, entries)))
    asks = options.year * cells + data.pair_cell[options.pair]
    asking = sparse.csr_matrix((np.ones(count), (asks, np.arange(count))), shape=((data.horizon + 1) * cells, count))
    every = sparse.hstack([options.returned, asking], format="csr")
    return _followed_through(data, flows, instance.rows, starts, every, reference)


def _followed_through(
    data: InstanceData,
    flows: Flows,
    rows: Coupling,
    starts: list[sparse.csr_matrix],
    asking: sparse.csr_matrix | None,
    reference: Ints | None,
) -> tuple[sparse.csc_matrix, sparse.csc_matrix]:
    """What columns use of the coupling rows, and the demand that they meet: `starts`[t] [columns, P + C] is what they
    put into entries in year t, `asking` [(T+1) · C, columns] whom they send to look for a place besides.
    """
    cells, columns = len(data.cells), starts[0].shape[0]
    used: list[tuple[Ints, Ints, Floats]] = []
    met: list[tuple[Ints, Ints, Floats]] = []
    still = sparse.csr_matrix(starts[0].shape)
    for t in range(1, data.horizon + 1):
        spared = still @ flows.meets[t]
        if asking is not None:
            spared = spared - asking[t * cells : (t + 1) * cells].T.tocsr()
        still = still @ flows.keep[t] + starts[t]
        if spared.nnz:
            column = np.repeat(np.arange(columns), np.diff(spared.indptr))
            met.append((t * cells + spared.indices, column, spared.data))
            if reference is not None:
                still -= sparse.csr_matrix((spared.data, reference[t, spared.indices], spared.indptr), still.shape)
        chosen, weights = flows.weighed[t]
        counted = still @ weights
        used.append((chosen[counted.indices], np.repeat(np.arange(columns), np.diff(counted.indptr)), counted.data))
    return _gathered(used, (len(rows.limit), columns)), _gathered(met, ((data.horizon + 1) * cells, columns))


def _gathered(parts: list[tuple[Ints, Ints, Floats]], shape: tuple[int, int]) -> sparse.csc_matrix:
    if not parts:
        return sparse.csc_matrix(shape)
    row, column, value = (np.concatenate(part) for part in zip(*parts, strict=True))
    matrix = sparse.csc_matrix((value, (row, column)), shape=shape)
    matrix.data[np.abs(matrix.data) < NOBODY] = 0.0
    matrix.eliminate_zeros()
    return matrix


def with_demand(
    instance: Instance,
    used: sparse.csc_matrix,
    met: sparse.csc_matrix,
    taken: tuple[Ints, Ints],
    sign: Floats,
    row: tuple[Ints, Ints],
) -> sparse.csc_matrix:
    """[coupling rows + demand rows, columns]: the columns with a demand row for each (year, cell) of `row`."""
    cells = len(instance.data.cells)
    place = np.full((instance.data.horizon + 1, cells), -1)
    place[row] = np.arange(len(row[0]))
    own = place[taken[0], instance.entry_cell[taken[1]]]
    has_row = np.flatnonzero(own >= 0)
    asks = sparse.csc_matrix((sign[has_row], (own[has_row], has_row)), shape=(len(row[0]), len(taken[0])))
    later = met.tocsr()[row[0] * cells + row[1]]
    return sparse.vstack([used, asks + later], format="csc")


@dataclass(frozen=True)
class Written:
    """A program in PuLP, its variables in the order of the columns."""

    problem: pulp.LpProblem
    variables: list[pulp.LpVariable]


def in_pulp(instance: Instance, program: LinearProgram) -> Written:
    """Write a program in PuLP, each column and row under a readable name."""
    labels = _labels(instance, program)
    problem = pulp.LpProblem("sufficiency", pulp.LpMinimize)
    kinds = np.full(len(program.cost), pulp.LpContinuous, dtype=object)
    if program.options is not None:
        kinds[program.first_opening + np.flatnonzero(program.options.whole)] = pulp.LpInteger
    variables = [
        problem.add_variable(name, 0, None if np.isinf(bound) else bound, kind)
        for name, bound, kind in zip(labels.columns, program.upper.tolist(), kinds.tolist(), strict=True)
    ]
    problem.setObjective(pulp.LpAffineExpression(dict(zip(variables, program.cost.tolist(), strict=True))))
    matrix, column = program.matrix.tocsr(), np.array(variables, dtype=object)
    start, index, value = matrix.indptr.tolist(), matrix.indices, matrix.data
    equal = pulp.LpConstraintEQ if program.reference is None else pulp.LpConstraintLE
    for row, (name, limit) in enumerate(zip(labels.rows, program.row_upper.tolist(), strict=True)):
        entries = slice(start[row], start[row + 1])
        expression = pulp.LpAffineExpression(
            dict(zip(column[index[entries]].tolist(), value[entries].tolist(), strict=True))
        )
        sense = equal if row >= program.shared else pulp.LpConstraintLE
        problem.addConstraint(pulp.LpConstraint(expression, sense, name, limit))
    return Written(problem, variables)


@dataclass(frozen=True)
class _Labels:
    columns: list[str]
    rows: list[str]


def _labels(instance: Instance, program: LinearProgram) -> _Labels:
    case, data, rows = instance.case, instance.data, instance.rows
    parts = data.cells[["area", "need", "level", "phase"]].astype(str)
    eased = np.where(data.cells["step_down"], "step_down", "")
    cell = lp_names(["_".join(filter(None, (*row, eased[i]))) for i, row in enumerate(parts.itertuples(index=False))])
    line = lp_names(data.lines["line"].tolist())
    year = data.years.tolist()
    pairs, pair_line = len(data.pair_cell), data.pair_line.tolist()

    def of_cells(years: Ints, cells: Ints) -> list[str]:
        return [f"{year[t]}_{cell[c]}" for t, c in zip(years.tolist(), cells.tolist(), strict=True)]

    waits, entry_cell, preferred = len(data.entry_cell), instance.entry_cell, instance.settled.preferred.tolist()

    def of_entry(name: str, entry: int, sign: float) -> str:
        if entry < pairs:
            return f"enter_{name}__{line[pair_line[entry]]}"
        if entry < waits:
            return f"wait_{name}"
        return f"{'redirect' if sign < 0 else 'follow'}_{name}__{line[pair_line[preferred[entry - waits]]]}"

    named = of_cells(program.year, entry_cell[program.entry])
    taken = list(map(of_entry, named, program.entry.tolist(), program.sign.tolist()))
    coupled = lp_names(row_labels(case, data, rows).tolist())
    slack = {"places": "over", "budget": "overspend", "waiting": "beyond", "fill": "breach"}
    slack |= dict.fromkeys(FAMILY.values(), "breach")
    slacks = lp_names([re.sub(r"^[a-z]+", slack[rows.family[row]], coupled[row]) for row in program.slack_row])
    opening, limits = list[str](), list[str]()
    if (options := program.options) is not None:
        cells_of, lines_of = of_cells(options.year, data.pair_cell[options.pair]), data.pair_line[options.pair]
        names = [f"{name}__{line[at]}" for name, at in zip(cells_of, lines_of.tolist(), strict=True)]
        opening = options.opening_names + [f"redirect_{name}" for name in names]
        limits = options.limit_names + [f"preference_{name}" for name in names]
    demand = [f"demand_{name}" for name in of_cells(program.row_year, program.row_cell)]
    return _Labels(columns=slacks + opening + taken, rows=coupled + limits + demand)

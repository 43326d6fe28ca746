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
from dataclasses import dataclass

import numpy as np
import pulp
from scipy import sparse

from sufficiency.arrays import Flags, Floats, Ints, totals, where_true
from sufficiency.case import Case
from sufficiency.plan.cells import PlanData
from sufficiency.plan.choices import Choices, limit_names, opening_names
from sufficiency.plan.commitments import Commitments
from sufficiency.plan.coupling import Coupling, row_labels
from sufficiency.plan.flows import Flows, followed
from sufficiency.plan.names import lp_names
from sufficiency.plan.rule_rows import FAMILY
from sufficiency.plan.togo import cost_to_go, open_entries

NOBODY = 1e-9
"""Survivors of one child below this are nobody: HiGHS would pass over the entry too."""


@dataclass(frozen=True)
class Program:
    """A program as arrays, and what its columns and rows stand for.

    Columns stand in this order: waiting (`wait_year`, `wait_cell`), slack (`slack_row`, a coupling row), entrants
    (`enter_year`, `enter_pair`); they lie between 0 and `most`. Rows: demand (`row_year`, `row_cell`; equations, or at
    most where there is a `reference` [T+1, C]), then all coupling rows (at most); `rhs` is their right-hand side. Where
    openings are to be chosen, their columns stand between slack and entrants, and the rows of their limits come last.
    `offset` is the £ of everything that no column stands for.
    """

    row_year: Ints
    row_cell: Ints
    wait_year: Ints
    wait_cell: Ints
    slack_row: Ints
    enter_year: Ints
    enter_pair: Ints
    matrix: sparse.csc_matrix
    cost: Floats
    most: Floats
    rhs: Floats
    offset: float
    reference: Ints | None = None
    choices: Choices | None = None

    @property
    def demand_rows(self) -> int:
        """How many rows are demand; the coupling rows follow."""
        return len(self.row_year)

    @property
    def first_opening(self) -> int:
        """Position of the first column of openings."""
        return len(self.wait_year) + len(self.slack_row)

    @property
    def first_entrant(self) -> int:
        """Position of the first column of entrants."""
        return self.first_opening + (0 if self.choices is None else len(self.choices))


def program_of_all(
    data: PlanData, settled: Commitments, rows: Coupling, flows: Flows, among: Flags | None = None
) -> Program:
    """The program of all arcs, or of those `among` [T+1, P + C]: a row for every cell and year with children, who are
    placed or wait.
    """
    chosen = open_entries(data)
    if among is not None:
        chosen[:, : len(data.pair_cell)] &= among[:, : len(data.pair_cell)]
    row = where_true(chosen[:, len(data.pair_cell) :])
    demand = np.maximum(_left_to_place(data, flows, settled)[row], 0.0)  # never negative but for rounding
    room = rows.limit - rows.used(settled.stock)
    nobody = np.full_like(data.demand, -1, dtype=np.int64)  # who stays on costs what they cost, whomever they spare
    cost = cost_to_go(data, rows, np.zeros(len(rows.limit)), nobody).entering
    return _assembled(data, rows, flows, chosen, row, cost, np.concatenate([demand, room]), settled_cost(data, settled))


def program_of_contested(
    data: PlanData, settled: Commitments, rows: Coupling, flows: Flows, chosen: Flags, reference: Ints
) -> Program:
    """The program of the entries that `chosen` [T+1, P + C] marks, beside the `reference` entry of every cell."""
    chosen = chosen & open_entries(data)
    chosen[np.arange(data.horizon + 1)[:, None], reference] = False
    contested = np.zeros_like(data.demand, dtype=bool)
    year, entry = where_true(chosen)
    contested[year, data.entry_cell[entry]] = True
    start = followed(data, settled, reference)
    togo = cost_to_go(data, rows, np.zeros(len(rows.limit)), reference)
    row = where_true(contested)
    rhs = np.concatenate([start.asking[row], rows.limit - rows.used(start.stock, start.waiting)])
    waits = data.discount * (data.awaiting_money + data.awaiting_weight)
    offset = float((data.kappa[1:] * start.stock[1:]).sum() + waits[1:] @ start.waiting[1:].sum(axis=1))
    offset += float(data.discount[1:] @ (data.place_funding + data.option_cost)[1:].sum(axis=1))
    return _assembled(data, rows, flows, chosen, row, togo.beyond(data), rhs, offset, reference)


def _assembled(
    data: PlanData,
    rows: Coupling,
    flows: Flows,
    chosen: Flags,
    row: tuple[Ints, Ints],
    cost: Floats,
    rhs: Floats,
    offset: float,
    reference: Ints | None = None,
) -> Program:
    pairs = len(data.pair_cell)
    enter, wait = where_true(chosen[:, :pairs]), where_true(chosen[:, pairs:])
    slack_row = np.flatnonzero(rows.may_slack)
    waiting = entry_columns(data, flows, rows, (wait[0], pairs + wait[1]), row, reference)
    slack = sparse.csc_matrix(
        (-np.ones(len(slack_row)), (len(row[0]) + slack_row, np.arange(len(slack_row)))),
        shape=(len(rhs), len(slack_row)),
    )
    entering = entry_columns(data, flows, rows, enter, row, reference)
    unlimited = np.full(len(wait[0]), np.inf), np.full(len(enter[0]), np.inf)
    return Program(
        row_year=row[0],
        row_cell=row[1],
        wait_year=wait[0],
        wait_cell=wait[1],
        slack_row=slack_row,
        enter_year=enter[0],
        enter_pair=enter[1],
        matrix=sparse.hstack([waiting, slack, entering], format="csc"),
        cost=np.concatenate([cost[wait[0], pairs + wait[1]], rows.slack_cost[slack_row], cost[enter]]),
        most=np.concatenate([unlimited[0], rows.slack_most[slack_row], unlimited[1]]),
        rhs=rhs,
        offset=offset,
        reference=reference,
    )


def children_of(data: PlanData, settled: Commitments, program: Program, columns: Floats) -> tuple[Floats, Floats]:
    """`entrants` [T+1, P] (x̂ included) and `waiting` [T+1, C] (row 0: at the start) that a column vector stands for."""
    pairs, wait = len(data.pair_cell), len(program.wait_year)
    chosen = np.zeros((data.horizon + 1, len(data.entry_cell)))
    chosen[program.wait_year, pairs + program.wait_cell] = np.maximum(columns[:wait], 0.0)
    entering = columns[program.first_entrant : program.first_entrant + len(program.enter_year)]
    chosen[program.enter_year, program.enter_pair] = np.maximum(entering, 0.0)
    if program.reference is not None:
        everyone = followed(data, settled, program.reference, chosen)
        return everyone.entrants, everyone.waiting
    waiting = chosen[:, pairs:]
    waiting[0] = data.waiting_at_start
    return settled.entrants + chosen[:, :pairs], waiting


def slack_of(rows: Coupling, program: Program, columns: Floats) -> Floats:
    """[H] slack of every coupling row in a column vector."""
    slack = np.zeros(len(rows.limit))
    first = len(program.wait_year)
    slack[program.slack_row] = np.maximum(columns[first : first + len(program.slack_row)], 0.0)
    return slack


def settled_cost(data: PlanData, settled: Commitments) -> float:
    """£ (discounted, policy weights included) that placing children does not change: the settled stock, all place
    funding, and what options that are open cost whoever is in them.
    """
    stock = float((data.kappa[1:] * settled.stock[1:]).sum())
    return stock + float(data.discount[1:] @ (data.place_funding + data.option_cost)[1:].sum(axis=1))


def _left_to_place(data: PlanData, flows: Flows, settled: Commitments) -> Floats:
    """[T+1, C] entrants not yet placed by what is settled: less x̂ and those carried, plus those returned and those
    waiting at the start.
    """
    pairs, cells = len(data.pair_cell), len(data.cells)
    left = data.entrants.copy()
    for t in range(1, data.horizon + 1):
        left[t] -= totals(data.pair_cell, settled.entrants[t], cells)
        left[t] -= flows.meets[t][:, :pairs] @ settled.stock[t - 1]
    left[1] += data.stay[1] * data.waiting_at_start
    return left


def entry_columns(
    data: PlanData,
    flows: Flows,
    rows: Coupling,
    taken: tuple[Ints, Ints],
    row: tuple[Ints, Ints],
    reference: Ints | None,
) -> sparse.csc_matrix:
    """[demand rows + coupling rows, columns]: what one child who takes an entry (year, entry) does to every row, as
    long as some of that child stays; less what the child's reference would have done, where there is one.
    """
    year, entry = taken
    entries, demand_rows = len(data.entry_cell), len(row[0])
    demand_row = np.full((data.horizon + 1, len(data.cells)), -1)
    demand_row[row] = np.arange(demand_rows)
    weights = _weights(data, rows)
    found: list[tuple[Ints, Ints, Floats]] = []
    for t in np.unique(year):
        columns = np.flatnonzero(year == t)
        here, count = entry[columns], len(columns)
        cell = data.entry_cell[here]
        found.append((demand_row[t, cell], columns, np.ones(count)))
        still = sparse.csc_matrix((np.ones(count), (here, np.arange(count))), shape=(entries, count))
        if reference is not None:
            still -= sparse.csc_matrix((np.ones(count), (reference[t, cell], np.arange(count))), shape=(entries, count))
        for s in range(t, data.horizon + 1):
            if s > t:
                met = (flows.meets[s] @ still).tocoo()
                written = demand_row[s, met.row]
                has_row = written >= 0
                found.append((written[has_row], columns[met.col[has_row]], met.data[has_row]))
                still = flows.keep[s] @ still
                if reference is not None:
                    still -= sparse.csc_matrix((met.data, (reference[s, met.row], met.col)), shape=(entries, count))
            for chosen, weighed in weights[s]:
                used = (weighed @ still).tocoo()
                found.append((demand_rows + chosen[used.row], columns[used.col], used.data))
    shape = (demand_rows + len(rows.limit), len(year))
    if not found:
        return sparse.csc_matrix(shape)
    at, column, value = (np.concatenate(part) for part in zip(*found, strict=True))
    matrix = sparse.csc_matrix((value, (at, column)), shape=shape)
    matrix.data[np.abs(matrix.data) < NOBODY] = 0.0
    matrix.eliminate_zeros()
    return matrix


def _weights(data: PlanData, rows: Coupling) -> list[list[tuple[Ints, sparse.csr_matrix]]]:
    """For each year the coupling rows that weigh its entries: those of the year, and of the next that look back."""
    cells, found = len(data.cells), []
    for t in range(data.horizon + 1):
        here, later = rows.in_year(t), rows.in_year(t + 1)
        now = sparse.hstack([rows.weights[here], rows.waiting[here]], format="csr")
        back = sparse.hstack([rows.before[later], sparse.csr_matrix((len(later), cells))], format="csr")
        found.append([(here, now)] + ([(later, back)] if back.nnz else []))
    return found


@dataclass(frozen=True)
class Written:
    """A program in PuLP, its variables in the order of the columns."""

    problem: pulp.LpProblem
    variables: list[pulp.LpVariable]


def in_pulp(case: Case, data: PlanData, rows: Coupling, program: Program) -> Written:
    """Write a program in PuLP, each column and row under a readable name."""
    labels = _labels(case, data, rows, program)
    problem = pulp.LpProblem("sufficiency", pulp.LpMinimize)
    kinds = np.full(len(program.cost), pulp.LpContinuous, dtype=object)
    if program.choices is not None:
        kinds[program.first_opening + np.flatnonzero(program.choices.whole)] = pulp.LpInteger
    variables = [
        problem.add_variable(name, 0, None if np.isinf(bound) else bound, kind)
        for name, bound, kind in zip(labels.columns, program.most.tolist(), kinds.tolist(), strict=True)
    ]
    problem.setObjective(pulp.LpAffineExpression(dict(zip(variables, program.cost.tolist(), strict=True))))
    matrix, column = program.matrix.tocsr(), np.array(variables, dtype=object)
    start, index, value = matrix.indptr.tolist(), matrix.indices, matrix.data
    equal = pulp.LpConstraintEQ if program.reference is None else pulp.LpConstraintLE
    for row, (name, limit) in enumerate(zip(labels.rows, program.rhs.tolist(), strict=True)):
        entries = slice(start[row], start[row + 1])
        expression = pulp.LpAffineExpression(
            dict(zip(column[index[entries]].tolist(), value[entries].tolist(), strict=True))
        )
        sense = equal if row < program.demand_rows else pulp.LpConstraintLE
        problem.addConstraint(pulp.LpConstraint(expression, sense, name, limit))
    return Written(problem, variables)


@dataclass(frozen=True)
class _Labels:
    columns: list[str]
    rows: list[str]


def _labels(case: Case, data: PlanData, rows: Coupling, program: Program) -> _Labels:
    parts = data.cells[["area", "need", "level", "phase"]].astype(str)
    eased = np.where(data.cells["step_down"], "step_down", "")
    cell = lp_names(["_".join(filter(None, (*row, eased[i]))) for i, row in enumerate(parts.itertuples(index=False))])
    line = lp_names(data.lines["line"].tolist())
    year = data.years.tolist()
    pair_cell, pair_line = data.pair_cell.tolist(), data.pair_line.tolist()
    entering = [
        f"enter_{year[t]}_{cell[pair_cell[p]]}__{line[pair_line[p]]}"
        for t, p in zip(program.enter_year.tolist(), program.enter_pair.tolist(), strict=True)
    ]

    def of_cells(years: Ints, cells: Ints) -> list[str]:
        return [f"{year[t]}_{cell[c]}" for t, c in zip(years.tolist(), cells.tolist(), strict=True)]

    coupled = lp_names(row_labels(case, data, rows).tolist())
    slack = {"places": "over", "budget": "overspend", "waiting": "beyond", "fill": "breach"}
    slack |= dict.fromkeys(FAMILY.values(), "breach")
    slacks = lp_names([re.sub(r"^[a-z]+", slack[rows.family[row]], coupled[row]) for row in program.slack_row])
    choices = program.choices
    opening, limits = ([], []) if choices is None else (opening_names(data, choices), limit_names(data, choices))
    waiting = [f"wait_{name}" for name in of_cells(program.wait_year, program.wait_cell)]
    demand = [f"demand_{name}" for name in of_cells(program.row_year, program.row_cell)]
    return _Labels(columns=waiting + slacks + opening + entering, rows=demand + coupled + limits)

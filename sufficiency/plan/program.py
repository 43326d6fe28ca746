"""The linear program in PuLP: children who enter, children who wait, children above the places.

There is no variable for stock: a column x[t,c,l] has one entry in its own demand row, one in each coupling row from
year t on (with the share of those children still there), and one in the later demand rows that those who stay on
already meet.
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
from sufficiency.plan.choices import Choices, limit_names, opening_names, with_openings
from sufficiency.plan.commitments import Commitments
from sufficiency.plan.coupling import Coupling, row_labels
from sufficiency.plan.names import lp_names
from sufficiency.plan.rule_rows import FAMILY

NOBODY = 1e-9
"""Survivors of one child below this are nobody: HiGHS would pass over the entry too."""

FAMILIES: dict[str, tuple[str, str, str]] = {
    "enter": ("variable", "children", "Children of a cell who enter a line of places in a year"),
    "wait": ("variable", "children", "Children of a cell who await a place in a year"),
    "over": ("variable", "children", "Children above the places of a line in a year"),
    "breach": ("variable", "children", "Children by which a soft rule is missed in a year"),
    "open": ("variable", "share", "An option opens in a year: 0 or 1, or a share where it may open in part"),
    "overspend": ("variable", "£ thousand", "What a budget line spends above its budget in a financial year"),
    "beyond": ("variable", "children", "Least overspend: children who await a place beyond those of the plan"),
    "demand": ("constraint", "children", "Everyone who starts, returns or waited is placed or waits"),
    "places": (
        "constraint",
        "children",
        "No more children in a line than its places and what may stand above them",
    ),
    "physical": ("constraint", "children", "No more children in a setting than its building holds"),
    "rule": ("constraint", "children", "A policy rule on how many are placed in some types of setting"),
    "local": ("constraint", "children", "At least a share of the children placed within their own locality"),
    "minutes": (
        "constraint",
        "children (minutes beyond the limit ÷ the limit)",
        "The mean journey of a locality's children held under a limit",
    ),
    "fair": (
        "constraint",
        "children (1 is one who waits)",
        "How evenly the journeys of a year are spread (Kolm–Pollak), held under a limit",
    ),
    "budget": ("constraint", "£ thousand", "A budget line in a financial year, from the academic years on both sides"),
    "waiting": ("constraint", "children", "Least overspend: no more children await a place than in the plan"),
    "fill": ("constraint", "children", "An option that opens is filled to the least share asked of it"),
    "bases": (
        "constraint",
        "children",
        "Children whom a base could take have none of the places that options add to a special or AP line",
    ),
    "closing": ("constraint", "children", "Nobody new in a line that an option closes, or in a copy of it not chosen"),
    "once": ("constraint", "share", "An option opens at most once"),
    "closes": ("constraint", "share", "A line closes once, and no option adds to a line that closes"),
    "group": ("constraint", "share", "At most one option of a group opens"),
    "most": ("constraint", "share", "No more options open in all than the model allows"),
    "capital": ("constraint", "£ million", "The capital of the options that open stays within the budget"),
}
"""Every family of variables and constraints: what it is, its unit, and a plain sentence."""


@dataclass(frozen=True)
class Program:
    """A PuLP problem and what its columns and rows stand for.

    Columns stand in this order: waiting (`wait_year`, `wait_cell`), slack (`slack_row`, a coupling row), openings
    (`choices`, where there are any), entrants (`enter_year`, `enter_pair`); so more entrants can be added at the end.
    Rows: demand (in the order of the waiting columns), then all coupling rows, then the limits of the choices.
    `constant` is the £ that no decision changes: children already placed or following today's pattern, and place
    funding.
    """

    problem: pulp.LpProblem
    variables: list[pulp.LpVariable]
    wait_year: Ints
    wait_cell: Ints
    slack_row: Ints
    enter_year: Ints
    enter_pair: Ints
    matrix: sparse.csr_matrix
    constant: float
    coupling_rows: int
    openings: int = 0

    @property
    def first_opening(self) -> int:
        """Position of the first column of openings."""
        return len(self.wait_year) + len(self.slack_row)

    @property
    def first_entrant(self) -> int:
        """Position of the first column of entrants."""
        return self.first_opening + self.openings


@dataclass(frozen=True)
class Matrices:
    """How the stock of one year becomes that of the next: `keep`[t] [P, P], and what it does to next year's demand
    rows, `meets`[t] [C, P].
    """

    keep: list[sparse.csr_matrix]
    meets: list[sparse.csr_matrix]


def transition_matrices(data: PlanData) -> Matrices:
    """Sparse forms of `survivors` and of `carried` less `returned`, for each year (index 0 is unused)."""
    pairs, cells = len(data.pair_cell), len(data.cells)
    keep, meets = [sparse.csr_matrix((pairs, pairs))], [sparse.csr_matrix((cells, pairs))]
    every = np.arange(pairs)
    movers = np.flatnonzero(data.next_pair >= 0)
    for t in range(1, data.horizon + 1):
        is_open = data.line_open[t][data.pair_line]
        stay = data.stay[t][data.pair_cell]
        carry = (data.carry[t][data.pair_cell] * is_open)[movers]
        keep.append(
            sparse.csr_matrix(
                (
                    np.concatenate([stay * is_open, carry]),
                    (np.concatenate([every, data.next_pair[movers]]), np.concatenate([every, movers])),
                ),
                shape=(pairs, pairs),
            )
        )
        meets.append(
            sparse.csr_matrix(
                (
                    np.concatenate([carry, -(stay * ~is_open)]),
                    (
                        np.concatenate([data.next_cell[data.pair_cell[movers]], data.pair_cell]),
                        np.concatenate([movers, every]),
                    ),
                ),
                shape=(cells, pairs),
            )
        )
        keep[-1].eliminate_zeros()
        meets[-1].eliminate_zeros()
    return Matrices(keep, meets)


def life_cost(data: PlanData) -> Floats:
    """[T+1, P] discounted £ of one child who enters a pair in a year, as long as some of that child stays (no
    prices).
    """
    cost = np.zeros((data.horizon + 2, len(data.pair_cell)))
    kappa = data.kappa
    for t in range(data.horizon, 0, -1):
        cost[t] = kappa[t]
        if t < data.horizon:
            later = cost[t + 1]
            is_open = data.line_open[t + 1][data.pair_line]
            moved = np.where(data.next_pair >= 0, later[data.next_pair], 0.0)
            stays = data.stay[t + 1][data.pair_cell] * later
            cost[t] += is_open * (stays + data.carry[t + 1][data.pair_cell] * moved)
    return cost[:-1]


def possible_arcs(data: PlanData) -> Flags:
    """[T+1, P] arcs that could hold anybody: of cells with children in the year."""
    arcs = data.arc & (data.demand > 0)[:, data.pair_cell]
    arcs[0] = False
    return arcs


def program(
    case: Case,
    data: PlanData,
    settled: Commitments,
    rows: Coupling,
    columns: Flags | None = None,
    flows: Matrices | None = None,
    choices: Choices | None = None,
    whole: bool = True,
) -> Program:
    """Write the program for all arcs, or for those that `columns` [T+1, P] marks. `flows` saves making them again.

    `choices` are openings to decide; with `whole` false any share of an option may open (the linear relaxation).
    """
    arcs = possible_arcs(data) if columns is None else columns
    enter = where_true(arcs)
    wait = where_true(np.vstack([np.zeros((1, len(data.cells)), dtype=bool), data.demand[1:] > 0]))
    slack_row = np.flatnonzero(rows.may_slack)
    flows = flows or transition_matrices(data)
    matrix = sparse.hstack(
        [_waiting_and_slack(data, rows, wait, slack_row), entrant_columns(data, flows, rows, enter, wait)],
        format="csr",
    )
    demand = np.maximum(_demand_rhs(data, flows, settled)[wait], 0.0)  # never negative but for rounding
    room = rows.limit - rows.used(settled.stock)
    waiting = data.discount * (data.awaiting_money + data.awaiting_weight)
    cost = np.concatenate([waiting[wait[0]], rows.slack_cost[slack_row], life_cost(data)[enter]])
    most = np.concatenate([np.full(len(wait[0]), np.inf), rows.slack_most[slack_row], np.full(len(enter[0]), np.inf)])
    labels = _labels(case, data, rows, enter, wait, slack_row)
    integer = np.zeros(len(cost), dtype=bool)
    if choices is not None:
        at = len(wait[0]) + len(slack_row)
        matrix = with_openings(matrix, choices, wait, len(data.cells), at)
        cost, most = np.insert(cost, at, choices.cost), np.insert(most, at, np.ones(len(choices)))
        integer = np.insert(integer, at, choices.whole & whole)
        room = np.concatenate([room, choices.most])
        labels.columns[at:at] = opening_names(data, choices)
        labels.rows.extend(limit_names(data, choices))
    problem = pulp.LpProblem("sufficiency", pulp.LpMinimize)
    variables = [
        problem.add_variable(name, 0, None if np.isinf(bound) else bound, pulp.LpInteger if kind else pulp.LpContinuous)
        for name, bound, kind in zip(labels.columns, most.tolist(), integer.tolist(), strict=True)
    ]
    _write(problem, variables, labels.rows, matrix, cost, demand, room)
    return Program(
        problem=problem,
        variables=variables,
        wait_year=wait[0],
        wait_cell=wait[1],
        slack_row=slack_row,
        enter_year=enter[0],
        enter_pair=enter[1],
        matrix=matrix,
        constant=settled_cost(data, settled),
        coupling_rows=len(rows.limit),
        openings=0 if choices is None else len(choices),
    )


def settled_cost(data: PlanData, settled: Commitments) -> float:
    """£ (discounted, policy weights included) that placing children does not change: the settled stock, all place
    funding, and what options that are open cost whoever is in them.
    """
    stock = float((data.kappa[1:] * settled.stock[1:]).sum())
    return stock + float(data.discount[1:] @ (data.place_funding + data.option_cost)[1:].sum(axis=1))


def _demand_rhs(data: PlanData, flows: Matrices, settled: Commitments) -> Floats:
    """[T+1, C] entrants not yet placed by what is settled: less x̂ and those carried, plus those returned and those
    waiting at the start.
    """
    rhs = data.entrants.copy()
    cells = len(data.cells)
    for t in range(1, data.horizon + 1):
        rhs[t] -= totals(data.pair_cell, settled.entrants[t], cells)
        rhs[t] -= flows.meets[t] @ settled.stock[t - 1]
    rhs[1] += data.stay[1] * data.waiting_at_start
    return rhs


def _demand_rows(data: PlanData, wait: tuple[Ints, Ints]) -> Ints:
    """[T+2, C] the row of each demand constraint, −1 where there is none."""
    row = np.full((data.horizon + 2, len(data.cells)), -1)
    row[wait] = np.arange(len(wait[0]))
    return row


def _waiting_and_slack(data: PlanData, rows: Coupling, wait: tuple[Ints, Ints], slack_row: Ints) -> sparse.csc_matrix:
    """Columns of children who wait, and of slack on the coupling rows."""
    demand_rows, waits = len(wait[0]), np.arange(len(wait[0]))
    later = _demand_rows(data, wait)[wait[0] + 1, wait[1]]
    goes_on = later >= 0
    slack = demand_rows + np.arange(len(slack_row))
    weighed = rows.waiting.tocoo()
    counted = _demand_rows(data, wait)[rows.year[weighed.row], weighed.col]
    there = counted >= 0
    row = np.concatenate([waits, later[goes_on], demand_rows + slack_row, demand_rows + weighed.row[there]])
    column = np.concatenate([waits, waits[goes_on], slack, counted[there]])
    stays_on = data.stay[(wait[0] + 1)[goes_on], wait[1][goes_on]]
    value = np.concatenate([np.ones(demand_rows), -stays_on, -np.ones(len(slack_row)), weighed.data[there]])
    shape = (demand_rows + len(rows.limit), demand_rows + len(slack_row))
    return sparse.csc_matrix((value, (row, column)), shape=shape)


def entrant_columns(
    data: PlanData, flows: Matrices, rows: Coupling, enter: tuple[Ints, Ints], wait: tuple[Ints, Ints]
) -> sparse.csc_matrix:
    """[demand rows + coupling rows, columns]: what one entrant (year, pair) does to every row, as long as some of
    that child stays.
    """
    year, pair_of = enter
    pairs, demand_rows = len(data.pair_cell), len(wait[0])
    demand_row = _demand_rows(data, wait)
    in_year = [rows.in_year(t) for t in range(data.horizon + 2)]
    weights = [rows.weights[chosen] for chosen in in_year]
    before = [rows.before[chosen] for chosen in in_year]
    entries: list[tuple[Ints, Ints, Floats]] = []
    for t in np.unique(year):
        columns = np.flatnonzero(year == t)
        pair = pair_of[columns]
        entries.append((demand_row[t, data.pair_cell[pair]], columns, np.ones(len(columns))))
        still = sparse.csc_matrix((np.ones(len(columns)), (pair, np.arange(len(columns)))), shape=(pairs, len(columns)))
        for s in range(t, data.horizon + 1):
            if s > t:
                met = (flows.meets[s] @ still).tocoo()
                entries.append((demand_row[s, met.row], columns[met.col], met.data))
                still = flows.keep[s] @ still
            for chosen, weighed in ((in_year[s], weights[s]), (in_year[s + 1], before[s + 1])):
                used = (weighed @ still).tocoo()
                entries.append((demand_rows + chosen[used.row], columns[used.col], used.data))
    shape = (demand_rows + len(rows.limit), len(year))
    if not entries:
        return sparse.csc_matrix(shape)
    row, column, value = (np.concatenate(part) for part in zip(*entries, strict=True))
    matrix = sparse.csc_matrix((value, (row, column)), shape=shape)
    matrix.data[np.abs(matrix.data) < NOBODY] = 0.0
    matrix.eliminate_zeros()
    return matrix


@dataclass(frozen=True)
class _Labels:
    columns: list[str]
    rows: list[str]


def _labels(
    case: Case,
    data: PlanData,
    rows: Coupling,
    enter: tuple[Ints, Ints],
    wait: tuple[Ints, Ints],
    slack_row: Ints,
) -> _Labels:
    parts = data.cells[["area", "need", "level", "phase"]].astype(str)
    eased = np.where(data.cells["step_down"], "step_down", "")
    cell = lp_names(["_".join(filter(None, (*row, eased[i]))) for i, row in enumerate(parts.itertuples(index=False))])
    line = lp_names(data.lines["line"].tolist())
    year = data.years.tolist()
    pair_cell, pair_line = data.pair_cell.tolist(), data.pair_line.tolist()
    entering = [
        f"enter_{year[t]}_{cell[pair_cell[p]]}__{line[pair_line[p]]}"
        for t, p in zip(enter[0].tolist(), enter[1].tolist(), strict=True)
    ]
    cells = [f"{year[t]}_{cell[c]}" for t, c in zip(wait[0].tolist(), wait[1].tolist(), strict=True)]
    coupled = lp_names(row_labels(case, data, rows).tolist())
    slack = {"places": "over", "budget": "overspend", "waiting": "beyond", "fill": "breach"}
    slack |= dict.fromkeys(FAMILY.values(), "breach")
    slacks = lp_names([re.sub(r"^[a-z]+", slack[rows.family[row]], coupled[row]) for row in slack_row])
    return _Labels(
        columns=[f"wait_{name}" for name in cells] + slacks + entering,
        rows=[f"demand_{name}" for name in cells] + coupled,
    )


def _write(
    problem: pulp.LpProblem,
    variables: list[pulp.LpVariable],
    row_names: list[str],
    matrix: sparse.csr_matrix,
    cost: Floats,
    demand: Floats,
    room: Floats,
) -> None:
    problem.setObjective(pulp.LpAffineExpression(dict(zip(variables, cost.tolist(), strict=True))))
    column = np.array(variables, dtype=object)
    start, index, value = matrix.indptr.tolist(), matrix.indices, matrix.data
    rhs = np.concatenate([demand, room]).tolist()
    for row, name in enumerate(row_names):
        entries = slice(start[row], start[row + 1])
        expression = pulp.LpAffineExpression(
            dict(zip(column[index[entries]].tolist(), value[entries].tolist(), strict=True))
        )
        sense = pulp.LpConstraintEQ if row < len(demand) else pulp.LpConstraintLE
        problem.addConstraint(pulp.LpConstraint(expression, sense, name, rhs[row]))

"""The linear program as arrays: children who enter, children who wait, children above the places.

The same columns serve two programs. For *all arcs* every cell has its row: everyone is placed or waits. Given a
*reference*, one arc for each cell and year, only the *contested* cells have columns and a row: no more of their
children are placed otherwise than there are; those who are left take the reference, in every cell. A column then says
what changes against that: what it takes itself, less what its reference would have taken, with everything that
follows in later years.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy import sparse

from sufficiency.arrays import Flags, Floats, Ints, totals, where_true
from sufficiency.plan.dual.cost_to_go import cost_to_go
from sufficiency.plan.dual.lagrangian import DualPoint, mark_reference
from sufficiency.plan.instance.data import InstanceData
from sufficiency.plan.instance.pattern import Commitments
from sufficiency.plan.instance.stock import stock_of
from sufficiency.plan.program.columns import columns_of, with_demand
from sufficiency.plan.program.option_columns import OptionColumns
from sufficiency.plan.rows.coupling import Coupling
from sufficiency.plan.rows.instance import Instance
from sufficiency.plan.rows.transitions import Flows, follow_reference


@dataclass(frozen=True, kw_only=True)
class LinearProgram:
    """A program as arrays, and what its columns and rows stand for: of all arcs, or of the contested ones.

    Columns: slack (`slack_row`, a coupling row), then children who take an arc in a year (`year`, `arc`); they lie
    between 0 and `upper`. `sign` is 1, or −1 where a column is of children whose preference gives way and who do not
    take the arc. Rows: all coupling rows (at most), then demand (`row_year`, `row_cell`); `row_upper` is their
    right-hand side. Where openings are to be chosen, their columns stand after the slack, followed by the preferences
    that hang on them, and the rows of their limits after the coupling rows. `met` [(T+1) · C, columns but slack]: how
    many of each cell's children, year by year, a column spares a place or (negative) sends to look for one.
    `offset` is the £ of everything that no column stands for.
    """

    slack_row: Ints
    year: Ints
    arc: Ints
    sign: Floats
    row_year: Ints
    row_cell: Ints
    matrix: sparse.csc_matrix
    met: sparse.csc_matrix
    cost: Floats
    upper: Floats
    row_upper: Floats
    offset: float
    options: OptionColumns | None = None

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


@dataclass(frozen=True, kw_only=True)
class FullProgram(LinearProgram):
    """Every cell has its demand rows, which are equations: everyone is placed or waits."""


@dataclass(frozen=True, kw_only=True)
class ContestedProgram(LinearProgram):
    """A demand row says: at most so many are placed otherwise than by the reference, the cheapest arcs at `point`.
    `asking` [T+1, C]: children who look for a place where everyone takes the reference.
    """

    point: DualPoint
    asking: Floats

    @property
    def reference(self) -> Ints:
        """[T+1, C] the arc of those who have no column."""
        return self.point.reference


def program_of_all_arcs(instance: Instance, flows: Flows, among: Flags | None = None) -> FullProgram:
    """The program of all arcs, or of those `among` [T+1, P + C]: a row for every cell and year with children, who are
    placed or wait.
    """
    data, settled, rows = instance.data, instance.settled, instance.rows
    pairs, cells = len(data.pair_cell), len(data.cells)
    chosen = instance.open_arcs.copy()
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
    return FullProgram(
        **_columns_and_rows(instance, taken, sign, row, used, met, np.hstack([alone.reduced_cost, given_up])[taken]),
        row_upper=np.concatenate([room, demand]),
        offset=settled_cost(data, settled),
    )


def program_of_columns(instance: Instance, flows: Flows, chosen: Flags, point: DualPoint) -> ContestedProgram:
    """The program of the arcs that `chosen` [T+1, P + C + G] marks, beside the cheapest of every cell at some
    prices.
    """
    data, rows = instance.data, instance.rows
    taken = where_true(chosen & instance.open_arcs & ~mark_reference(point.reference, chosen.shape))
    contested = np.zeros_like(data.demand, dtype=bool)
    contested[taken[0], instance.arc_cell[taken[1]]] = True
    row = where_true(contested)
    start = follow_reference(data, flows, point.following, point.reference)
    room = rows.limit - start.used(flows, len(rows.limit))
    sign = signs_at(instance, point, taken)
    used, met = columns_of(instance, flows, taken, sign, point.reference)
    return ContestedProgram(
        **_columns_and_rows(instance, taken, sign, row, used, met, unpriced(point, point.reduced_cost[taken], used)),
        row_upper=np.concatenate([room, start.asking[row]]),
        offset=point.everyone + float(point.prices @ room),
        point=point,
        asking=start.asking,
    )


def signs_at(instance: Instance, point: DualPoint, taken: tuple[Ints, Ints]) -> Floats:
    """[columns] 1 for children who take an arc, and for those whose preference is turned down at some prices and who
    would follow it after all; −1 for those who follow it there and would give way.
    """
    first = len(instance.data.arc_cell)
    sign = np.ones(len(taken[1]))
    of_preference = np.flatnonzero(taken[1] >= first)
    down = point.turned_down[taken[0][of_preference], taken[1][of_preference] - first]
    sign[of_preference] = np.where(down, 1.0, -1.0)
    return sign


def upper_bounds(instance: Instance, taken: tuple[Ints, Ints]) -> Floats:
    """[columns] as many children as may give way; no bound on others."""
    first = len(instance.data.arc_cell)
    upper = np.full(len(taken[1]), np.inf)
    of_preference = np.flatnonzero(taken[1] >= first)
    upper[of_preference] = instance.settled.giving[taken[0][of_preference], taken[1][of_preference] - first]
    return upper


def unpriced(point: DualPoint, priced: Floats, used: sparse.csc_matrix) -> Floats:
    """What columns cost without the prices of what they use [H, columns] of the coupling rows."""
    return np.asarray(priced - used.T @ point.prices)


def _columns_and_rows(
    instance: Instance,
    taken: tuple[Ints, Ints],
    sign: Floats,
    row: tuple[Ints, Ints],
    used: sparse.csc_matrix,
    met: sparse.csc_matrix,
    cost: Floats,
) -> dict[str, Any]:
    """What both programs have, by the names of their fields."""
    rows = instance.rows
    slack_row = np.flatnonzero(rows.may_slack)
    slack = sparse.csc_matrix(
        (-np.ones(len(slack_row)), (slack_row, np.arange(len(slack_row)))),
        shape=(len(rows.limit) + len(row[0]), len(slack_row)),
    )
    return {
        "slack_row": slack_row,
        "year": taken[0],
        "arc": taken[1],
        "sign": sign,
        "row_year": row[0],
        "row_cell": row[1],
        "matrix": sparse.hstack([slack, with_demand(instance, used, met, taken, sign, row)], format="csc"),
        "met": met,
        "cost": np.concatenate([rows.slack_cost[slack_row], cost]),
        "upper": np.concatenate([rows.slack_most[slack_row], upper_bounds(instance, taken)]),
    }


def children_of(instance: Instance, flows: Flows, program: LinearProgram, columns: Floats) -> tuple[Floats, Floats]:
    """`entrants` [T+1, P] (x̂ included) and `waiting` [T+1, C] (row 0: at the start) that a column vector stands for."""
    data, settled, pairs = instance.data, instance.settled, len(instance.data.pair_cell)
    chosen = np.zeros((data.horizon + 1, len(instance.arc_cell)))
    children = np.maximum(columns[program.first_entrant :], 0.0)
    chosen[program.year, program.arc] = program.sign * children
    point = program.point if isinstance(program, ContestedProgram) else None
    following = (settled.entrants if point is None else point.following).copy()
    following[:, settled.preferred] += chosen[:, len(data.arc_cell) :]
    if program.options is not None:
        given_up = np.maximum(columns[program.openings.stop : program.first_entrant], 0.0)
        np.add.at(following, (program.options.year, program.options.pair), -given_up)
    chosen = chosen[:, : len(data.arc_cell)]
    if point is not None:
        joining = None
        if program.options is not None:
            opened = columns[program.openings]
            joining = np.asarray(program.options.returned @ opened).reshape(data.demand.shape)
        chosen = follow_reference(data, flows, following, point.reference, chosen, joining).taken
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

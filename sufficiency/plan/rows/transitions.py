"""How the children of one year become those of the next, and what they use, as sparse matrices over arcs.

An *arc* is where a child of a cell may go in a year: a pair (positions 0 … P − 1) or waiting in the cell (P + cell).
Waiting is like a line that closes every year: those who still need a place ask for one again.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from sufficiency.arrays import Floats, Ints, totals
from sufficiency.plan.instance.data import InstanceData
from sufficiency.plan.rows.coupling import Coupling


@dataclass(frozen=True)
class Flows:
    """`keep`[t] [P + C, P + C]: what an arc of year t − 1 leaves in those of year t. `meets`[t] [P + C, C]: how much
    of the demand of year t it meets (negative: its children ask again). Index 0 is unused.

    `weighed`[t]: coupling rows that weigh the arcs of year t, with their weights [P + C, rows]: those of the year,
    and those of the next that look back.
    """

    keep: list[sparse.csr_matrix]
    meets: list[sparse.csr_matrix]
    weighed: list[tuple[Ints, sparse.csr_matrix]]


def flows_of(data: InstanceData, rows: Coupling) -> Flows:
    """Sparse forms of `survivors`, of `carried` less `returned`, and of what `rows` weigh, with those who wait beside
    the pairs.
    """
    pairs, cells = len(data.pair_cell), len(data.cells)
    arcs = pairs + cells
    keep, meets = [sparse.csr_matrix((arcs, arcs))], [sparse.csr_matrix((arcs, cells))]
    every, each = np.arange(pairs), np.arange(cells)
    movers = np.flatnonzero(data.next_pair >= 0)
    onward, onward_cell = data.next_pair[movers], data.next_cell[data.pair_cell[movers]]
    for t in range(1, data.horizon + 1):
        is_open = data.line_open[t][data.pair_line]
        stay = data.stay[t][data.pair_cell]
        carry = (data.carry[t][data.pair_cell] * is_open)[movers]
        left = (np.concatenate([every, movers]), np.concatenate([every, onward]))
        keep.append(_of_years(np.concatenate([stay * is_open, carry]), left, (arcs, arcs)))
        met = np.concatenate([carry, -(stay * ~is_open), -data.stay[t]])
        where = (np.concatenate([movers, every, pairs + each]), np.concatenate([onward_cell, data.pair_cell, each]))
        meets.append(_of_years(met, where, (arcs, cells)))
    return Flows(keep, meets, [_weighed(data, rows, t) for t in range(data.horizon + 1)])


def _of_years(value: Floats, where: tuple[Ints, Ints], shape: tuple[int, int]) -> sparse.csr_matrix:
    matrix = sparse.csr_matrix((value, where), shape=shape)
    matrix.eliminate_zeros()
    return matrix


def _weighed(data: InstanceData, rows: Coupling, t: int) -> tuple[Ints, sparse.csr_matrix]:
    here, later = rows.in_year(t), rows.in_year(t + 1)
    back = rows.before[later]
    looks_back = np.flatnonzero(np.diff(back.indptr))
    now = sparse.hstack([rows.weights[here], rows.waiting[here]])
    then = sparse.hstack([back[looks_back], sparse.csr_matrix((len(looks_back), len(data.cells)))])
    return np.concatenate([here, later[looks_back]]), sparse.vstack([now, then]).T.tocsr()


@dataclass(frozen=True)
class Followed:
    """Where everyone goes: `taken` and `held` [T+1, P + C], the children who take each arc in a year and those who
    are in it (those who follow the pattern or were placed at the start included); `asking` [T+1, C], those of each cell
    who look for a place.
    """

    taken: Floats
    held: Floats
    asking: Floats

    def used(self, flows: Flows, rows: int) -> Floats:
        """[H] what they use of each coupling row."""
        total = np.zeros(rows)
        for (here, weights), held in zip(flows.weighed, self.held, strict=True):
            total[here] += weights.T @ held
        return total


def follow_reference(
    data: InstanceData,
    flows: Flows,
    following: Floats,
    reference: Ints,
    chosen: Floats | None = None,
    joining: Floats | None = None,
) -> Followed:
    """Everyone takes the arc that `reference` [T+1, C] names for the cell, but for those `following` [T+1, P] the
    pattern and those whom `chosen` [T+1, P + C] places otherwise. `joining` [T+1, C]: children who ask besides (their
    line closes). Never less than nobody: rounding below zero is dropped.
    """
    years, pairs, cells = data.horizon + 1, len(data.pair_cell), len(data.cells)
    taken, held, asking = np.zeros((years, pairs + cells)), np.zeros((years, pairs + cells)), np.zeros((years, cells))
    held[0] = np.concatenate([data.placed, data.waiting_at_start])
    for t in range(1, years):
        asks = data.entrants[t] - flows.meets[t].T @ held[t - 1]
        asks -= totals(data.pair_cell, following[t], cells)
        asking[t] = np.maximum(asks if joining is None else asks + joining[t], 0.0)
        left = asking[t]
        if chosen is not None:
            left = np.maximum(left - totals(data.arc_cell, chosen[t], cells), 0.0)
            taken[t] = chosen[t]
        np.add.at(taken[t], reference[t], left)
        taken[t, :pairs] += following[t]
        held[t] = flows.keep[t].T @ held[t - 1] + taken[t]
    return Followed(taken, held, asking)

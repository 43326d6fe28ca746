"""How the children of one year become those of the next, as sparse matrices over entries.

An *entry* is where a child of a cell may go in a year: a pair (positions 0 … P − 1) or waiting in the cell (P + cell).
Waiting is like a line that closes every year: those who still need a place ask for one again.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from sufficiency.arrays import Floats, Ints, totals
from sufficiency.plan.cells import PlanData
from sufficiency.plan.commitments import Commitments
from sufficiency.plan.stock import carried, returned, survivors


@dataclass(frozen=True)
class Flows:
    """`keep`[t] [P + C, P + C]: what the entries of year t − 1 leave in those of year t. `meets`[t] [C, P + C]: how
    much of the demand of year t they meet (negative: they ask again). Index 0 is unused.
    """

    keep: list[sparse.csr_matrix]
    meets: list[sparse.csr_matrix]


def flows_of(data: PlanData) -> Flows:
    """Sparse forms of `survivors`, and of `carried` less `returned`, with those who wait beside the pairs."""
    pairs, cells = len(data.pair_cell), len(data.cells)
    entries = pairs + cells
    keep, meets = [sparse.csr_matrix((entries, entries))], [sparse.csr_matrix((cells, entries))]
    every, each = np.arange(pairs), np.arange(cells)
    movers = np.flatnonzero(data.next_pair >= 0)
    onward, onward_cell = data.next_pair[movers], data.next_cell[data.pair_cell[movers]]
    for t in range(1, data.horizon + 1):
        is_open = data.line_open[t][data.pair_line]
        stay = data.stay[t][data.pair_cell]
        carry = (data.carry[t][data.pair_cell] * is_open)[movers]
        stays = (np.concatenate([every, onward]), np.concatenate([every, movers]))
        keep.append(sparse.csr_matrix((np.concatenate([stay * is_open, carry]), stays), shape=(entries, entries)))
        met = np.concatenate([carry, -(stay * ~is_open), -data.stay[t]])
        where = (np.concatenate([onward_cell, data.pair_cell, each]), np.concatenate([movers, every, pairs + each]))
        meets.append(sparse.csr_matrix((met, where), shape=(cells, entries)))
        keep[-1].eliminate_zeros()
        meets[-1].eliminate_zeros()
    return Flows(keep, meets)


@dataclass(frozen=True)
class Followed:
    """Where everyone goes: `entrants` and `stock` [T+1, P] (x̂ and those placed at the start included), `waiting`
    [T+1, C], and `asking` [T+1, C], the children of each cell who look for a place in a year.
    """

    entrants: Floats
    stock: Floats
    waiting: Floats
    asking: Floats


def followed(
    data: PlanData,
    settled: Commitments,
    reference: Ints,
    chosen: Floats | None = None,
    joining: Floats | None = None,
) -> Followed:
    """Everyone takes the entry that `reference` [T+1, C] names for the cell, but for those whom `chosen` [T+1, P + C]
    places otherwise. `joining` [T+1, C]: children who ask besides (their line closes). Never less than nobody:
    rounding below zero is dropped.
    """
    years, pairs, cells = data.horizon + 1, len(data.pair_cell), len(data.cells)
    entrants, stock = np.zeros((years, pairs)), np.zeros((years, pairs))
    waiting, asking = np.zeros((years, cells)), np.zeros((years, cells))
    stock[0], waiting[0] = data.placed, data.waiting_at_start
    for t in range(1, years):
        asks = data.entrants[t] - carried(data, t, stock[t - 1]) + returned(data, t, stock[t - 1])
        asks += data.stay[t] * waiting[t - 1] - totals(data.pair_cell, settled.entrants[t], cells)
        asking[t] = np.maximum(asks if joining is None else asks + joining[t], 0.0)
        taken = np.zeros(pairs + cells) if chosen is None else chosen[t]
        left = np.maximum(asking[t] - totals(data.entry_cell, taken, cells), 0.0)
        taken = taken + totals(reference[t], left, pairs + cells)
        entrants[t] = settled.entrants[t] + taken[:pairs]
        waiting[t] = taken[pairs:]
        stock[t] = survivors(data, t, stock[t - 1]) + entrants[t]
    return Followed(entrants, stock, waiting, asking)

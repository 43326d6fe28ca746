"""The columns of the program: what one child who takes an arc uses of the rows, year by year.

There is no variable for stock: a column x[t,c,l] has a coefficient in its own demand row, in each coupling row from
year t on (with the share of those children still there), and in the later demand rows that those who stay on
already meet.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse

from sufficiency.arrays import Floats, Ints
from sufficiency.plan.instance.data import InstanceData
from sufficiency.plan.program.option_columns import OptionColumns
from sufficiency.plan.rows.coupling import Coupling
from sufficiency.plan.rows.instance import Instance
from sufficiency.plan.rows.transitions import Flows
from sufficiency.plan.tolerances import NOBODY


def columns_of(
    instance: Instance, flows: Flows, taken: tuple[Ints, Ints], signs: Floats, reference: Ints | None
) -> tuple[sparse.csc_matrix, sparse.csc_matrix]:
    """What one child who takes an arc (year, arc) uses of each coupling row [H, columns], and how much of the
    demand of each cell it meets in later years [(T+1) · C, columns], as long as some of that child stays; less what
    the child's reference would have done, where there is one. The opposite where a sign is −1: the child does not take
    the arc.
    """
    data, rows, (year, arc) = instance.data, instance.rows, taken
    count, arcs = len(year), len(data.arc_cell)
    target = np.concatenate([np.arange(arcs), instance.settled.preferred])[arc]
    put, sign = target[:, None], signs[:, None]
    if reference is not None:
        put = np.column_stack([target, reference[year, data.arc_cell[target]]])
        sign = signs[:, None] * [1.0, -1.0]
    starts = []
    for t in range(data.horizon + 1):
        here = year == t
        ends = np.concatenate([[0], np.cumsum(here * put.shape[1])])
        starts.append(sparse.csr_matrix((sign[here].ravel(), put[here].ravel(), ends), shape=(count, arcs)))
    return _followed_through(data, flows, rows, starts, None, reference)


def columns_of_openings(
    instance: Instance, flows: Flows, options: OptionColumns, reference: Ints | None
) -> tuple[sparse.csc_matrix, sparse.csc_matrix]:
    """The same of openings [Y], for the children whom closures send to look for a place, and of the preferences [N]
    that hang on them, for children who give way and look for another; with a reference these take it.
    """
    data, openings, count = instance.data, options.openings, options.preferences
    cells, arcs = len(data.cells), len(data.arc_cell)
    starts = []
    for t in range(data.horizon + 1):
        here = np.flatnonzero(options.year == t)
        away = (-np.ones(len(here)), (openings + here, options.pair[here]))
        starts.append(sparse.csr_matrix(away, shape=(openings + count, arcs)))
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
    put into arcs in year t, `asking` [(T+1) · C, columns] whom they send to look for a place besides.
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
    own = place[taken[0], instance.arc_cell[taken[1]]]
    has_row = np.flatnonzero(own >= 0)
    asks = sparse.csc_matrix((sign[has_row], (own[has_row], has_row)), shape=(len(row[0]), len(taken[0])))
    later = met.tocsr()[row[0] * cells + row[1]]
    return sparse.vstack([used, asks + later], format="csc")

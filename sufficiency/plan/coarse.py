"""The same case on a coarser map: localities in place of areas, for prices to start from."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from scipy import sparse

from sufficiency.arrays import Floats, Ints, totals
from sufficiency.plan.cells import PlanData
from sufficiency.plan.commitments import Commitments
from sufficiency.plan.coupling import Coupling


def coarsened(data: PlanData, settled: Commitments, rows: Coupling) -> tuple[PlanData, Commitments, Coupling]:
    """Cells of a locality added up; journeys, costs and flows averaged over their children. The coupling rows stay
    the same rows.

    Exact in the children, approximate in the costs: good enough for prices, which are proven on the real map.
    """
    keys = ["locality", "need", "level", "phase", "step_down"]
    group, names = pd.factorize(pd.MultiIndex.from_frame(data.cells[keys]), sort=True)
    cells = names.to_frame(index=False).set_axis(keys, axis=1)
    cells.insert(0, "area", cells["locality"])
    pair_key = group[data.pair_cell] * len(data.lines) + data.pair_line
    pair_of, distinct = pd.factorize(pair_key, sort=True)
    weight = data.demand.sum(axis=0)[data.pair_cell] + 1e-9
    mean = _mean_over(pair_of, weight, len(distinct))
    total = _total_over(pair_of, len(distinct))
    in_cells = _total_over(group, len(cells))
    demand = data.demand @ in_cells.T
    before = np.vstack([np.ones((1, len(data.cells))), data.demand[:-1]])
    summed = before @ in_cells.T
    weighted = np.divide(1.0, summed, out=np.zeros_like(summed), where=summed > 0)
    next_group = np.full(len(cells), -1)
    onward = data.next_cell >= 0
    next_group[group[onward]] = group[data.next_cell[onward]]
    next_pair = np.full(len(distinct), -1)
    moving = data.next_pair >= 0
    next_pair[pair_of[moving]] = pair_of[data.next_pair[moving]]
    coarse = replace(
        data,
        cells=cells,
        next_cell=next_group,
        demand=demand,
        stay=((data.stay * before) @ in_cells.T) * weighted,
        carry=((data.carry * before) @ in_cells.T) * weighted,
        entrants=data.entrants @ in_cells.T,
        waiting_at_start=in_cells @ data.waiting_at_start,
        pair_cell=distinct // len(data.lines),
        pair_line=distinct % len(data.lines),
        next_pair=next_pair,
        match=mean @ data.match,
        placed=total @ data.placed,
        km=mean @ data.km,
        minutes=mean @ data.minutes,
        over_limit=(mean @ data.over_limit.astype(float)) > 0.5,
        eligible=(data.eligible.astype(float) @ total.T) > 0,
        k=data.k @ mean.T,
        policy=data.policy @ mean.T,
    )
    summed_up = replace(
        settled,
        entrants=settled.entrants @ total.T,
        stock=settled.stock @ total.T,
        pattern=settled.pattern @ mean.T,
    )
    return coarse, summed_up, replace(rows, weights=sparse.csr_matrix(rows.weights @ mean.T))


def _total_over(group: Ints, groups: int) -> sparse.csr_matrix:
    return sparse.csr_matrix((np.ones(len(group)), (group, np.arange(len(group)))), shape=(groups, len(group)))


def _mean_over(group: Ints, weight: Floats, groups: int) -> sparse.csr_matrix:
    share = weight / totals(group, weight, groups)[group]
    return sparse.csr_matrix((share, (group, np.arange(len(group)))), shape=(groups, len(group)))

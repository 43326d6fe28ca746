"""The same case on a coarser map: groups of areas in place of areas, for prices to start from."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from scipy import sparse

from sufficiency.arrays import Floats, Ints, totals
from sufficiency.codes import UNKNOWN_AREA
from sufficiency.plan.instance.data import InstanceData
from sufficiency.plan.instance.pattern import Commitments
from sufficiency.plan.instance.stock import stock_of
from sufficiency.plan.rows.coupling import Coupling

COARSEST = 6
"""Groups of areas on the coarsest map: few enough to solve with all their arcs at once, many enough to tell journeys
apart. The planner's localities have no part in it: they may be one, or one to each area.
"""
FINER = 4
"""How many times more groups each finer map has."""
AREAS_A_GROUP = 4
"""Groups hold at least so many areas on average: finer would hardly be smaller than the map itself."""


def coarsest_map(areas: pd.DataFrame) -> pd.Series:
    """Area → group: some six neighbourhoods, fewer where there are few areas. `areas` has area, x and y."""
    return _joined(areas, min(COARSEST, max(len(areas) // AREAS_A_GROUP, 1)))


def coarse_maps(areas: pd.DataFrame) -> list[pd.Series]:
    """Area → group, from coarse to fine: ever smaller neighbourhoods while they are worth it.

    `areas` has area, x and y.
    """
    maps, groups = [coarsest_map(areas)], COARSEST * FINER
    while groups * AREAS_A_GROUP <= len(areas):
        maps.append(_joined(areas, groups))
        groups *= FINER
    return maps


def _joined(areas: pd.DataFrame, groups: int) -> pd.Series:
    group = neighbourhoods(areas[["x", "y"]].to_numpy(dtype=float), groups)
    return pd.Series(group.astype(str), index=areas["area"])


def neighbourhoods(points: Floats, groups: int) -> Ints:
    """[areas] a group for each point: the largest group is halved along its longer side until there are enough."""
    group = np.zeros(len(points), dtype=np.int64)
    for new in range(1, groups):
        largest = int(np.bincount(group).argmax())
        members = np.flatnonzero(group == largest)
        side = int(np.argmax(np.ptp(points[members], axis=0)))
        order = members[np.argsort(points[members, side], kind="stable")]
        group[order[len(order) // 2 :]] = new
    return group


def coarsen(
    data: InstanceData, settled: Commitments, rows: Coupling, group_of: pd.Series
) -> tuple[InstanceData, Commitments, Coupling]:
    """Cells of a group of areas (`group_of`: area → group) added up; journeys, costs and flows averaged over their
    children. The coupling rows stay the same rows.

    Exact in the children, approximate in the costs: good enough for prices, which are proven on the real map.
    """
    keys = ["area", "need", "level", "phase", "step_down", "mainstream"]
    named = data.cells[keys].assign(area=data.cells["area"].map(group_of).fillna(UNKNOWN_AREA))
    group, names = pd.factorize(pd.MultiIndex.from_frame(named), sort=True)
    cells = names.to_frame(index=False).set_axis(keys, axis=1).assign(locality="")
    pair_key = group[data.pair_cell] * len(data.lines) + data.pair_line
    pair_of, distinct = pd.factorize(pair_key, sort=True)
    everyone = data.demand.sum(axis=0) + 1e-9
    weight = everyone[data.pair_cell]
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
    entrants, may_give_way = settled.entrants @ total.T, settled.may_give_way @ total.T
    stock, held = stock_of(coarse, entrants), stock_of(coarse, entrants - may_give_way)
    summed_up = Commitments(
        entrants, may_give_way, stock, held, settled.allowance, settled.physical, settled.pattern @ mean.T
    )
    averaged = {name: sparse.csr_matrix(getattr(rows, name) @ mean.T) for name in ("weights", "before")}
    waiting = sparse.csr_matrix(rows.waiting @ _mean_over(group, everyone, len(cells)).T)
    fewer = replace(rows, **averaged, waiting=waiting)
    # averages leave other survivors than the areas do: the room beside them stays what it is
    return coarse, summed_up, replace(fewer, limit=rows.limit + fewer.used(stock) - rows.used(settled.stock))


def places_on(data: InstanceData, coarse: InstanceData, group_of: pd.Series) -> tuple[Ints, Ints]:
    """Position on a coarser map of each cell [C] and of each pair [P]."""
    keys = ["area", "need", "level", "phase", "step_down", "mainstream"]
    named = data.cells[keys].assign(area=data.cells["area"].map(group_of).fillna(UNKNOWN_AREA))
    cell = pd.MultiIndex.from_frame(coarse.cells[keys]).get_indexer(pd.MultiIndex.from_frame(named))
    lines = len(data.lines)
    return cell, np.searchsorted(
        coarse.pair_cell * lines + coarse.pair_line, cell[data.pair_cell] * lines + data.pair_line
    )


def spread_over_areas(
    data: InstanceData, settled: Commitments, coarse: InstanceData, coarsely: Commitments, entrants: Floats, pair: Ints
) -> Floats:
    """[T+1, P] entrants of a plan on a coarser map [T+1, coarse P] as areas would have them: of those who follow the
    pattern and may give way the share that does there; others by how many an area has left. `pair` [P]: see
    `places_on`.
    """
    free = np.maximum(entrants - coarsely.hard, 0.0)
    following = np.minimum(free, coarsely.may_give_way)
    kept = np.divide(following, coarsely.may_give_way, out=np.zeros_like(free), where=coarsely.may_give_way > 0)
    spread = settled.hard + settled.may_give_way * kept[:, pair]
    for t, others in enumerate((free - following)[1:], 1):
        left = np.maximum(data.entrants[t] - totals(data.pair_cell, spread[t], len(data.cells)), 0.0)
        asking = np.where(data.may_enter[t], left[data.pair_cell], 0.0)
        together = totals(pair, asking, len(others))[pair]
        spread[t] += others[pair] * np.divide(asking, together, out=np.zeros_like(asking), where=together > 0)
    return spread


def _total_over(group: Ints, groups: int) -> sparse.csr_matrix:
    return sparse.csr_matrix((np.ones(len(group)), (group, np.arange(len(group)))), shape=(groups, len(group)))


def _mean_over(group: Ints, weight: Floats, groups: int) -> sparse.csr_matrix:
    share = weight / totals(group, weight, groups)[group]
    return sparse.csr_matrix((share, (group, np.arange(len(group)))), shape=(groups, len(group)))

"""Why children await a place: the smallest sets of children who together need more places than they can reach.

By year, given those already in their places: children who need one flow to the lines they can reach, lines to their
buildings. The side of a minimum cut that is reachable from the children, and as small as can be, is the set of
greatest shortage (Hall's condition with numbers).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import breadth_first_order, connected_components, maximum_flow

from sufficiency.arrays import Flags, Floats, Ints, totals
from sufficiency.plan.solve import Plan
from sufficiency.plan.stock import carried, returned, survivors

GRAIN = 10_000
"""Flows are counted in ten-thousandths of a child."""


@dataclass(frozen=True)
class Deficit:
    """One set of children that is short of places in a year.

    `needs`, `phases`, `areas`, `localities`: of the set. `children` need a new place, `reach` are the places free
    to them, `short` the difference; `lines`: where those places are.
    """

    year: int
    needs: tuple[str, ...]
    phases: tuple[str, ...]
    areas: tuple[str, ...]
    localities: tuple[str, ...]
    lines: tuple[str, ...]
    children: float
    reach: float

    @property
    def short(self) -> float:
        """Children for whom there is no place."""
        return self.children - self.reach


def deficits(plan: Plan) -> list[Deficit]:
    """The deficient sets of every year in which children await a place, the largest shortage first in each year."""
    found: list[Deficit] = []
    for t in range(1, plan.data.horizon + 1):
        if plan.waiting[t].sum() > 1e-6:
            found += sorted(deficits_of_year(plan, t), key=lambda deficit: -deficit.short)
    return found


def deficits_of_year(plan: Plan, t: int) -> list[Deficit]:
    """The inclusion-minimal set of greatest shortage of year t, cut where its parts share no line."""
    data, stock = plan.data, plan.stock
    before = survivors(data, t, stock[t - 1])
    asking = data.entrants[t] - carried(data, t, stock[t - 1]) + returned(data, t, stock[t - 1])
    asking += data.stay[t] * plan.waiting[t - 1]
    fixed = np.where(data.by_pattern[data.pair_line], plan.settled.entrants[t], 0.0)
    asking = np.maximum(asking - totals(data.pair_cell, fixed, len(data.cells)), 0.0)
    before = before + fixed
    in_line = totals(data.pair_line, before, len(data.lines))
    room = data.places[t] + plan.settled.allowance[t] - in_line
    counted = data.limited_lines.astype(float)
    building = plan.settled.physical[t] - counted @ in_line
    arcs = np.flatnonzero(data.arc[t] & (asking > 0)[data.pair_cell])
    members, reached = _cut(
        asking,
        np.maximum(room, 0.0),
        np.maximum(building, 0.0),
        data.limited_lines,
        data.pair_cell[arcs],
        data.pair_line[arcs],
    )
    return [
        _described(plan, t, part, asking, lines, _reachable(room, building, data.limited_lines, lines))
        for part, lines in _parts(members, reached, data.limited_lines, data.pair_cell[arcs], data.pair_line[arcs])
    ]


def _whole(values: Floats) -> NDArray[np.int32]:
    return np.minimum(np.round(values * GRAIN), 2**30).astype(np.int32)


def _cut(asking: Floats, room: Floats, building: Floats, limited: Flags, cell: Ints, line: Ints) -> tuple[Ints, Ints]:
    """Cells and lines on the children's side of the smallest minimum cut."""
    cells, lines, buildings = len(asking), len(room), len(building)
    source, sink = 0, 1 + cells + lines + buildings
    wide = np.int32(2**30)
    roomiest_first = np.argsort(
        -building, kind="stable"
    )  # a satellite counts in its own building and its school's: the tighter holds
    house = {int(place): int(owner) for owner in roomiest_first for place in np.flatnonzero(limited[owner])}
    after_line = np.array([1 + cells + lines + house[i] if i in house else sink for i in range(lines)], dtype=int)
    some = np.flatnonzero(asking > 0)
    origin = np.concatenate(
        [
            np.zeros(len(some), dtype=int),
            1 + cell,
            1 + cells + np.arange(lines),
            1 + cells + lines + np.arange(buildings),
        ]
    )
    target = np.concatenate([1 + some, 1 + cells + line, after_line, np.full(buildings, sink)])
    capacity = np.concatenate(
        [
            _whole(asking[some]),
            np.full(len(cell), wide),
            _whole(np.where(np.isinf(room), 1e5, room)),
            _whole(np.where(np.isinf(building), 1e5, building)),
        ]
    )
    graph = sparse.csr_matrix((capacity, (origin, target)), shape=(sink + 1, sink + 1))
    flow = maximum_flow(graph, source, sink).flow
    residual = graph - flow
    residual.data = np.where(residual.data > 0, 1, 0)
    residual.eliminate_zeros()
    seen = breadth_first_order(residual, source, return_predecessors=False)
    return seen[(seen >= 1) & (seen <= cells)] - 1, seen[(seen > cells) & (seen <= cells + lines)] - 1 - cells


def _parts(members: Ints, reached: Ints, limited: Flags, cell: Ints, line: Ints) -> list[tuple[Ints, Ints]]:
    """The set split where its children share neither a line nor a building."""
    if not len(members):
        return []
    cells, lines = int(members.max()) + 1, limited.shape[1]
    inside = np.isin(cell, members)
    buildings = sparse.csr_matrix(limited.T.astype(int) @ limited.astype(int))
    graph = sparse.bmat(
        [
            [
                None,
                sparse.csr_matrix((np.ones(inside.sum()), (cell[inside], line[inside])), shape=(cells, lines)),
            ],
            [sparse.csr_matrix((lines, cells)), buildings],
        ]
    )
    _, label = connected_components(graph, directed=False)
    return [
        (members[label[members] == part], reached[label[cells + reached] == part]) for part in np.unique(label[members])
    ]


def _reachable(room: Floats, building: Floats, limited: Flags, lines: Ints) -> float:
    """Places free at the lines, no more in a building than it holds."""
    free = np.zeros(len(room))
    free[lines] = np.maximum(room[lines], 0.0)
    total = 0.0
    counted = np.zeros(len(room), dtype=bool)
    for owner in range(limited.shape[0]):
        total += min(float(free[limited[owner] & ~counted].sum()), max(float(building[owner]), 0.0))
        counted |= limited[owner]
    return total + float(free[~counted].sum())


def _described(plan: Plan, t: int, part: Ints, asking: Floats, lines: Ints, reach: float) -> Deficit:
    cells = plan.data.cells.iloc[part]
    return Deficit(
        year=int(plan.data.years[t]),
        needs=tuple(sorted(cells["need"].unique())),
        phases=tuple(phase.code for phase in plan.case.model.phase_list if phase.code in set(cells["phase"])),
        areas=tuple(sorted(cells["area"].unique())),
        localities=tuple(sorted(cells["locality"].unique())),
        lines=tuple(sorted(plan.data.lines["line"].iloc[lines])),
        children=float(asking[part].sum()),
        reach=reach,
    )

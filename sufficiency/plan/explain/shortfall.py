"""Why children await a place: the smallest sets of children who together need more places than they can reach.

By year, given those already in their places: children who need one flow to the lines they can reach, lines to their
buildings. The side of a minimum cut that is reachable from the children, and as small as can be, is the set of
greatest shortage (Hall's condition with numbers).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import breadth_first_order, connected_components, maximum_flow

from sufficiency.arrays import Flags, Floats, Ints, totals
from sufficiency.plan.instance.stock import looking, survivors
from sufficiency.plan.solve.solve import Plan
from sufficiency.plan.tolerances import SMALLEST_MISS

GRAIN = 1_000
"""Flows are counted in thousandths of a child."""
WIDE = 100_000.0
"""Children: more than any line without a limit will be asked to take."""


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
        if plan.waiting[t].sum() > SMALLEST_MISS:
            found += sorted(deficits_of_year(plan, t), key=lambda deficit: -deficit.short)
    return found


def deficits_of_year(plan: Plan, t: int) -> list[Deficit]:
    """The inclusion-minimal set of greatest shortage of year t, cut where its parts share no line."""
    data, stock = plan.data, plan.stock
    before = survivors(data, t, stock[t - 1])
    asking = looking(data, t, stock[t - 1], plan.waiting[t - 1])
    fixed = np.where(data.by_pattern[data.pair_line], plan.settled.entrants[t], 0.0)
    asking = np.maximum(asking - totals(data.pair_cell, fixed, len(data.cells)), 0.0)
    before = before + fixed
    in_line = totals(data.pair_line, before, len(data.lines))
    room = data.places[t] + plan.settled.allowance[t] - in_line
    counted = data.limited_lines.astype(float)
    building = plan.settled.physical[t] - counted @ in_line
    arcs = np.flatnonzero(data.may_enter[t] & (asking > 0)[data.pair_cell])
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


def _cut(asking: Floats, room: Floats, building: Floats, limited: Flags, cell: Ints, line: Ints) -> tuple[Ints, Ints]:
    """Cells and lines on the children's side of the smallest minimum cut."""
    cells, lines = len(asking), len(room)
    some = np.flatnonzero(asking > 0)
    onwards = onward(room, building, limited, 1 + cells)
    source_edges = (np.zeros(len(some), dtype=np.int64), 1 + some, asking[some])
    arc_edges = (1 + cell, 1 + cells + line, np.full(len(cell), WIDE))
    residual = _residual([source_edges, arc_edges, *onwards], 1 + cells + lines + len(building))[1]
    side = breadth_first_order(residual, 0, return_predecessors=False)
    return side[(side >= 1) & (side <= cells)] - 1, side[(side > cells) & (side <= cells + lines)] - 1 - cells


def could_be_placed(children: Floats, room: Floats, cell: Ints, line: Ints) -> Floats:
    """[C] of the children of each cell, how many the room of the lines they can take (arcs `cell`, `line`) could
    hold, each place given once.
    """
    cells, lines = len(children), len(room)
    sink = 1 + cells + lines
    some, lined = np.flatnonzero(children > 0), np.arange(lines)
    edges = [
        (np.zeros(len(some), dtype=np.int64), 1 + some, children[some]),
        (1 + cell, 1 + cells + line, np.full(len(cell), WIDE)),
        (1 + cells + lined, np.full(lines, sink), np.minimum(np.maximum(room, 0.0), WIDE)),
    ]
    origin, target, capacity = (np.concatenate(part) for part in zip(*edges, strict=True))
    whole = np.floor(capacity * GRAIN).astype(np.int32)
    graph = sparse.csr_matrix((whole, (origin, target)), shape=(sink + 1, sink + 1))
    flow = maximum_flow(graph, 0, sink).flow
    return np.asarray(flow[0, 1 : 1 + cells].toarray()[0], dtype=np.float64) / GRAIN


def onward(room: Floats, building: Floats, limited: Flags, first: int) -> list[tuple[Ints, Ints, Floats]]:
    """Edges from lines (nodes from `first` on) through the building each is in, and that of its school, to the sink.

    A satellite counts in its own building and in its school's, which holds the lines of both.
    """
    lines, buildings = len(room), len(building)
    sink = first + lines + buildings
    size = limited.sum(axis=1)
    smallest_first = np.argsort(size, kind="stable")
    of_line, of_building = np.full(lines, sink), np.full(buildings, sink)
    for place in range(lines):
        owners = [int(owner) for owner in smallest_first if limited[owner, place]]
        for inner, outer in pairwise([first + lines + owner for owner in owners]):
            of_building[inner - first - lines] = outer
        if owners:
            of_line[place] = first + lines + owners[0]
    from_lines = (first + np.arange(lines), of_line, np.minimum(room, WIDE))
    from_buildings = (first + lines + np.arange(buildings), of_building, np.minimum(building, WIDE))
    return [from_lines, from_buildings]


def _residual(edges: list[tuple[Ints, Ints, Floats]], sink: int) -> tuple[float, Any]:
    """The maximum flow from node 0 to the sink, and the edges on which more could flow."""
    origin, target, capacity = (np.concatenate(part) for part in zip(*edges, strict=True))
    shape = (sink + 1, sink + 1)
    whole = np.round(capacity * GRAIN).astype(np.int32)
    graph = sparse.csr_matrix((whole, (origin, target)), shape=shape)
    found = maximum_flow(graph, 0, sink)
    residual = graph - found.flow
    residual.data = np.where(residual.data > 0, 1, 0)
    residual.eliminate_zeros()
    return found.flow_value / GRAIN, residual


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
    """Places free at the lines, no more in a building than it holds: what could flow from them."""
    source = (np.zeros(len(lines), dtype=np.int64), 1 + lines, np.full(len(lines), WIDE))
    onwards = onward(np.maximum(room, 0.0), np.maximum(building, 0.0), limited, 1)
    return _residual([source, *onwards], 1 + len(room) + len(building))[0]


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

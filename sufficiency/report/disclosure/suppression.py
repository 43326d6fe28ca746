"""Exact suppression: the fewest further cells to hide so that nobody can work out those that must be hidden.

Source: M. Fischetti and J.-J. Salazar-González, Models and algorithms for optimizing cell suppression in tabular data
with linear constraints, Journal of the American Statistical Association 95 (2000): a master program chooses the cells,
the dual of the attacker's program gives a cut for each cell that is not safe yet.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse.csgraph import connected_components

from sufficiency.arrays import Flags, Floats, Ints
from sufficiency.problems import InputError, Problem
from sufficiency.report.disclosure.bounds import tighten
from sufficiency.report.disclosure.knowledge import Knowledge, Programs
from sufficiency.report.disclosure.linked import System
from sufficiency.report.disclosure.search import Search

MOST_CELLS = 1_000
"""Cells of a year, totals included, above which suppression is refused."""
_CLOSE = 1e-6
_FIRST_GAP = 0.1
"""How far the master's choice may be from the cheapest while there are still cuts to be found."""
_DEEP = 12
"""Cuts for one cell in one round: each is sought with all cells of those before it hidden too."""


@dataclass(frozen=True)
class Suppressed:
    """[n] the cells to hide; `primary` of them for being small; `cost` of the others; `rounds` of the master."""

    hidden: Flags
    primary: int
    cost: float
    rounds: int


def suppress(
    system: System,
    values: Floats,
    threshold: int,
    alike: Sequence[Hashable] | None = None,
    known: Flags | None = None,
    cost: Floats | None = None,
    gap: float = 0.02,
) -> Suppressed:
    """Hide every cell above 0 and below the threshold, and the cheapest set of others, so that what is hidden and may
    be below the threshold has a range at least the threshold wide. Cells of 0 are not hidden.

    Cells with the same `alike` are hidden together; [n] `known`: the attacker knows the figure already, so that hiding
    it protects no other. `cost` [n] of hiding a cell: 1 by default, and a thousandth for each tenth child. `gap`:
    how far the cost may be above the least (0: the least). Raises
    InputError where there are too many cells, or where what is known leaves no way to hide the small ones.
    """
    n = len(values)
    if n > MOST_CELLS:
        what = f"{n:,} cells in one year are too many to suppress (at most {MOST_CELLS:,})"
        fix = "use --method rounding, or coarsen: fewer localities, needs put together, phases in place of year groups"
        raise InputError([Problem(what, fix=fix)])
    published = np.zeros(n, dtype=bool) if known is None else known
    price = 1.0 + values / 1e4 if cost is None else cost
    group, groups = _groups(system, values, alike)
    primary = (values > _CLOSE) & (values < threshold - _CLOSE)
    small = np.bincount(group, primary, groups) > 0
    closed = np.bincount(group, values > _CLOSE, groups) == 0
    master = _Master(np.bincount(group, price, groups).astype(float), small, closed)
    master.add_all(_bridges(system, values, group, published))
    rounds, allowed = 0, max(gap, _FIRST_GAP)
    while True:
        rounds += 1
        chosen = master.solve(allowed)
        hidden = chosen[group] & (values > _CLOSE)
        cuts = _cuts(system, values, hidden, published, threshold, group)
        if not cuts and allowed > gap:
            allowed = gap
        elif not cuts:
            return Suppressed(hidden, int(primary.sum()), float(price[hidden & ~primary].sum()), rounds)
        elif not master.add_all(cuts):
            raise _impossible()


def _groups(system: System, values: Floats, alike: Sequence[Hashable] | None) -> tuple[Ints, int]:
    """[n] the group of each cell, and how many there are: cells that are `alike`, and cells that are each other's only
    companion in an equation, are hidden together.
    """
    n = len(values)
    place: dict[Hashable, int] = {}
    first = [place.setdefault(name, number) for number, name in enumerate(alike or range(n))]
    twins = [(number, twin) for number, twin in enumerate(first)]
    rows = system.rows
    for row in np.flatnonzero(system.lower == system.upper):
        cells = rows.indices[rows.indptr[row] : rows.indptr[row + 1]]
        left = cells[values[cells] > _CLOSE]
        if len(left) == 2:
            twins.append((int(left[0]), int(left[1])))
    ends = np.array(twins, dtype=np.int64).reshape(-1, 2)
    graph = sparse.csr_matrix((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), (n, n))
    groups, group = connected_components(graph, directed=False)
    return group.astype(np.int64), int(groups)


Cut = tuple[dict[int, float], float, int]
"""Σ coefficient × hidden ≥ bound × hidden[cell]: coefficients by group, the bound, and the group of the cell."""


class _Master:
    """Which groups of cells to hide at lowest cost, under the cuts so far."""

    def __init__(self, cost: Floats, small: Flags, closed: Flags) -> None:
        self.cost = cost
        self.lower, self.upper = small.astype(float), np.where(closed & ~small, 0.0, 1.0)
        self.rows: list[tuple[dict[int, float], float]] = []
        self.had: set[tuple[tuple[int, float], ...]] = set()

    def add_all(self, cuts: list[Cut]) -> bool:
        """Add cuts; false where none of them is new."""
        before = len(self.rows)
        for coefficients, bound, cell in cuts:
            row = {one: min(value, bound) / bound for one, value in coefficients.items() if one != cell}
            name = tuple(sorted({**{one: round(value, 6) for one, value in row.items()}, cell: -1.0}.items()))
            if name not in self.had:
                self.had.add(name)
                self.rows.append(({**row, cell: -1.0}, 0.0))
        return len(self.rows) > before

    def solve(self, gap: float) -> Flags:
        """[groups] what to hide."""
        n = len(self.cost)
        coefficients = [(at, one, value) for at, (row, _) in enumerate(self.rows) for one, value in row.items()]
        constraints = []
        if coefficients:
            at, one, value = (np.array(part) for part in zip(*coefficients, strict=True))
            matrix = sparse.csr_matrix((value, (at, one)), (len(self.rows), n))
            constraints = [LinearConstraint(matrix, np.array([bound for _, bound in self.rows]) - _CLOSE, np.inf)]
        bounds = Bounds(self.lower, self.upper)
        answer = milp(
            self.cost, integrality=np.ones(n), bounds=bounds, constraints=constraints, options={"mip_rel_gap": gap}
        )
        if answer.x is None:
            raise _impossible()
        return np.asarray(answer.x > 0.5)


def _bridges(system: System, values: Floats, group: Ints, published: Flags) -> list[Cut]:
    """Of the cells of a sum, none is hidden alone: it would be known, and hide no other."""
    cuts: list[Cut] = []
    rows = system.rows
    for row in np.flatnonzero(system.lower == system.upper):
        cells = rows.indices[rows.indptr[row] : rows.indptr[row + 1]]
        usable = cells[(values[cells] > _CLOSE)]
        for cell in usable[~published[usable]]:
            if (group[usable] == group[cell]).all():
                continue
            others = usable[(usable != cell) & ~published[usable] & (group[usable] != group[cell])]
            cuts.append((dict.fromkeys(group[others].tolist(), 1.0), 1.0, int(group[cell])))
    return cuts


def _cuts(system: System, values: Floats, hidden: Flags, published: Flags, threshold: int, group: Ints) -> list[Cut]:
    """A cut for each hidden cell whose range is too narrow."""
    unknown = hidden & ~published
    lower, upper = np.where(unknown, 0.0, values), np.where(unknown, np.inf, values)
    tight_lower, _ = tighten(system, lower, upper)
    known = Knowledge(system, lower, upper, values)
    search = Search(known, unknown & (tight_lower < threshold - _CLOSE), float(threshold), values)
    search.by_moves()
    programs = Programs(known)
    cuts: list[Cut] = []
    reached_low, reached_high = search.least, search.greatest
    for cell in np.flatnonzero(unknown):
        if tight_lower[cell] >= threshold - _CLOSE or reached_high[cell] - reached_low[cell] >= threshold:
            continue
        opened = np.zeros(len(values), dtype=bool)
        for _ in range(_DEEP):
            coefficients: dict[int, float] = {}
            least = programs.extreme(int(cell), 1.0)
            slack = _weigh(coefficients, programs, system, values, group)
            if not opened.any():
                _remember(programs, reached_low, reached_high)
            greatest = programs.extreme(int(cell), -1.0)
            slack += _weigh(coefficients, programs, system, values, group)
            if not opened.any():
                _remember(programs, reached_low, reached_high)
            if least >= threshold - _CLOSE or greatest - least >= threshold - _CLOSE or slack >= threshold - _CLOSE:
                break
            cuts.append((coefficients, threshold - slack, int(group[cell])))
            more = np.isin(group, list(coefficients)) & ~unknown & ~opened & ~published & (values > _CLOSE)
            if not more.any():
                break
            opened |= more
            cells = np.flatnonzero(more)
            programs.set_bounds(cells, np.zeros(len(cells)), np.full(len(cells), np.inf))
        shut = np.flatnonzero(opened)
        if len(shut):
            programs.set_bounds(shut, values[shut], values[shut])
    return cuts


def _remember(programs: Programs, low: Floats, high: Floats) -> None:
    """What the last answer of the attacker's program shows of all cells."""
    if programs.table is not None:
        np.minimum(low, programs.table, out=low)
        np.maximum(high, programs.table, out=high)


def _weigh(coefficients: dict[int, float], programs: Programs, system: System, values: Floats, group: Ints) -> float:
    """Add by how much hiding each cell could widen a range: its reduced cost times how far it could go, down to 0 or
    up without end. Gives what rows that are no equations leave open in any case.
    """
    reduced, duals = programs.reduced_costs, programs.row_duals
    for cell in np.flatnonzero((np.abs(reduced) > _CLOSE) & (values > _CLOSE)):
        far = float(reduced[cell] * values[cell]) if reduced[cell] > 0 else float("inf")
        place = int(group[cell])
        coefficients[place] = coefficients.get(place, 0.0) + far
    held = np.flatnonzero((np.abs(duals) > _CLOSE) & (system.lower < system.upper))
    sums = (system.rows @ values)[held]
    slack = np.where(duals[held] > 0, sums - system.lower[held], system.upper[held] - sums)
    return float(np.abs(duals[held]) @ slack)


def _impossible() -> InputError:
    what = "no set of hidden cells protects the small ones: what is public or was published before gives them away"
    return InputError([Problem(what, fix="use --method rounding, or leave out what was published before")])

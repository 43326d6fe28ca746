"""Controlled rounding: every cell of linked tables to a multiple of the base, so that all of them still add up."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from sufficiency.arrays import Floats, Ints
from sufficiency.report.disclosure.linked import Cell, System
from sufficiency.report.disclosure.live import OPTIMAL, LiveProgram

_Pair = tuple[Floats, Floats]

_NOTHING = 1e-9
"""Children: what is less is no child, and is published as 0."""
_FURTHER = 4.0
"""Price of a total one multiple further away, against 1 for a cell that goes the other way."""
_STAY = 3.0
"""Weight of a figure that was published before, against 1 of one that was not."""
_DIVES = 3
"""Times that cells are settled one after the other before another way is tried."""
_NEAR = 1e-6
"""Multiples: nearer than this to a whole number is one."""


@dataclass(frozen=True)
class Rounded:
    """`values` [n]: multiples of the base, `within` of the true ones; totals `totals_within`."""

    values: Floats
    within: float
    totals_within: float


class NoRoundingError(ValueError):
    """No rounding keeps every total as near as is allowed."""


def round_system(
    system: System,
    values: Floats,
    base: int,
    published: Mapping[Cell, float] | None = None,
    same: frozenset[Cell] = frozenset(),
) -> Rounded:
    """Round the cells of a system in one mixed-integer program. Raises NoRoundingError where there is none.

    A cell goes up or down by chance, up the likelier the nearer it is to the multiple above (so that nobody can tell
    from the rule which it was), and as few cells as possible go the other way so that all totals add up. The chance
    comes from the figures themselves: the same figures are rounded alike every time. A cell `published` before stays
    as it was where that is still within the base; one that is `same` in both must.

    Source of the method: L. H. Cox, Controlled rounding, INFOR 20 (1982); zero stays zero.
    """
    program = _Program(system, values, base, published or {}, same)
    for elastic in (False, True):
        found = program.solve(elastic)
        if found is not None:
            far = float(np.abs(found - values)[system.total].max(initial=0.0))
            return Rounded(found, float(base), float(base if far <= base + _NOTHING else 2 * base))
    raise NoRoundingError("no rounding adds up with every total within twice the base")


class _Program:
    """The mixed-integer program, in multiples of the base."""

    def __init__(
        self, system: System, values: Floats, base: int, published: Mapping[Cell, float], same: frozenset[Cell]
    ) -> None:
        self.system, self.base, self.total = system, base, system.total
        free = ~self.total
        units = np.where(np.abs(values) < _NOTHING, 0.0, values / base)
        self.chance = np.random.default_rng(_seed(values))
        down = np.floor(units + _NOTHING)
        target = np.where(self.chance.random(len(units)) < units - down, down + 1.0, down)
        weight = np.ones(len(units))
        before = np.array([published.get(cell, np.nan) / base for cell in system.cells])
        stays = np.isfinite(before) & (before == np.round(before)) & (np.abs(before - units) <= 1.0 + _NOTHING)
        target[stays], weight[stays] = before[stays], _STAY
        self.lower = np.maximum(np.where(free, np.minimum(target, down), np.ceil(units - 1.0 - _NOTHING)), 0.0)
        self.upper = np.where(free, self.lower + 1.0, np.floor(units + 1.0 + _NOTHING))
        self.upper[units == 0.0] = 0.0
        fixed = stays & np.array([cell in same for cell in system.cells], dtype=bool)
        self.lower[fixed] = self.upper[fixed] = before[fixed]
        self.movable = self.total & (units > 0.0) & ~fixed
        self.cost = np.where(free, np.where(target <= self.lower, weight, -weight), 0.0)

    def solve(self, elastic: bool) -> Floats | None:
        """The cells rounded; None where none adds up. `elastic`: totals may be one multiple further away, at a price.

        The program without whole numbers is solved, and the cells in fractions are settled a tenth at a time, those
        nearest to a multiple first, all others still free to move. Where that leads nowhere, it starts again with
        other prices, and in the end all is decided in whole numbers at once.
        """
        for _ in range(_DIVES):
            found = self._dive(*self._priced(elastic))
            if found is not None:
                return found
        return self._at_once(*self._priced(elastic)) if elastic else None

    def _priced(self, elastic: bool) -> tuple[sparse.csr_matrix, _Pair, _Pair, Floats]:
        """Rows, their bounds, those of the cells, and costs, which differ a little by chance."""
        system, base, n = self.system, self.base, len(self.cost)
        cost = self.cost * self.chance.uniform(1.0, 1.1, n)
        lower, upper = self.lower.copy(), self.upper.copy()
        row_lower, row_upper = system.lower / base, system.upper / base
        if not elastic:
            return system.rows, (row_lower, row_upper), (lower, upper), cost
        further = np.flatnonzero(self.movable)
        more, endless = len(further), np.full(len(further), np.inf)
        lower[further], upper[further] = np.maximum(lower[further] - 1.0, 0.0), upper[further] + 1.0
        pick = sparse.csr_matrix((np.ones(more), (np.arange(more), further)), (more, n))
        slack = sparse.eye(more, format="csr")
        rows = sparse.bmat([[system.rows, None], [pick, slack], [pick, -slack]], format="csr")
        row_bounds = (
            np.concatenate([row_lower, self.lower[further], -endless]),
            np.concatenate([row_upper, endless, self.upper[further]]),
        )
        bounds = (np.concatenate([lower, np.zeros(more)]), np.concatenate([upper, np.ones(more)]))
        return rows, row_bounds, bounds, np.concatenate([cost, np.full(more, _FURTHER)])

    def _dive(self, rows: sparse.csr_matrix, row_bounds: _Pair, bounds: _Pair, cost: Floats) -> Floats | None:
        free = np.flatnonzero(~self.total)
        lower, upper = bounds
        program = LiveProgram(rows, row_bounds, bounds, cost)
        if program.solve() != OPTIMAL:
            return None
        while True:
            values = program.values[free]
            off = np.abs(values - np.round(values))
            left = np.flatnonzero(off > _NEAR)
            if not len(left):
                return self._whole(program.values)
            batch = left[np.argsort(off[left], kind="stable")][: max(1, len(left) // 10)]
            if not self._settle(program, free[batch], np.round(values[batch])):
                program.set_bounds(free[batch], lower[free[batch]], upper[free[batch]])
                one = batch[:1]
                near, other = np.round(values[one]), np.floor(values[one]) + np.ceil(values[one])
                if not self._settle(program, free[one], near) and not self._settle(program, free[one], other - near):
                    return None

    def _settle(self, program: LiveProgram, cells: Ints, values: Floats) -> bool:
        program.set_bounds(cells, values, values)
        return program.solve() == OPTIMAL

    def _at_once(self, rows: sparse.csr_matrix, row_bounds: _Pair, bounds: _Pair, cost: Floats) -> Floats | None:
        whole = np.zeros(len(cost))
        whole[: len(self.cost)] = ~self.total
        answer = milp(
            cost,
            integrality=whole,
            bounds=Bounds(*bounds),
            constraints=LinearConstraint(rows, *row_bounds),
            options={"mip_rel_gap": 0.3},
        )
        return None if answer.x is None else self._whole(answer.x)

    def _whole(self, values: Floats) -> Floats | None:
        """The cells in children; None where rows are missed once they are whole."""
        found = np.round(values[: len(self.cost)]) * self.base + 0.0
        return found if self.system.misses(found).max(initial=0.0) < _NEAR else None


def _seed(values: Floats) -> int:
    """The chance of a release: from its own true figures, so that only who knows them knows it."""
    return int.from_bytes(hashlib.sha256(np.round(values, 6).tobytes()).digest()[:8], "big")

"""Controlled rounding: every cell of linked tables to a multiple of the base, so that all of them still add up."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from sufficiency.arrays import Floats
from sufficiency.report.disclosure.linked import Cell, System

_NOTHING = 1e-9
"""Children: what is less is no child, and is published as 0."""
_FURTHER = 4.0
"""Price of a total one multiple further away, against 1 for a cell that goes the other way."""
_STAY = 3.0
"""Weight of a figure that was published before, against 1 of one that was not."""
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

        First the program without whole numbers; what it settles stays, and the rest is decided in whole numbers.
        """
        system, base, n = self.system, self.base, len(self.cost)
        free = ~self.total
        rows = LinearConstraint(system.rows, system.lower / base, system.upper / base)
        lower, upper, constraints = self.lower, self.upper, [rows]
        cost = self.cost * self.chance.uniform(1.0, 1.1, n)
        if elastic:
            further = np.flatnonzero(self.movable)
            lower, upper = lower.copy(), upper.copy()
            lower[further], upper[further] = np.maximum(lower[further] - 1.0, 0.0), upper[further] + 1.0
            pick = sparse.csr_matrix((np.ones(len(further)), (np.arange(len(further)), further)), (len(further), n))
            slack = sparse.eye(len(further), format="csr")
            wide = sparse.hstack([system.rows, sparse.csr_matrix((system.rows.shape[0], len(further)))])
            constraints = [
                LinearConstraint(wide, system.lower / base, system.upper / base),
                LinearConstraint(sparse.hstack([pick, slack]), self.lower[further], np.inf),
                LinearConstraint(sparse.hstack([pick, -slack]), -np.inf, self.upper[further]),
            ]
            lower = np.concatenate([lower, np.zeros(len(further))])
            upper = np.concatenate([upper, np.ones(len(further))])
            cost = np.concatenate([cost, np.full(len(further), _FURTHER)])
            free = np.concatenate([free, np.zeros(len(further), dtype=bool)])
        relaxed = milp(cost, bounds=Bounds(lower, upper), constraints=constraints)
        if relaxed.x is None:
            return None
        near = np.round(relaxed.x)
        settled = free & (np.abs(relaxed.x - near) < _NEAR)
        bounds = Bounds(np.where(settled, near, lower), np.where(settled, near, upper))
        answer = milp(
            cost,
            integrality=free.astype(int),
            bounds=bounds,
            constraints=constraints,
            options={"mip_rel_gap": 0.3 if elastic else 0.05},
        )
        return None if answer.x is None else np.round(answer.x[:n]) * base + 0.0


def _seed(values: Floats) -> int:
    """The chance of a release: from its own true figures, so that only who knows them knows it."""
    return int.from_bytes(hashlib.sha256(np.round(values, 6).tobytes()).digest()[:8], "big")

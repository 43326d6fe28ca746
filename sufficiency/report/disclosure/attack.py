"""What somebody can work out from linked tables: the least and greatest that each cell can be."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import highspy
import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from sufficiency.arrays import Flags, Floats, Ints
from sufficiency.report.disclosure.bounds import tighten
from sufficiency.report.disclosure.linked import System
from sufficiency.report.disclosure.moves import Moves
from sufficiency.report.disclosure.witness import Witness, proves

_CLOSE = 1e-6
NARROWEST = 100
"""Cells for which two whole-number tables are shown."""


@dataclass(frozen=True)
class Knowledge:
    """What is known of linked tables: [n] `lower` and `upper` for each cell, beside the rows of the system.

    `likely` [n] is where to start from: the published figures.
    """

    system: System
    lower: Floats
    upper: Floats
    likely: Floats


@dataclass(frozen=True)
class Inferred:
    """[n] `least` and `greatest` that the cells asked about can be (NaN for others); at least so far apart where not
    `exact`. `because`: for cells less than the threshold wide, the rows that say so. `witnesses`: for the narrowest;
    `unproven`: of those the cells for which none were found.
    """

    least: Floats
    greatest: Floats
    exact: Flags
    because: dict[int, tuple[str, ...]]
    witnesses: tuple[Witness, ...]
    unproven: tuple[int, ...]


class ContradictionError(ValueError):
    """What is taken as known cannot all be true."""


def attack(known: Knowledge, asked: Flags, threshold: float) -> Inferred:
    """Find how far apart the least and the greatest of every cell in `asked` are. Raises ContradictionError.

    Two whole-number tables that fit, a threshold apart in a cell, show that it is safe: they are sought by moving that
    cell and what must move with it. Where none is found, two linear programs give its least and greatest.
    """
    lower, upper = tighten(known.system, known.lower, known.upper)
    known = replace(known, lower=lower, upper=upper)
    start = whole_table(known)
    if start is None:
        return _without_whole_numbers(known, asked)
    moves = Moves(known.system, start, known.lower, known.upper, float(int(np.ceil(threshold))))
    least, greatest = start.copy(), start.copy()
    by_cell: dict[int, dict[int, int]] = {}
    because: dict[int, tuple[str, ...]] = {}
    for cell in np.flatnonzero(asked):
        for sign in (1, -1):
            if greatest[cell] - least[cell] >= threshold:
                break
            moved = moves.find(int(cell), sign)
            if moved is None:
                continue
            for one, way in moved.items():
                by_cell.setdefault(one, moved)
                least[one] = min(least[one], start[one] + moves.step * way)
                greatest[one] = max(greatest[one], start[one] + moves.step * way)
    exact = (least <= known.lower + _CLOSE) & (greatest >= known.upper - _CLOSE)
    open_still = np.flatnonzero(asked & (greatest - least < threshold - _CLOSE))
    programs = Programs(known) if len(open_still) else None
    for cell in open_still:
        assert programs is not None
        least[cell], greatest[cell] = programs.range_of(int(cell))
        exact[cell] = True
        because[int(cell)] = programs.because
    width = np.where(asked, greatest - least, np.inf)
    order = [int(cell) for cell in np.argsort(width, kind="stable") if asked[cell]]
    safe = [cell for cell in order if width[cell] >= threshold - _CLOSE][:NARROWEST]
    found = {cell: _witness(known, moves, by_cell, cell, threshold) for cell in safe}
    unproven = tuple(cell for cell, one in found.items() if one is None)
    least[~asked] = greatest[~asked] = np.nan
    return Inferred(least, greatest, exact & asked, because, tuple(one for one in found.values() if one), unproven)


def _witness(
    known: Knowledge, moves: Moves, by_cell: dict[int, dict[int, int]], cell: int, threshold: float
) -> Witness | None:
    moved = by_cell.get(cell)
    pair: tuple[Floats, Floats] | None = None
    if moved is not None:
        pair = (moves.start, moves.table(moved)) if moved[cell] > 0 else (moves.table(moved), moves.start)
    else:
        pair = _two_tables(known, cell, threshold)
    witness = None if pair is None else Witness(cell, *pair)
    return witness if witness and proves(witness, known.system, known.lower, known.upper, threshold) else None


def _two_tables(known: Knowledge, cell: int, threshold: float) -> tuple[Floats, Floats] | None:
    """Whole-number tables with the least and the greatest of a cell, by integer programs."""
    tables = []
    for sign in (1.0, -1.0):
        cost = np.zeros(len(known.lower))
        cost[cell] = sign
        answer = milp(cost, integrality=np.ones(len(cost)), bounds=_whole(known), constraints=_rows(known))
        if answer.x is None:
            return None
        tables.append(np.round(answer.x))
    low, high = tables
    return (low, high) if high[cell] - low[cell] >= threshold - _CLOSE else None


def whole_table(known: Knowledge) -> Floats | None:
    """A whole-number table that fits, near the likely one; None where there is none. Raises ContradictionError where
    no table fits at all.
    """
    likely = known.likely
    inside = np.all(likely >= known.lower - _CLOSE) and np.all(likely <= known.upper + _CLOSE)
    if inside and np.all(likely == np.round(likely)) and known.system.misses(likely).max(initial=0.0) < _CLOSE:
        return likely.copy()
    n = len(likely)
    eye, rows = sparse.eye(n, format="csr"), known.system.rows
    nothing = sparse.csr_matrix(rows.shape)
    constraints = [
        LinearConstraint(sparse.hstack([rows, nothing]), known.system.lower, known.system.upper),
        LinearConstraint(sparse.hstack([eye, eye]), likely, np.inf),
        LinearConstraint(sparse.hstack([eye, -eye]), -np.inf, likely),
    ]
    cost = np.concatenate([np.zeros(n), np.ones(n)])
    box = _whole(known)
    bounds = Bounds(np.concatenate([box.lb, np.zeros(n)]), np.concatenate([box.ub, np.full(n, np.inf)]))
    if np.all(box.lb <= box.ub):
        whole = np.concatenate([np.ones(n), np.zeros(n)])
        options = {"mip_rel_gap": 0.2, "node_limit": 2000}
        answer = milp(cost, integrality=whole, bounds=bounds, constraints=constraints, options=options)
        if answer.x is not None:
            return np.asarray(np.round(answer.x[:n]))
    relaxed = milp(np.zeros(n), bounds=Bounds(known.lower, known.upper), constraints=_rows(known))
    if relaxed.x is None:
        raise ContradictionError("no table fits what is taken as known")
    return None


def _whole(known: Knowledge) -> Bounds:
    return Bounds(np.ceil(known.lower - _CLOSE), np.floor(known.upper + _CLOSE))


def _rows(known: Knowledge) -> LinearConstraint:
    return LinearConstraint(known.system.rows, known.system.lower, known.system.upper)


def _without_whole_numbers(known: Knowledge, asked: Flags) -> Inferred:
    """Ranges by linear programs alone, where no whole-number table fits: nothing is proven to be safe."""
    programs = Programs(known)
    because: dict[int, tuple[str, ...]] = {}
    least, greatest = np.full(len(asked), np.nan), np.full(len(asked), np.nan)
    for cell in np.flatnonzero(asked):
        least[cell], greatest[cell] = programs.range_of(int(cell))
        because[int(cell)] = programs.because
    return Inferred(least, greatest, asked.copy(), because, (), tuple(int(cell) for cell in np.flatnonzero(asked)))


class Programs:
    """The two linear programs of a cell, in one model of HiGHS whose answers start from the last one."""

    def __init__(self, known: Knowledge) -> None:
        rows = known.system.rows
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = rows.shape[1], rows.shape[0]
        model.col_cost_ = np.zeros(rows.shape[1])
        model.col_lower_, model.col_upper_ = known.lower, known.upper
        model.row_lower_, model.row_upper_ = known.system.lower, known.system.upper
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = rows.indptr.astype(np.int32)
        model.a_matrix_.index_ = rows.indices.astype(np.int32)
        model.a_matrix_.value_ = rows.data
        self.highs: Any = highspy.Highs()  # type: ignore[no-untyped-call]
        self.highs.setOptionValue("output_flag", False)
        self.highs.setOptionValue("presolve", "off")
        self.highs.setOptionValue("simplex_strategy", 4)  # primal: only costs change, so the last answer still fits
        self.highs.passModel(model)
        self.why = known.system.why
        self.reduced_costs: Floats = np.zeros(rows.shape[1])
        self.row_duals: Floats = np.zeros(rows.shape[0])
        self.because: tuple[str, ...] = ()
        self.table: Floats | None = None

    def set_bounds(self, cells: Ints, lower: Floats, upper: Floats) -> None:
        """Change what is known of some cells."""
        self.highs.changeColsBounds(len(cells), cells.astype(np.int32), lower, upper)

    def range_of(self, cell: int) -> tuple[float, float]:
        """The least and the greatest of a cell, -inf or inf where there is none; `because`: the rows that say so."""
        least = self.extreme(cell, 1.0)
        below = self.because
        greatest = self.extreme(cell, -1.0)
        self.because = tuple(dict.fromkeys((*below, *self.because)))
        return least, greatest

    def extreme(self, cell: int, sign: float) -> float:
        """The least (`sign` 1) or greatest (−1) of a cell; `reduced_costs` [n] are those of sign × the cell then."""
        self.table = None
        self.highs.changeColCost(cell, sign)
        self.highs.run()
        status = self.highs.getModelStatus()
        found: float
        if status == highspy.HighsModelStatus.kOptimal:
            solution = self.highs.getSolution()
            found = float(solution.col_value[cell])
            self.table = np.array(solution.col_value)
            self.reduced_costs = np.array(solution.col_dual)
            self.row_duals = np.array(solution.row_dual)
            held = np.flatnonzero(np.abs(self.row_duals) > _CLOSE)
            self.because = tuple(dict.fromkeys(self.why[row] for row in held))
        elif status in (highspy.HighsModelStatus.kUnbounded, highspy.HighsModelStatus.kUnboundedOrInfeasible):
            found = -np.inf if sign > 0 else np.inf
        elif status == highspy.HighsModelStatus.kInfeasible:
            raise ContradictionError("no table fits what is taken as known")
        else:
            raise RuntimeError(f"HiGHS stopped with {self.highs.modelStatusToString(status)}")
        self.highs.changeColCost(cell, 0.0)
        return found

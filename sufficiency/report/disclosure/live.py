"""A linear program that stays in HiGHS while bounds and costs change, so that each answer starts from the last one."""

from __future__ import annotations

from typing import Any

import highspy
import numpy as np
from scipy import sparse

from sufficiency.arrays import Floats, Ints

OPTIMAL, UNBOUNDED, INFEASIBLE = "optimal", "unbounded", "infeasible"


class LiveProgram:
    """min cost @ x with row_lower ≤ rows @ x ≤ row_upper and lower ≤ x ≤ upper."""

    def __init__(
        self,
        rows: sparse.csr_matrix,
        row_bounds: tuple[Floats, Floats],
        bounds: tuple[Floats, Floats],
        cost: Floats | None = None,
        *,
        primal: bool = False,
    ) -> None:
        """`primal`: the primal simplex, where only costs will change; the dual one where bounds will."""
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = rows.shape[1], rows.shape[0]
        model.col_cost_ = np.zeros(rows.shape[1]) if cost is None else cost
        model.col_lower_, model.col_upper_ = bounds
        model.row_lower_, model.row_upper_ = row_bounds
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = rows.indptr.astype(np.int32)
        model.a_matrix_.index_ = rows.indices.astype(np.int32)
        model.a_matrix_.value_ = rows.data
        self._highs: Any = highspy.Highs()  # type: ignore[no-untyped-call]
        self._highs.setOptionValue("output_flag", False)
        if primal:
            self._highs.setOptionValue("presolve", "off")
            self._highs.setOptionValue("simplex_strategy", 4)
        self._highs.passModel(model)

    def set_bounds(self, cells: Ints, lower: Floats, upper: Floats) -> None:
        """Change the bounds of some columns."""
        if len(cells):
            self._highs.changeColsBounds(len(cells), cells.astype(np.int32), lower, upper)

    def set_cost(self, cells: Ints, cost: Floats) -> None:
        """Change the cost of some columns."""
        if len(cells):
            self._highs.changeColsCost(len(cells), cells.astype(np.int32), cost)

    def solve(self) -> str:
        """Solve. Gives `OPTIMAL`, `UNBOUNDED` (or infeasible: HiGHS may not know which) or `INFEASIBLE`; raises
        RuntimeError where HiGHS gives up.
        """
        self._highs.run()
        status = self._highs.getModelStatus()
        if status == highspy.HighsModelStatus.kOptimal:
            return OPTIMAL
        if status in (highspy.HighsModelStatus.kUnbounded, highspy.HighsModelStatus.kUnboundedOrInfeasible):
            return UNBOUNDED
        if status == highspy.HighsModelStatus.kInfeasible:
            return INFEASIBLE
        raise RuntimeError(f"HiGHS stopped with {self._highs.modelStatusToString(status)}")

    @property
    def values(self) -> Floats:
        """[n] the columns in the last answer."""
        return np.array(self._highs.getSolution().col_value)

    @property
    def reduced_costs(self) -> Floats:
        """[n] of the last answer."""
        return np.array(self._highs.getSolution().col_dual)

    @property
    def row_duals(self) -> Floats:
        """[m] of the last answer."""
        return np.array(self._highs.getSolution().row_dual)

"""HiGHS behind PuLP: the problem goes over in one piece, and the solver's own status is what counts.

PuLP reports a run that stopped at a limit as `Optimal`; nothing here reads PuLP's status.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import highspy
import numpy as np
import pulp
from scipy import sparse

from sufficiency.arrays import Floats, Ints
from sufficiency.deadline import Stop
from sufficiency.plan.tolerances import PRIMAL_FEASIBILITY

OBJECTIVE_SCALE = -10
"""Costs go in as £ × 2^−10: HiGHS's ratio test gives up on reduced costs in the millions. Answers come back in £."""


class BulkHiGHS(pulp.HiGHS):  # type: ignore[misc]
    """PuLP's HiGHS with one `passModel` in place of a call for each column and row.

    Columns stand in the order of `columns` (PuLP itself would sort them by name). No solution is read back into
    PuLP's variables: `solution_of` takes it from HiGHS as arrays.
    """

    def __init__(self, columns: Sequence[pulp.LpVariable], stop: Stop | None = None, **options: Any) -> None:
        super().__init__(**options)
        self.columns, self.stop = columns, stop

    def actualSolve(self, lp: pulp.LpProblem) -> int:  # noqa: N802 - PuLP's name
        """Hand the whole problem to HiGHS and run it; optimal only where HiGHS says so."""
        highspy.Highs.resetGlobalScheduler(True)  # else a run with another number of threads than the last one fails
        self.createAndConfigureSolver(lp)
        lp.solverModel.setOptionValue("log_to_console", False)
        lp.solverModel.passModel(highs_model(lp, self.columns))
        _run(lp.solverModel, self.stop)
        optimal = lp.solverModel.getModelStatus() == highspy.HighsModelStatus.kOptimal
        lp.assignStatus(
            pulp.LpStatusOptimal if optimal else pulp.LpStatusNotSolved,
            pulp.LpSolutionOptimal if optimal else pulp.LpSolutionNoSolutionFound,
        )
        return int(lp.status)


def highs_model(lp: pulp.LpProblem, variables: Sequence[pulp.LpVariable]) -> highspy.HighsLp:
    """A PuLP problem (minimised, continuous or integer) as HiGHS's arrays, its columns in the order of `variables`."""
    place = {id(variable): index for index, variable in enumerate(variables)}
    constraints = list(lp.constraints())
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(variables), len(constraints)
    cost = np.zeros(len(variables))
    for variable, value in lp.objective.items():
        cost[place[id(variable)]] = value
    model.col_cost_ = cost
    model.col_lower_ = np.array([-np.inf if v.lowBound is None else v.lowBound for v in variables], dtype=float)
    model.col_upper_ = np.array([np.inf if v.upBound is None else v.upBound for v in variables], dtype=float)
    if any(v.cat == pulp.LpInteger for v in variables):
        kinds = highspy.HighsVarType
        model.integrality_ = [kinds.kInteger if v.cat == pulp.LpInteger else kinds.kContinuous for v in variables]
    row_upper = np.array([-constraint.constant for constraint in constraints])
    sense = np.array([constraint.sense for constraint in constraints])
    model.row_lower_ = np.where(sense == pulp.LpConstraintLE, -np.inf, row_upper)
    model.row_upper_ = np.where(sense == pulp.LpConstraintGE, np.inf, row_upper)
    counts = [len(constraint) for constraint in constraints]
    entries = sum(counts)
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
    model.a_matrix_.index_ = np.fromiter(
        (place[id(variable)] for constraint in constraints for variable in constraint),
        dtype=np.int32,
        count=entries,
    )
    model.a_matrix_.value_ = np.fromiter(
        (value for constraint in constraints for value in constraint.values()), dtype=float, count=entries
    )
    return model


@dataclass(frozen=True)
class Solution:
    """What HiGHS says of a run: its own words for the status, whether that is optimal, the arrays where there are any,
    and, of an integer program, the `bound` that it proved.
    """

    status: str
    optimal: bool
    objective: float
    columns: Floats = field(repr=False)
    row_duals: Floats = field(repr=False)
    reduced_costs: Floats = field(repr=False)
    bound: float = -np.inf


def solve_problem(
    problem: pulp.LpProblem,
    columns: Sequence[pulp.LpVariable],
    *,
    seconds: float | None = None,
    threads: int | None = None,
    stop: Stop | None = None,
    scaled: bool = True,
    **options: Any,
) -> Solution:
    """Solve a PuLP problem with HiGHS in memory. Never raises for a status: read `optimal`. `scaled`: its costs are
    in £ and go in smaller.
    """
    solver = BulkHiGHS(
        columns,
        stop,
        msg=False,
        timeLimit=seconds,
        threads=threads,
        primal_feasibility_tolerance=PRIMAL_FEASIBILITY,
        user_objective_scale=OBJECTIVE_SCALE if scaled else 0,
        **options,
    )
    problem.solve(solver)
    return solution_of(problem.solverModel)


@dataclass(frozen=True)
class Limits:
    """Seconds and threads a run may take, and what may end it earlier."""

    seconds: float
    threads: int
    stop: Stop | None = None


def load_arrays(
    matrix: sparse.csc_matrix,
    cost: Floats,
    upper: Floats,
    row_upper: Floats,
    *,
    limits: Limits,
    row_lower: Floats | None = None,
    lower: Floats | None = None,
    scale: int = OBJECTIVE_SCALE,
    presolve: bool = True,
) -> Any:
    """Give HiGHS  min cost · x,  `row_lower` ≤ matrix · x ≤ `row_upper`,  `lower` ≤ x ≤ `upper`,  without PuLP: its
    model, for `run_loaded` to solve.

    By default there is no `row_lower`, and `lower` is 0; costs go in as £ × 2^`scale`. `presolve`: whether HiGHS may
    shrink the program first.
    """
    highspy.Highs.resetGlobalScheduler(True)
    live: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    for option, value in (
        ("output_flag", False),
        ("time_limit", limits.seconds),
        ("threads", limits.threads),
        ("primal_feasibility_tolerance", PRIMAL_FEASIBILITY),
        ("user_objective_scale", scale),
        ("presolve", "choose" if presolve else "off"),
        ("simplex_scale_strategy", 0),  # most entries are shares of a child: scaling only costs time
    ):
        live.setOptionValue(option, value)
    model = highspy.HighsLp()
    model.num_row_, model.num_col_ = matrix.shape
    model.col_cost_, model.col_upper_, model.row_upper_ = cost, upper, row_upper
    model.col_lower_ = np.zeros(len(cost)) if lower is None else lower
    model.row_lower_ = np.full(len(row_upper), -np.inf) if row_lower is None else row_lower
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_ = matrix.indptr.astype(np.int32)
    model.a_matrix_.index_ = matrix.indices.astype(np.int32)
    model.a_matrix_.value_ = matrix.data
    live.passModel(model)
    return live


def run_loaded(live: Any, limits: Limits) -> Solution:
    """Run a program for the first time; once more with its numbers scaled where HiGHS gave up."""
    _run(live, limits.stop)
    if live.getModelStatus() in GAVE_UP:
        live.clearSolver()
        live.setOptionValue("simplex_scale_strategy", HIGHS_CHOOSES)
        _run(live, limits.stop)
    return solution_of(live)


HIGHS_CHOOSES = 1
GAVE_UP = frozenset(
    {
        highspy.HighsModelStatus.kNotset,
        highspy.HighsModelStatus.kSolveError,
        highspy.HighsModelStatus.kUnknown,
    }
)
"""Where HiGHS lost its way among numbers of very different size; scaled it finds it."""
INTERRUPTIBLE = (
    highspy.cb.HighsCallbackType.kCallbackSimplexInterrupt,
    highspy.cb.HighsCallbackType.kCallbackIpmInterrupt,
    highspy.cb.HighsCallbackType.kCallbackMipInterrupt,
)


def _run(live: Any, stop: Stop | None) -> None:
    """Run a live model; it ends as interrupted where a stop is asked for. HiGHS asks at every iteration, which is also
    when Python hears of Ctrl-C: between two calls of HiGHS it would not.
    """
    if stop is None:
        said = live.run()
    else:
        live.setCallback(_heed, stop)
        for kind in INTERRUPTIBLE:
            live.startCallback(kind)
        with stop.within_solver():
            said = live.run()
        live.setCallback(None, None)
    if said == highspy.HighsStatus.kError:  # it did not run, and what it still holds is the answer to another question
        live.clearSolver()


def _heed(kind: Any, message: str, state: Any, answer: Any, stop: Stop) -> None:
    answer.user_interrupt = stop.asked


DUAL_SIMPLEX, PRIMAL_SIMPLEX = 1, 4


def run_changed(live: Any, limits: Limits, strategy: int = DUAL_SIMPLEX) -> Solution:
    """Run a changed live model from its basis: by the dual simplex where limits changed, by the primal where columns
    were added or costs changed.
    """
    live.setOptionValue("time_limit", live.getRunTime() + limits.seconds)
    live.setOptionValue("threads", limits.threads)
    live.setOptionValue("simplex_strategy", strategy)
    _run(live, limits.stop)
    live.setOptionValue("simplex_strategy", DUAL_SIMPLEX)
    return solution_of(live)


def copied_program(live: Any) -> Any:
    """Another live model of the same program, with the same options and at the same basis."""
    other: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    other.passOptions(live.getOptions())
    other.passModel(live.getLp())
    other.setBasis(live.getBasis())
    return other


@dataclass(frozen=True)
class Basis:
    """Which columns and rows of a live model are basic, or at which bound, in HiGHS's numbers."""

    columns: Ints = field(repr=False)
    rows: Ints = field(repr=False)


def basis_of(live: Any) -> Basis:
    """The basis of the last run."""
    basis = live.getBasis()
    columns, rows = ([int(status) for status in part] for part in (basis.col_status, basis.row_status))
    return Basis(np.array(columns, dtype=np.int8), np.array(rows, dtype=np.int8))


def put_basis(live: Any, start: Basis) -> None:
    """Let the next run start from a basis that the live model had; columns that have joined since stand at their lower
    bound, rows are slack. A basis of a larger model changes nothing.
    """
    status = highspy.HighsBasisStatus
    named = {int(one): one for one in status.__members__.values()}
    basis = highspy.HighsBasis()
    more_columns, more_rows = live.getNumCol() - len(start.columns), live.getNumRow() - len(start.rows)
    if more_columns < 0 or more_rows < 0:
        return
    basis.col_status = [named[one] for one in start.columns.tolist()] + [status.kLower] * more_columns
    basis.row_status = [named[one] for one in start.rows.tolist()] + [status.kBasic] * more_rows
    basis.valid = True
    live.setBasis(basis)


def solution_of(live: Any) -> Solution:
    """The outcome of the last run of a live HiGHS model."""
    status, info = live.getModelStatus(), live.getInfo()
    solution = live.getSolution()
    return Solution(
        status=live.modelStatusToString(status),
        optimal=status == highspy.HighsModelStatus.kOptimal,
        objective=float(info.objective_function_value),
        columns=np.asarray(solution.col_value, dtype=float),
        row_duals=np.asarray(solution.row_dual, dtype=float),
        reduced_costs=np.asarray(solution.col_dual, dtype=float),
        bound=float(info.mip_dual_bound),
    )

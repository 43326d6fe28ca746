"""From a case to a plan: write the program, solve it, settle ties, prove it."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from sufficiency.case import Case
from sufficiency.plan.cells import PlanData, plan_data
from sufficiency.plan.certificate import Certificate, CertificateError, certify, relative_gap, replayed_stock
from sufficiency.plan.commitments import Commitments, clean_slate, commitments
from sufficiency.plan.coupling import Coupling, coupling_rows
from sufficiency.plan.highs import Solution, solve_problem
from sufficiency.plan.program import Program, program
from sufficiency.plan.ties import closest_to_pattern
from sufficiency.problems import InputError, Problem
from sufficiency.progress import Progress, silent

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Plan:
    """A plan as arrays. `entrants` [T+1, P] (those who follow the pattern included), `waiting` [T+1, C] (row 0: at the start),
    `slack` and `prices` [H] on the coupling rows. Money is discounted £.
    """

    case: Case = field(repr=False)
    data: PlanData = field(repr=False)
    settled: Commitments = field(repr=False)
    rows: Coupling = field(repr=False)
    entrants: Floats = field(repr=False)
    waiting: Floats = field(repr=False)
    slack: Floats = field(repr=False)
    prices: Floats = field(repr=False)
    money: float
    policy_weights: float
    constant: float
    status: str = "optimal"
    certificate: Certificate | None = None
    columns: int = 0
    row_count: int = 0
    seconds: dict[str, float] = field(default_factory=dict, repr=False)

    @property
    def objective(self) -> float:
        """Money and policy weights, discounted £."""
        return self.money + self.policy_weights

    @property
    def stock(self) -> Floats:
        """[T+1, P] children in each pair each year."""
        return replayed_stock(self.data, self.entrants)


@dataclass(frozen=True)
class Prepared:
    """A case as arrays, ready for the program."""

    case: Case = field(repr=False)
    data: PlanData = field(repr=False)
    settled: Commitments = field(repr=False)
    rows: Coupling = field(repr=False)


def prepare(case: Case) -> Prepared:
    """The arrays of a case; under `continuity.clean_slate` with everyone placed afresh each year."""
    data = plan_data(case)
    settled = commitments(data, case.model.continuity)
    if case.model.continuity.clean_slate:
        data, settled = clean_slate(data, settled)
    return Prepared(case, data, settled, coupling_rows(case, data, settled))


def optimal_plan(prepared: Prepared, progress: Progress = silent, settle_ties: bool = True) -> tuple[Plan, Solution, Program]:
    """The cheapest plan, certified, with the live solver behind it. Raises InputError where hard rules clash and CertificateError
    where the plan does not pass its proof.
    """
    case, data, settled, rows = prepared.case, prepared.data, prepared.settled, prepared.rows
    started = time.perf_counter()
    written = program(case, data, settled, rows)
    built = time.perf_counter()
    columns, row_count = written.problem.numVariables(), written.problem.numConstraints()
    progress("Solve", f"{columns:,} columns, {row_count:,} rows")
    solver = case.model.solver
    solution = solve_problem(written.problem, written.variables, seconds=solver.seconds, threads=solver.threads)
    solved = time.perf_counter()
    require_answer(solution)
    plan = plan_of(prepared, written, solution.columns, -solution.row_duals[len(written.wait_year) :])
    if settle_ties and solution.optimal:
        tied = closest_to_pattern(written, settled, data, solution)
        plan = plan_of(prepared, written, tied, plan.prices)
    settled_at = time.perf_counter()
    seconds = {"build": built - started, "solve": solved - built, "ties": settled_at - solved}
    plan = replace(plan, columns=columns, row_count=row_count, seconds=seconds)
    return certified(plan, solution), solution, written


def require_answer(solution: Solution) -> None:
    """Raise where HiGHS has no plan to give: the hard rules clash, or it was stopped before it found any."""
    if solution.optimal:
        return
    if solution.status in {"Infeasible", "Primal infeasible or unbounded"}:
        raise InputError(
            [
                Problem(
                    "no plan keeps all the hard rules (rules with hard = true) at once",
                    mend="make one of them soft, or relax its limit",
                )
            ]
        )
    if solution.status == "Unbounded":
        raise CertificateError("the program has no lowest cost: a cost or weight is negative")


def plan_of(prepared: Prepared, written: Program, columns: Floats, prices: Floats) -> Plan:
    """The plan that a column vector stands for, with its money recomputed from the arrays."""
    data, settled, rows = prepared.data, prepared.settled, prepared.rows
    enter, wait = len(written.enter_year), len(written.wait_year)
    entrants = settled.entrants.copy()
    entrants[written.enter_year, written.enter_pair] += np.maximum(columns[:enter], 0.0)
    waiting = np.zeros_like(data.demand)
    waiting[0] = data.waiting_at_start
    waiting[written.wait_year, written.wait_cell] = np.maximum(columns[enter : enter + wait], 0.0)
    slack = np.zeros(len(rows.limit))
    slack[written.slack_row] = np.maximum(columns[enter + wait :], 0.0)
    money, weights = money_and_weights(data, rows, entrants, waiting, slack)
    return Plan(
        case=prepared.case,
        data=data,
        settled=settled,
        rows=rows,
        entrants=entrants,
        waiting=waiting,
        slack=slack,
        prices=np.maximum(prices, 0.0),
        money=money,
        policy_weights=weights,
        constant=written.constant,
    )


def money_and_weights(data: PlanData, rows: Coupling, entrants: Floats, waiting: Floats, slack: Floats) -> tuple[float, float]:
    """Discounted £ of money and of policy weights (planning model, section 4)."""
    stock = replayed_stock(data, entrants)
    waits = waiting.sum(axis=1)
    delta = data.discount
    money = (delta[:, None] * data.k * stock)[1:].sum() + (delta[:, None] * data.place_funding)[1:].sum()
    money += (delta * data.awaiting_money * waits)[1:].sum()
    weights = (delta[:, None] * data.policy * stock)[1:].sum() + (delta * data.awaiting_weight * waits)[1:].sum()
    soft = rows.slack_most > 0
    return float(money), float(weights + rows.slack_cost[soft] @ slack[soft])


def certified(plan: Plan, solution: Solution) -> Plan:
    """The plan with its certificate. Only what HiGHS itself calls optimal, and the bound confirms, is called so.

    Raises CertificateError where a check fails.
    """
    allowed = 1e-6 if solution.optimal else None
    proof = certify(plan.case, plan.data, plan.settled, plan.rows, plan, allowed)
    if not proof.ok:
        raise CertificateError(f"solver said {solution.status!r}; {proof.failures()}")
    return replace(plan, status="optimal" if solution.optimal else "stopped", certificate=proof)


def gap_of(plan: Plan) -> float:
    """The gap of a plan, as a share of what can be decided."""
    if plan.certificate is None:
        raise ValueError("this plan has no certificate")
    return relative_gap(plan.objective, plan.certificate.bound, plan.constant)

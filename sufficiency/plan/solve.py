"""From a case to a plan: solve, settle ties, prove."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from sufficiency.case import Case
from sufficiency.plan.cells import PlanData
from sufficiency.plan.certificate import Certificate, certify, replayed_stock
from sufficiency.plan.commitments import Commitments
from sufficiency.plan.coupling import Coupling
from sufficiency.plan.highs import Solution
from sufficiency.plan.prepared import Prepared
from sufficiency.plan.pricing import Priced, all_arcs, contested_arcs, duals
from sufficiency.plan.program import Program
from sufficiency.plan.ties import closest_to_pattern
from sufficiency.problems import CertificateError, InputError, Problem
from sufficiency.progress import Progress, silent

Floats = NDArray[np.float64]

STOPPED = frozenset({"Time limit reached", "Iteration limit reached", "Interrupted by user"})
"""HiGHS's words for a run that ended early."""


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

    @property
    def objective(self) -> float:
        """Money and policy weights, discounted £."""
        return self.money + self.policy_weights

    @property
    def stock(self) -> Floats:
        """[T+1, P] children in each pair each year."""
        return replayed_stock(self.data, self.entrants)


@dataclass(frozen=True)
class Solved:
    """A plan with its certificate, and the live program it came from."""

    plan: Plan
    priced: Priced = field(repr=False)


def solve_directly(prepared: Prepared, progress: Progress = silent) -> Solved:
    """The cheapest plan from the program of all arcs. Raises InputError where hard rules clash, CertificateError where the plan does not
    pass its proof.
    """
    progress("Solve", "all arcs at once")
    return _proven(all_arcs(prepared))


def solve_by_pricing(prepared: Prepared, progress: Progress = silent) -> Solved:
    """The same plan from the contested arcs, proven over all arcs. Raises as `solve_directly`."""
    return _proven(contested_arcs(prepared, progress))


def _proven(priced: Priced) -> Solved:
    return Solved(certified(_plan_of_solution(priced), priced.solution), priced)


def _plan_of_solution(priced: Priced) -> Plan:
    require_answer(priced.solution)
    prices, _ = duals(priced.written, priced.prepared.data, priced.solution)
    plan = plan_of(priced.prepared, priced.written, priced.solution.columns, prices)
    rows, columns = priced.written.matrix.shape
    return replace(plan, columns=columns, row_count=rows)


def with_ties_settled(solved: Solved) -> Plan:
    """The plan of the same cost that is closest to today's pattern, certified. The live solver is spent afterwards."""
    plan, solution = solved.plan, solved.priced.solution
    if not solution.optimal:
        return plan
    written, columns = closest_to_pattern(solved.priced)
    tied = plan_of(solved.priced.prepared, written, columns, plan.prices)
    return certified(replace(tied, columns=plan.columns, row_count=plan.row_count), solution)


def require_answer(solution: Solution) -> None:
    """Raise where HiGHS has no plan to give: the hard rules clash, or it was stopped before it found any."""
    if solution.optimal or solution.status in STOPPED:
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
    raise CertificateError(f"the solver found no plan: it says {solution.status!r}")


def plan_of(prepared: Prepared, written: Program, columns: Floats, prices: Floats) -> Plan:
    """The plan that a column vector stands for, with its money added up from the arrays."""
    data, settled, rows = prepared.data, prepared.settled, prepared.rows
    wait, enter = len(written.wait_year), written.first_entrant
    waiting = np.zeros_like(data.demand)
    waiting[0] = data.waiting_at_start
    waiting[written.wait_year, written.wait_cell] = np.maximum(columns[:wait], 0.0)
    slack = np.zeros(len(rows.limit))
    slack[written.slack_row] = np.maximum(columns[wait:enter], 0.0)
    entrants = settled.entrants.copy()
    entrants[written.enter_year, written.enter_pair] += np.maximum(columns[enter:], 0.0)
    money, weights = money_and_weights(data, rows, entrants, waiting, slack)
    return Plan(
        case=prepared.case,
        data=data,
        settled=settled,
        rows=rows,
        entrants=entrants,
        waiting=waiting,
        slack=slack,
        prices=prices,
        money=money,
        policy_weights=weights,
        constant=written.constant,
    )


def money_and_weights(
    data: PlanData, rows: Coupling, entrants: Floats, waiting: Floats, slack: Floats
) -> tuple[float, float]:
    """Discounted £ of money and of policy weights (planning model, section 4)."""
    stock = replayed_stock(data, entrants)
    waits = waiting.sum(axis=1)
    delta = data.discount
    money = (delta[:, None] * data.k * stock)[1:].sum() + (delta[:, None] * data.place_funding)[1:].sum()
    money += (delta * data.awaiting_money * waits)[1:].sum()
    weights = (delta[:, None] * data.policy * stock)[1:].sum() + (delta * data.awaiting_weight * waits)[
        1:
    ].sum()
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

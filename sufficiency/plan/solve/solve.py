"""From a case to a plan: solve, settle ties, prove."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from sufficiency.arrays import Floats, totals
from sufficiency.case import Case
from sufficiency.deadline import Deadline, Interrupted
from sufficiency.plan.certificate.proof import Certificate, certify
from sufficiency.plan.dual.lagrangian import price_all_arcs
from sufficiency.plan.instance.data import InstanceData
from sufficiency.plan.instance.pattern import Commitments
from sufficiency.plan.instance.stock import stock_of
from sufficiency.plan.pricing.column_generation import (
    Priced,
    WarmStart,
    deadline_of,
    generate_columns,
    reoptimise,
    solve_full,
)
from sufficiency.plan.program.highs import Solution
from sufficiency.plan.program.lp import children_of, slack_of, unchanging_cost
from sufficiency.plan.rows.coupling import Coupling
from sufficiency.plan.rows.families import Family
from sufficiency.plan.rows.instance import Instance
from sufficiency.plan.rows.softening import hard_rows
from sufficiency.plan.solve.clash import keeping_hard_rules
from sufficiency.plan.solve.fallback import cheapest_with_room, everyone_else_waits
from sufficiency.plan.solve.ties import closest_to, pattern_target, plan_target
from sufficiency.plan.tolerances import FREE, GAP_TOLERANCE
from sufficiency.problems import CertificateError, InputError, Problem
from sufficiency.progress import Progress, silent

STOPPED = frozenset({"Time limit reached", "Iteration limit reached", "Interrupted by user"})
"""HiGHS's words for a run that ended early."""
INFEASIBLE = frozenset({"Infeasible", "Primal infeasible or unbounded"})
"""HiGHS's words for a program without a solution: only hard rules can make it so."""


@dataclass(frozen=True)
class Plan:
    """A plan as arrays. `entrants` [T+1, P] (those who follow the pattern included), `waiting` [T+1, C] (row 0: at
    the start), `slack` and `prices` [H] on the coupling rows. Money is discounted £.
    """

    case: Case = field(repr=False)
    data: InstanceData = field(repr=False)
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
    openings: tuple[tuple[int, int, float], ...] = ()
    columns: int = 0
    row_count: int = 0

    @property
    def objective(self) -> float:
        """Money and policy weights, discounted £."""
        return self.money + self.policy_weights

    @property
    def stock(self) -> Floats:
        """[T+1, P] children in each pair each year."""
        return stock_of(self.data, self.entrants)

    @property
    def preferences_missed(self) -> Floats:
        """[T+1, P] children who would follow today's pattern into a line and are turned down."""
        return preferences_missed(self.settled, self.entrants)

    def known(self, pounds: Floats) -> Floats:
        """£ drawn from prices, as far as they say anything: of a plan that was stopped 0 is unknown (NaN), for
        a price may not have been found yet.
        """
        return np.where(pounds > 0, pounds, np.nan) if self.status == "stopped" else pounds


@dataclass(frozen=True)
class Solved:
    """A plan with its certificate, and the live program it came from."""

    plan: Plan
    priced: Priced = field(repr=False)


Children = tuple[Floats, Floats]
"""`entrants` [T+1, P] and `waiting` [T+1, C] of some plan."""


def solve_directly(
    instance: Instance, progress: Progress = silent, deadline: Deadline | None = None, known: Children | None = None
) -> Solved:
    """The cheapest plan from the program of all arcs; where the time is up before, the best so far, `known` being a
    plan found already. Without a `deadline` the model's own seconds count from now. Raises InputError where hard rules
    clash, CertificateError where the plan does not pass its proof.
    """
    progress("Solve", "all arcs at once")
    return _proven(hard_rules_kept(solve_full(instance, deadline), progress), known)


def solve_by_pricing(
    instance: Instance, progress: Progress = silent, deadline: Deadline | None = None, known: Children | None = None
) -> Solved:
    """The same plan from the contested arcs, proven over all arcs. Arguments and errors as `solve_directly`."""
    return _proven(hard_rules_kept(generate_columns(instance, progress, deadline), progress), known)


def solve_like(
    like: Priced | WarmStart,
    instance: Instance,
    progress: Progress = silent,
    deadline: Deadline | None = None,
    known: Children | None = None,
) -> Solved:
    """The plan of a case like one solved, from its prices, proven over all arcs. Else as `solve_directly`."""
    like = replace(like, deadline=deadline_of(instance) if deadline is None else deadline)
    return _proven(hard_rules_kept(reoptimise(like, instance, progress), progress), known)


def hard_rules_kept(priced: Priced, progress: Progress) -> Priced:
    """The program itself, or with the arcs it lacks to keep the hard rules. Raises InputError where they clash, or
    where what opens cannot be filled as far as it has to be.
    """
    if priced.solution.status not in INFEASIBLE:
        return priced
    rows = priced.instance.rows
    if hard_rows(rows).any():
        return keeping_hard_rules(priced, progress)
    if (rows.family == Family.FILL).any():
        what = "an option that opens cannot be filled to its smallest_fill"
        raise InputError([Problem(what, fix="leave it closed, open it later, or let smallest_fill be less")])
    return priced


def _proven(priced: Priced, known: Children | None) -> Solved:
    require_answer(priced.solution)
    if priced.solution.optimal:
        return Solved(certified(plan_of_columns(priced), optimal=True), priced)
    return Solved(_best_when_stopped(priced, known), priced)


def _best_when_stopped(priced: Priced, known: Children | None = None) -> Plan:
    """The cheapest of what the solver's last point comes to where it overfills nothing, plans made without it or from
    the coarsest map, and one already known, of those that pass the certificate.
    """
    instance, program, columns = priced.instance, priced.program, priced.solution.columns
    if len(columns) != len(program.cost):
        columns = np.zeros(len(program.cost))
    last = children_of(instance, priced.flows, program, columns)
    points = [price_all_arcs(instance, priced.flows, prices) for prices in (priced.prices, 0 * priced.prices)]
    point = max(points, key=lambda one: one.bound)
    cost = point.reduced_cost[:, : len(instance.data.pair_cell)]
    made = [last, cheapest_with_room(instance, cost, last[0]), cheapest_with_room(instance, cost)]
    if priced.rough is not None:
        made.append(cheapest_with_room(instance, cost, priced.rough.spread_over(instance)))
    made += [everyone_else_waits(instance), *([] if known is None else [known])]
    plans = [
        plan_of(instance, entrants, waiting, slack_needed(instance, entrants, waiting), point.prices)
        for entrants, waiting in made
    ]
    for plan in sorted(plans, key=lambda plan: plan.objective):
        try:
            return certified(plan, optimal=False)
        except CertificateError:
            continue
    if priced.deadline.stopped:
        raise Interrupted("no plan was found yet that keeps the hard rules")
    what = "the time was up before any plan was found that keeps the hard rules"
    raise InputError([Problem(what, fix="give solver.seconds more, or make a rule soft")])


def slack_needed(instance: Instance, entrants: Floats, waiting: Floats) -> Floats:
    """[H] by how much a plan is beyond the limits that may be missed."""
    rows = instance.rows
    beyond = np.maximum(rows.used(stock_of(instance.data, entrants), waiting) - rows.limit, 0.0)
    return np.where(rows.slack_most > 0, beyond, 0.0)


def with_ties_settled(solved: Solved, towards: pd.DataFrame | None = None) -> Plan:
    """The plan of the same cost that is closest to today's pattern, or to another plan, certified; the plan itself
    where it is not proven optimal, or the time is up.

    `towards`: rows of that plan's `placements.csv`.
    """
    plan = solved.plan
    if not solved.priced.solution.optimal or plan.status != "optimal" or solved.priced.deadline.passed:
        return plan
    target = pattern_target(plan.data, plan.settled)
    if towards is not None:
        target = plan_target(plan.data, towards)
    closest = closest_to(solved.priced, target)
    if closest is solved.priced:
        return plan
    tied = plan_of_columns(closest)
    return certified(replace(tied, prices=plan.prices, columns=plan.columns, row_count=plan.row_count), optimal=True)


def require_answer(solution: Solution) -> None:
    """Raise CertificateError where HiGHS ends in a way that is neither an optimum nor a limit reached."""
    if solution.optimal or solution.status in STOPPED:
        return
    raise CertificateError(f"the solver found no plan: it says {solution.status!r}")


def plan_of_columns(priced: Priced) -> Plan:
    """The plan that the columns of a solved program stand for; not yet certified."""
    instance, program, columns = priced.instance, priced.program, priced.solution.columns
    entrants, waiting = children_of(instance, priced.flows, program, columns)
    slack = slack_of(instance.rows, program, columns)
    costs_nothing = instance.rows.slack_cost <= FREE  # the solver may leave there more than anybody uses
    slack = np.where(costs_nothing, slack_needed(instance, entrants, waiting), slack)
    plan = plan_of(instance, entrants, waiting, slack, priced.prices)
    rows, own = program.matrix.shape
    return replace(plan, columns=own, row_count=rows)


def plan_of(instance: Instance, entrants: Floats, waiting: Floats, slack: Floats, prices: Floats) -> Plan:
    """A plan with its money added up from the arrays; not yet certified."""
    money, weights = money_and_weights(instance, entrants, waiting, slack)
    return Plan(
        case=instance.case,
        data=instance.data,
        settled=instance.settled,
        rows=instance.rows,
        entrants=entrants,
        waiting=waiting,
        slack=slack,
        prices=prices,
        money=money,
        policy_weights=weights,
        constant=unchanging_cost(instance),
        openings=instance.openings,
    )


def preferences_missed(settled: Commitments, entrants: Floats) -> Floats:
    """[T+1, P] children whose preference gives way where so many enter."""
    return np.maximum(settled.may_give_way - entrants, 0.0)


def money_and_weights(instance: Instance, entrants: Floats, waiting: Floats, slack: Floats) -> tuple[float, float]:
    """Discounted £ of money and of policy weights (mathematics page, objective)."""
    money, by_weight = money_and_weights_by_year(
        instance.data, instance.settled, instance.rows, entrants, waiting, slack
    )
    return float(money.sum()), float(by_weight.sum())


def money_and_weights_by_year(
    data: InstanceData, settled: Commitments, rows: Coupling, entrants: Floats, waiting: Floats, slack: Floats
) -> tuple[Floats, Floats]:
    """[T+1] the same year by year; nothing in the base year."""
    stock, waits = stock_of(data, entrants), waiting.sum(axis=1)
    fixed = (data.place_funding + data.option_cost).sum(axis=1)
    money = data.discount * ((data.k * stock).sum(axis=1) + fixed + data.awaiting_money * waits)
    weights = (data.policy * stock).sum(axis=1) + data.awaiting_weight * waits
    weights += data.preference_weight * preferences_missed(settled, entrants).sum(axis=1)
    weights *= data.discount
    places = np.flatnonzero(rows.family == Family.PLACES)
    t, line = rows.year[places], rows.item[places]
    above = totals(t, data.discount[t] * data.over_money[t, line] * slack[places], len(weights))
    money, weights = money + above, weights - above  # the rest of what slack costs there is a weight
    money[0] = weights[0] = 0.0
    soft = rows.slack_most > 0
    return money, weights + totals(rows.year[soft], rows.slack_cost[soft] * slack[soft], len(weights))


def certified(plan: Plan, *, optimal: bool) -> Plan:
    """The plan with its certificate. `optimal`: HiGHS itself called it so, and the bound has to confirm it.

    Raises CertificateError where a check fails.
    """
    proof = certify(plan.case, plan.data, plan.settled, plan.rows, plan, GAP_TOLERANCE if optimal else None)
    if not proof.ok:
        raise CertificateError(proof.failures())
    return replace(plan, status="optimal" if optimal else "stopped", certificate=proof)

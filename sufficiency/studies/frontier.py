"""What fairer journeys cost: plans from the cheapest to the fairest, each the cheapest under a limit on long journeys.

The limit is the Kolm–Pollak equally-distributed equivalent E of the fairness rule, the same for every year; in a year
in which even the fairest plan cannot reach it (children already placed are not moved) that year's fairest is asked.
Since E stands on the right-hand side alone, each plan starts from the prices of the one before.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from numbers import Integral
from typing import Any

import numpy as np
import pandas as pd

from sufficiency.arrays import Floats
from sufficiency.case import Case
from sufficiency.deadline import Deadline, Interrupted, Stop
from sufficiency.plan.explain.fairness import kappa_of, with_fairness
from sufficiency.plan.explain.rule_prices import rules_missed
from sufficiency.plan.instance.data import InstanceData
from sufficiency.plan.options.fixed import with_nothing_opened
from sufficiency.plan.pricing.column_generation import Priced, generate_columns, reoptimise
from sufficiency.plan.rows.instance import Instance, prepare
from sufficiency.plan.rows.policy import fair_equivalent, fair_slope, fair_weights, longest_arc
from sufficiency.plan.solve.solve import Plan, certified, hard_rules_kept, plan_of_columns, solve_by_pricing
from sufficiency.policy import NO_LIMIT, FairnessRule
from sufficiency.problems import InputError, Problem
from sufficiency.progress import Progress, silent
from sufficiency.standing import Standing
from sufficiency.tables.origin import standing_of

A_CHILD = 1e4
"""What a child of the longest journey costs while the fairest plan is sought; a soft rule's miss a thousand times."""
ROOM = 1e-9
"""Share by which the fairest plan's own limit is eased, for rounding."""


@dataclass(frozen=True)
class Frontier:
    """`points`: one row a plan, from the cheapest to the fairest, with the columns of `frontier.csv`. κ per minute.
    Pounds are present values in pounds of `first_year`, the first plan year. `not_made`: the limits, in minutes, of
    plans that were not made before it was stopped.
    """

    points: pd.DataFrame
    kappa: float
    first_year: int
    standing: Standing | None = None
    not_made: tuple[float, ...] = ()

    @property
    def missing(self) -> int:
        """How many plans were not made."""
        return len(self.not_made)

    @property
    def with_missing(self) -> pd.DataFrame:
        """The points with a row for each plan that was not made, its limit and nothing else, so that a file does not
        look whole where it is not.
        """
        rows = [{"limit": limit, "rules_missed": ""} for limit in self.not_made]
        return pd.concat([self.points, pd.DataFrame(rows)], ignore_index=True) if rows else self.points


def frontier(case: Case, points: int = 8, progress: Progress = silent, stop: Stop | None = None) -> Frontier:
    """Sweep the limit from what the cheapest plan comes to down to what the fairest does, in `points` plans.

    No option opens. κ and the aversion are those of the model's fairness rule where it has one. Every plan is
    certified. `stop.ask()` ends it with the plans made so far. Raises InputError for fewer than two `points`, where
    hard rules clash, where nobody travels, or where the time was up before a plan was optimal; Interrupted where it was
    stopped before the first.
    """
    if isinstance(points, bool) or not isinstance(points, Integral) or points < 2:
        raise InputError([Problem("a frontier needs at least two plans", value=repr(points), fix="such as 8")])

    def as_long() -> Deadline:
        return Deadline.after(case.model.solver.seconds, stop)

    given = case.model.rules.fairness or FairnessRule(at_most=NO_LIMIT)
    progress("Frontier", "the cheapest plan")
    free = with_nothing_opened(prepare(with_fairness(case, None)))
    if stop is not None:
        stop.solving = True
    solved = solve_by_pricing(free, progress, as_long())
    _optimal(solved.priced)
    cheapest = solved.plan
    kappa = given.kappa or kappa_of(cheapest.data, cheapest.stock, given.aversion)
    fair = with_fairness(case, FairnessRule(at_most=NO_LIMIT, kappa=kappa, hard=True))
    instance = with_nothing_opened(prepare(fair))
    if longest_arc(instance.data) <= 0:
        raise InputError([Problem("nobody travels in this model: there is nothing to weigh", case.model.path.name)])
    progress("Frontier", "the fairest plan")
    fairest = _fairest(instance, kappa, progress, as_long())
    lowest = _weighed(plan_of_columns(fairest), kappa)
    priced = _optimal(solve_by_pricing(instance, progress, as_long()).priced)
    points_of_frontier: list[dict[str, Any]] = []
    limits = _limits(instance.data, kappa, _weighed(cheapest, kappa), lowest, points)
    for number, limit in enumerate(limits):
        progress("Frontier", f"plan {number + 1} of {points}: at most {limit:.1f} minutes")
        priced = _limited(priced, kappa, limit, lowest, as_long())
        if points_of_frontier and not priced.solution.optimal and priced.deadline.stopped:
            break
        priced = _optimal(priced)
        points_of_frontier.append(_point(certified(plan_of_columns(priced), optimal=True), kappa, limit))
    table = pd.DataFrame(points_of_frontier)
    for name in ("money", "objective"):
        table[f"extra_{name}"] = table[name] - table[name].iloc[0]
    return Frontier(
        table, kappa, case.model.years[0], standing_of(case.model), tuple(limits[len(points_of_frontier) :])
    )


def _fairest(instance: Instance, kappa: float, progress: Progress, deadline: Deadline) -> Priced:
    """The plan whose journeys weigh least in all years together; soft rules are kept as far as they can be."""
    data, rows = instance.data, instance.rows
    weights, one, _ = fair_weights(data, kappa, np.full(len(data.years), NO_LIMIT))
    a_child = np.divide(A_CHILD, data.discount, out=np.zeros_like(data.discount), where=data.discount > 0)
    unweighed = replace(
        data,
        k=np.zeros_like(data.k),
        policy=a_child[:, None] * weights,
        place_funding=np.zeros_like(data.place_funding),
        awaiting_money=np.zeros_like(a_child),
        awaiting_weight=a_child * one,
    )
    free = replace(rows, slack_cost=np.where(rows.of_rules, A_CHILD * 1_000, 0.0))
    priced = generate_columns(replace(instance, data=unweighed, rows=free), progress, deadline)
    return _optimal(hard_rules_kept(priced, progress))


def _limits(data: InstanceData, kappa: float, cheapest: Floats, fairest: Floats, points: int) -> list[float]:
    """Minutes from where the limit touches the cheapest plan's worst year to where every year is at its fairest."""
    worst = max(fair_equivalent(data, kappa, float(share)) for share in cheapest)
    best = min(fair_equivalent(data, kappa, float(share)) for share in fairest)
    return [float(limit) for limit in np.linspace(worst, min(best, worst), points)]


def _weighed(plan: Plan, kappa: float) -> Floats:
    """[T] the mean weight of the journeys of each plan year; a child who waits counts as the longest."""
    data = plan.data
    weights, one, _ = fair_weights(data, kappa, np.full(len(data.years), NO_LIMIT))
    used = plan.stock[1:] @ weights + one * plan.waiting[1:].sum(axis=1)
    return np.asarray(used / np.maximum(data.demand[1:].sum(axis=1), 1e-9))


def _limited(priced: Priced, kappa: float, minutes: float, lowest: Floats, deadline: Deadline) -> Priced:
    """The case under another limit, solved from the last prices; where a year cannot reach it, under its fairest."""
    before = priced.instance
    data = before.data
    _, _, share = fair_weights(data, kappa, np.full(len(data.years), minutes))
    eased = np.maximum(share[1:], lowest + ROOM)
    limits = {
        int(year): fair_equivalent(data, kappa, float(part)) for year, part in zip(data.years[1:], eased, strict=True)
    }
    case = with_fairness(before.case, FairnessRule(at_most=limits, kappa=kappa, hard=True))
    now = replace(before, case=case, rows=prepare(case).rows)
    return reoptimise(replace(priced, deadline=deadline), now)


def _optimal(priced: Priced) -> Priced:
    if not priced.solution.optimal and priced.deadline.stopped:
        raise Interrupted("no plan of the frontier was made yet")
    if not priced.solution.optimal:
        what = f"a plan of the frontier was not found in time (the solver says {priced.solution.status})"
        file = priced.instance.case.model.path.name
        raise InputError([Problem(what, file, fix="give solver.seconds more")])
    return priced


def _point(plan: Plan, kappa: float, limit: float) -> dict[str, Any]:
    data, stock = plan.data, plan.stock
    children = data.demand[1:].sum(axis=1)
    placed = stock[1:].sum()
    fair = plan.rows.family == "fair"
    slope = fair_slope(data, kappa, limit)
    mean_weight = float(_weighed(plan, kappa) @ children) / max(float(children.sum()), 1e-9)
    return {
        "limit": limit,
        "fair_minutes": fair_equivalent(data, kappa, mean_weight),
        "mean_minutes": float((stock[1:] @ data.minutes).sum() / placed) if placed > 0 else 0.0,
        "over_limit": float((stock[1:] @ data.over_limit.astype(float)).sum()) / data.horizon,
        "awaiting": float(plan.waiting[1:].sum()) / data.horizon,
        "money": plan.money,
        "objective": plan.objective,
        "rules_missed": rules_missed(plan),
        "pounds": float(plan.prices[fair] @ children[plan.rows.year[fair] - 1]) * slope,
    }

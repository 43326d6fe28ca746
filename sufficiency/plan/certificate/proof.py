"""Proof of a plan, by code that shares nothing with the solver or with how the program is written.

It works from the tables and the placements alone: whether everyone is counted, no place is used twice, nobody is moved,
what it costs; and from the prices alone: a cost below which no plan can go (mathematics page, prices and proof). The
arrays and rows that the plan was made with are compared with those worked out again, and never used.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from sufficiency.arrays import Floats
from sufficiency.case import Case
from sufficiency.plan.certificate.bound import priced
from sufficiency.plan.certificate.checks import (
    Check,
    children_counted,
    demand_met,
    furthest,
    lawful,
    nothing_negative,
    rows_hold,
    stayers_kept,
)
from sufficiency.plan.certificate.flows import left_by
from sufficiency.plan.certificate.labels import mislabelled
from sufficiency.plan.certificate.limits import Shared, found_in, shared, taken_over, unlike
from sufficiency.plan.certificate.money import money_of, unchanging
from sufficiency.plan.certificate.options import broken_limits
from sufficiency.plan.certificate.tables import differences, recounted
from sufficiency.plan.certificate.types import Labels, PlanFigures, Recounted, SettledFigures, SharedRows

CHILDREN_TOLERANCE = 1e-6
GAP_TOLERANCE = 1e-6
MONEY_TOLERANCE = 1e-8
"""As a share of the money: £1 in £100 million."""
TABLES_TOLERANCE = 1e-9
"""As a share of the figure, or of one child or pound: what rounding may do to a figure worked out twice."""
CERTIFICATE, SOLVER = "certificate", "solver"
"""Who vouches for a bound."""


@dataclass(frozen=True)
class Certificate:
    """All checks of a plan, with the bound (discounted £) and the gap they rest on. `bound_from`: who vouches for the
    bound, the certificate, or over other openings the solver alone.
    """

    checks: dict[str, Check]
    bound: float
    gap: float
    money: float = field(default=0.0)
    policy_weights: float = field(default=0.0)
    bound_from: str = CERTIFICATE

    @property
    def ok(self) -> bool:
        """Whether every check holds."""
        return all(check.ok for check in self.checks.values())

    def failures(self) -> str:
        """What failed, in words."""
        failed = {name: check for name, check in self.checks.items() if not check.ok}
        return "; ".join(f"{name}: off by {check.error:.3g} ({check.where})" for name, check in failed.items())


def certify(
    case: Case,
    data: Labels,
    settled: SettledFigures,
    rows: SharedRows,
    plan: PlanFigures,
    gap_allowed: float | None = GAP_TOLERANCE,
) -> Certificate:
    """Check a plan. `plan` has entrants [T+1, P], waiting [T+1, C], slack [H], prices [H], money and policy_weights
    (£ discounted).

    `gap_allowed` None: the gap is reported, not judged (a plan that was stopped early).
    """
    labels = Check(*furthest(mislabelled(case, data)), TABLES_TOLERANCE)
    if not labels.ok:  # nothing else means anything then
        return Certificate({"labels as in the tables": labels}, np.nan, np.nan)
    told = recounted(case, data, plan.openings)
    ours = shared(case, data, told)
    at = found_in(ours, rows.family, rows.year, rows.item)
    slack = taken_over(plan.slack, at)
    stock = left_by(data, told, told["placed"], plan.entrants)
    checks = {
        "figures as in the tables": Check(*furthest(differences(told, data, settled)), TABLES_TOLERANCE),
        "limits as in the tables": Check(*furthest(unlike(ours, rows)), TABLES_TOLERANCE),
        "children counted": Check(*children_counted(data, told, stock, plan.waiting), CHILDREN_TOLERANCE),
        "demand met": Check(*demand_met(data, told, stock, plan.entrants, plan.waiting), CHILDREN_TOLERANCE),
        "lawful lines": Check(*lawful(data, told, plan.entrants), CHILDREN_TOLERANCE),
        "stayers kept": Check(*stayers_kept(data, told, stock), CHILDREN_TOLERANCE),
        "nothing negative": Check(*nothing_negative(plan), CHILDREN_TOLERANCE),
        "places respected": Check(*rows_hold(data, ours, stock, plan.waiting, slack), _children(ours)),
    }
    if plan.openings:
        checks["options as allowed"] = Check(broken_limits(case, plan.openings), "options", CHILDREN_TOLERANCE)
    money = money_of(case, data, told, stock, plan.waiting)
    weights = weights_of(told, ours, stock, plan, slack)
    scale = max(abs(money) + abs(weights), 1.0)
    where = "against the placements"
    checks["money"] = Check(abs(money - plan.money) / scale, where, MONEY_TOLERANCE)
    checks["policy weights"] = Check(abs(weights - plan.policy_weights) / scale, where, MONEY_TOLERANCE)
    bound = priced(data, told, ours, taken_over(plan.prices, at)).bound
    gap, where = gap_of(money + weights, bound, unchanging(told)), "objective against the price bound"
    if gap_allowed is not None:
        checks["no cheaper plan"] = Check(gap, where, gap_allowed)
    checks["bound below the objective"] = Check(-gap, where, GAP_TOLERANCE)
    return Certificate(checks, bound, gap, money, weights)


def _children(rows: Shared) -> float:
    return CHILDREN_TOLERANCE * max(1.0, float(np.max(np.abs(rows.limit), initial=1.0)) * 1e-3)


def gap_of(objective: float, bound: float, constant: float) -> float:
    """(objective − bound) / (objective − what no decision can change), so that a big constant does not hide a
    scheme.
    """
    return (objective - bound) / max(abs(objective - constant), 1e-4 * abs(objective), 1.0)


def weights_of(told: Recounted, rows: Shared, stock: Floats, plan: PlanFigures, slack: Floats) -> float:
    """£ discounted of policy weights: children off designation, travelling, waiting, above places, beyond a soft
    rule, and those whose preference gives way.
    """
    discount, redirected = told["discount"], np.maximum(told["may_give_way"] - plan.entrants, 0.0)
    total = float(np.einsum("t,tp,tp->", discount[1:], told["policy"][1:], stock[1:]))
    total += float((discount * told["awaiting_weight"] * plan.waiting.sum(axis=1))[1:].sum())
    total += float((discount * told["preference_weight"] * redirected.sum(axis=1))[1:].sum())
    places = rows.family == "places"
    money = told["over_money"][rows.year[places], rows.item[places]] * discount[rows.year[places]]
    total -= float(money @ slack[places])  # of what slack costs there this part is money
    return total + float(rows.slack_cost[rows.slack_most > 0] @ slack[rows.slack_most > 0])

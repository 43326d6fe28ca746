"""Proof of a plan, by code that shares nothing with the solver or with how the program is written.

It works from the placements alone: whether everyone is counted, no place is used twice, nobody is moved, what it
costs; and from the prices alone: a cost below which no plan can go (planning model, sections 6 and 7).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sufficiency.arrays import Floats, positions, totals
from sufficiency.case import Case
from sufficiency.plan.certificate_flows import next_year
from sufficiency.plan.certificate_limits import unlike
from sufficiency.plan.certificate_money import fees
from sufficiency.plan.certificate_options import Opening, broken_limits, option_costs
from sufficiency.plan.certificate_tables import differences, recounted
from sufficiency.rates import place_rates, transport_per_child

CHILDREN_TOLERANCE = 1e-6
GAP_TOLERANCE = 1e-6
MONEY_TOLERANCE = 1e-8
"""As a share of the money: £1 in £100 million."""
TABLES_TOLERANCE = 1e-9
"""As a share of the figure, or of one child or pound: what rounding may do to a figure worked out twice."""


@dataclass(frozen=True)
class Check:
    """One check: the largest error found (children, or a share), what is tolerated, and where the largest error is."""

    error: float
    tolerance: float
    where: str = ""

    @property
    def ok(self) -> bool:
        """Whether the error is tolerated; a figure that is not a number never is."""
        return bool(self.error <= self.tolerance)


@dataclass(frozen=True)
class Certificate:
    """All checks of a plan, with the bound (discounted £) and the gap they rest on."""

    checks: dict[str, Check]
    bound: float
    gap: float
    money: float = field(default=0.0)
    policy_weights: float = field(default=0.0)

    @property
    def ok(self) -> bool:
        """Whether every check holds."""
        return all(check.ok for check in self.checks.values())

    def failures(self) -> str:
        """What failed, in words."""
        failed = {name: check for name, check in self.checks.items() if not check.ok}
        return "; ".join(f"{name}: off by {check.error:.3g} ({check.where})" for name, check in failed.items())


def certify(
    case: Case, data: Any, settled: Any, rows: Any, plan: Any, gap_allowed: float | None = GAP_TOLERANCE
) -> Certificate:
    """Check a plan. `plan` has entrants [T+1, P], waiting [T+1, C], slack [H], prices [H], money and policy_weights
    (£ discounted).

    `gap_allowed` None: the gap is reported, not judged (a plan that was stopped early).
    """
    stock = replayed_stock(data, plan.entrants)
    checks = _as_the_tables_say(case, data, settled, rows, plan.openings) | {
        "children counted": _counted(data, stock, plan.waiting),
        "demand met": _demand_met(data, stock, plan.entrants, plan.waiting),
        "lawful lines": _lawful(data, settled, plan.entrants),
        "stayers kept": _stayers_kept(data, stock),
        "nothing negative": _not_negative(plan),
        "places respected": _rows_hold(data, rows, stock, plan.waiting, plan.slack),
    }
    if plan.openings:
        checks["options as allowed"] = Check(broken_limits(case, plan.openings), CHILDREN_TOLERANCE, "options")
    money, weights = (
        recomputed_money(case, data, stock, plan.waiting, plan.openings),
        recomputed_weights(data, rows, stock, plan),
    )
    scale = max(abs(money) + abs(weights), 1.0)
    checks["money"] = Check(abs(money - plan.money) / scale, MONEY_TOLERANCE, "against the placements")
    checks["policy weights"] = Check(
        abs(weights - plan.policy_weights) / scale, MONEY_TOLERANCE, "against the placements"
    )
    bound = price_bound(data, settled, rows, plan.prices)
    gap = relative_gap(money + weights, bound, plan.constant)
    if gap_allowed is not None:
        checks["no cheaper plan"] = Check(gap, gap_allowed, "objective against the price bound")
    checks["bound below the objective"] = Check(-gap, GAP_TOLERANCE, "objective against the price bound")
    return Certificate(checks, bound, gap, money, weights)


def _as_the_tables_say(case: Case, data: Any, settled: Any, rows: Any, openings: Sequence[Opening]) -> dict[str, Check]:
    """The program is the one that the tables, the model, the journeys and what opens describe: its arrays, its coupling
    rows, and who follows today's pattern, worked out again by other code.
    """
    told = recounted(case, data, openings)
    return {
        "figures as in the tables": _furthest(differences(told, data, settled)),
        "limits as in the tables": _furthest(unlike(case, data, told, rows)),
    }


def _furthest(errors: dict[str, float]) -> Check:
    name = max(errors, key=lambda name: (np.isnan(errors[name]), errors[name]))
    return Check(errors[name], TABLES_TOLERANCE, name)


def relative_gap(objective: float, bound: float, constant: float) -> float:
    """(objective − bound) / (objective − what no decision can change), so that a big constant does not hide a
    scheme.
    """
    return (objective - bound) / max(abs(objective - constant), 1e-4 * abs(objective), 1.0)


def replayed_stock(data: Any, entrants: Floats) -> Floats:
    """[T+1, P] children in each pair each year, from those placed at the start and who enters: the recursion of
    section 3.
    """
    stock = np.zeros_like(entrants)
    stock[0] = data.placed
    told = {name: getattr(data, name) for name in ("line_open", "stay", "carry", "next_pair")}
    for t in range(1, len(stock)):
        stock[t] = entrants[t] + next_year(told, data.pair_cell, data.pair_line, t, stock[t - 1])
    return stock


def _worst(errors: Floats, names: Any) -> tuple[float, str]:
    if not errors.size:
        return 0.0, ""
    place = np.unravel_index(int(np.nanargmax(errors)) if not np.isnan(errors).all() else 0, errors.shape)
    largest = float("nan") if np.isnan(errors).any() else float(errors[place])
    return largest, names(*(int(index) for index in place))


def _cell_name(data: Any, t: int, cell: int) -> str:
    row = data.cells.iloc[cell]
    return f"{row['need']} {row['phase']}, area {row['area']}, {data.years[t]}"


def _pair_name(data: Any, t: int, pair: int) -> str:
    line = data.lines["line"].iloc[data.pair_line[pair]]
    return f"{_cell_name(data, t, int(data.pair_cell[pair]))}, line {line}"


def _by_cell(data: Any, values: Floats) -> Floats:
    return np.stack([totals(data.pair_cell, row, len(data.cells)) for row in values])


def _counted(data: Any, stock: Floats, waiting: Floats) -> Check:
    """Everyone forecast is either in a line or awaiting a place: against the demand table itself."""
    errors = np.abs(_by_cell(data, stock) + waiting - data.demand)[1:]
    error, where = _worst(errors, lambda t, c: _cell_name(data, t + 1, c))
    return Check(error, CHILDREN_TOLERANCE, where)


def _demand_met(data: Any, stock: Floats, entrants: Floats, waiting: Floats) -> Check:
    """Those who start, return or waited last year are placed or wait this year."""
    errors = np.zeros_like(waiting)
    moving = np.flatnonzero(data.next_pair >= 0)
    target = data.next_cell[data.pair_cell[moving]]
    for t in range(1, len(stock)):
        is_open = data.line_open[t][data.pair_line]
        onward = is_open * data.carry[t][data.pair_cell] * stock[t - 1]
        came_along = totals(target, onward[moving], len(data.cells))
        sent_back = totals(data.pair_cell, ~is_open * data.stay[t][data.pair_cell] * stock[t - 1], len(data.cells))
        entering = totals(data.pair_cell, entrants[t], len(data.cells))
        asking = data.entrants[t] + data.stay[t] * waiting[t - 1] + sent_back
        errors[t] = np.abs(entering + came_along + waiting[t] - asking)
    error, where = _worst(errors[1:], lambda t, c: _cell_name(data, t + 1, c))
    return Check(error, CHILDREN_TOLERANCE, where)


def _lawful(data: Any, settled: Any, entrants: Floats) -> Check:
    """Nobody enters a line that does not take them; lines that are never chosen get just those who follow today's
    pattern.
    """
    may_enter = data.eligible & ~data.by_pattern[data.pair_line][None, :]
    short = settled.entrants - entrants
    errors = np.where(may_enter, np.maximum(short, 0.0), np.abs(short))
    error, where = _worst(errors[1:], lambda t, p: _pair_name(data, t + 1, p))
    return Check(error, CHILDREN_TOLERANCE, where)


def _stayers_kept(data: Any, stock: Floats) -> Check:
    """No child leaves a line in the middle of a phase while it is open."""
    kept = np.zeros_like(stock)
    for t in range(1, len(stock)):
        kept[t] = data.line_open[t][data.pair_line] * data.stay[t][data.pair_cell] * stock[t - 1]
    error, where = _worst(np.maximum(kept - stock, 0.0)[1:], lambda t, p: _pair_name(data, t + 1, p))
    return Check(error, CHILDREN_TOLERANCE, where)


def _not_negative(plan: Any) -> Check:
    lowest = min(float(np.min(part, initial=0.0)) for part in (plan.entrants, plan.waiting, plan.slack))
    return Check(-lowest, CHILDREN_TOLERANCE, "entrants, waiting or slack")


def _rows_hold(data: Any, rows: Any, stock: Floats, waiting: Floats, slack: Floats) -> Check:
    """Places of every line, room of every building, and every hard rule."""
    used = np.zeros(len(rows.limit))
    for row, t in enumerate(rows.year):
        for weights, counted, year in (
            (rows.weights, stock, t),
            (rows.before, stock, t - 1),
            (rows.waiting, waiting, t),
        ):
            entries = slice(weights.indptr[row], weights.indptr[row + 1])
            used[row] += weights.data[entries] @ counted[year, weights.indices[entries]]
    errors = np.maximum(np.maximum(used - slack - rows.limit, slack - rows.slack_most), 0.0)
    error, where = _worst(errors, lambda h: f"{rows.family[h]}, {data.years[rows.year[h]]}")
    return Check(error, CHILDREN_TOLERANCE * max(1.0, float(np.max(np.abs(rows.limit), initial=1.0)) * 1e-3), where)


def recomputed_money(case: Case, data: Any, stock: Floats, waiting: Floats, openings: Sequence[Opening] = ()) -> float:
    """£ discounted: every child's fee and journey, every place and every option, looked up again."""
    years = data.years.tolist()
    used = np.flatnonzero(stock.any(axis=0))
    line = data.pair_line[used]
    settings = positions(case.tables.settings["setting"], data.lines["setting"])[line]
    fee = fees(case, data, years)[:, used]
    transport = transport_per_child(case, settings, data.lines["type"].iloc[line], data.km[used], years)
    default = (1 + case.model.finance.inflation_of("default")) ** (data.years - case.model.base_year)
    spent = (stock[:, used] * (fee + transport)).sum(axis=1) + _place_funding(case, data, stock)
    spent += waiting.sum(axis=1) * case.model.finance.awaiting_cost * default
    spent += option_costs(case, data, openings).sum(axis=1)
    return float(data.discount[1:] @ spent[1:])


def _place_funding(case: Case, data: Any, stock: Floats) -> Floats:
    """[T+1] £ of the year for all places that are open: filled ones at one rate, empty ones at theirs."""
    rates = place_rates(case, data.lines, data.years.tolist())
    counted = data.line_open & np.isfinite(data.commissioned)
    number = np.where(counted, data.commissioned, 0.0)
    children = np.stack([totals(data.pair_line, row, len(data.lines)) for row in stock])
    filled = np.minimum(data.committed, number) + np.where(counted, children, 0.0)
    return np.asarray((rates.filled * filled + rates.empty * (number - filled)).sum(axis=1))


def recomputed_weights(data: Any, rows: Any, stock: Floats, plan: Any) -> float:
    """£ discounted of policy weights: children off designation, travelling, waiting, above places, beyond a soft
    rule.
    """
    total = float(np.einsum("t,tp,tp->", data.discount[1:], data.policy[1:], stock[1:]))
    total += float((data.discount * data.awaiting_weight * plan.waiting.sum(axis=1))[1:].sum())
    return total + float(rows.slack_cost[rows.slack_most > 0] @ plan.slack[rows.slack_most > 0])


def price_bound(data: Any, settled: Any, rows: Any, prices: Floats) -> float:
    """£ discounted: a cost that no plan can undercut, for any prices ≥ 0 on the coupling rows (section 6)."""
    return bound_and_values(data, settled, rows, prices)[0]


def usable_prices(rows: Any, prices: Floats) -> Floats:
    """[H] prices that bound something: none below 0, none above what slack without limit would cost."""
    finite = np.isfinite(rows.slack_most)
    return np.maximum(np.where(finite, prices, np.minimum(prices, rows.slack_cost)), 0.0)


def bound_and_values(data: Any, settled: Any, rows: Any, prices: Floats) -> tuple[float, Floats]:
    """The bound at prices, and [T+1, C] what one more child of each cell and year would add to it.

    One backward pass over the years: with the shared rows priced, every cell takes its cheapest arc or waits.
    """
    finite = np.isfinite(rows.slack_most)
    price = usable_prices(rows, prices)
    values = np.zeros((len(data.years), len(data.cells)))
    cells, pairs, last = len(data.cells), len(data.pair_cell), len(data.years) - 1
    bound = -float(price @ rows.limit)
    relief = np.minimum(0.0, rows.slack_cost - price)[finite & (rows.slack_most > 0)]
    bound += float(relief @ rows.slack_most[finite & (rows.slack_most > 0)])
    bound += float(data.discount[1:] @ (data.place_funding + data.option_cost)[1:].sum(axis=1))
    value_after, cost_after = (
        np.zeros(cells),
        np.zeros(pairs),
    )  # λ and R of the year after; none after the last
    moving = data.next_pair >= 0
    onward_cell = data.next_cell[data.pair_cell]
    arcs = data.eligible & ~data.by_pattern[data.pair_line][None, :]
    for t in range(last, -1, -1):
        to_go = np.zeros(pairs)
        waiting_on = np.zeros(cells)
        if t < last:
            stay = data.stay[t + 1][data.pair_cell]
            carry = data.carry[t + 1][data.pair_cell]
            is_open = data.line_open[t + 1][data.pair_line]
            onward = np.where(moving, cost_after[data.next_pair] - value_after[onward_cell], 0.0)
            to_go = np.where(is_open, stay * cost_after + carry * onward, stay * value_after[data.pair_cell])
            waiting_on = data.stay[t + 1] * value_after
        here, later = (np.flatnonzero((rows.year == year) & (price > 0)) for year in (t, t + 1))
        priced = rows.weights[here].T @ price[here] + rows.before[later].T @ price[later]
        if t == 0:
            bound += float(data.placed @ (to_go + priced)) + float(data.waiting_at_start @ waiting_on)
            break
        cost = data.discount[t] * (data.k[t] + data.policy[t]) + priced + to_go
        value = data.discount[t] * (data.awaiting_money[t] + data.awaiting_weight[t]) + waiting_on
        value = value + rows.waiting[here].T @ price[here]
        np.minimum.at(value, data.pair_cell[arcs[t]], cost[arcs[t]])
        fixed = settled.entrants[t]
        bound += float(data.entrants[t] @ value) + float(fixed @ (cost - value[data.pair_cell]))
        values[t] = value
        value_after, cost_after = value, cost
    return bound, values

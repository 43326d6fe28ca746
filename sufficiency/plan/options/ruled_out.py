"""Whole openings with which no plan keeps the hard rules, proven by prices, and what else that rules out.

A hard rule has no highest price. Where openings cannot keep it, prices in the direction in which those of its row rise
without end prove any cost of them: a cut like any other, worked out at these openings alone, for its slopes are far too
steep for a program over openings. What it rules out besides is a row: at least one of the openings differs whose change
could lower it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from sufficiency.arrays import Flags, Floats
from sufficiency.plan.options.effects import OptionModel
from sufficiency.plan.options.master import Allowed, Cut, cut_of

FURTHER = (1.0, 1e3, 1e6, 1e9)
"""Times as far in the direction in which prices went from the last run to this one that a proof is looked for."""
TIMES_ANY_PLAN = 1e3
"""Times what the most expensive plan could cost that openings have to be proven to cost."""
ROUNDING = 1e-11
"""Children, as a share of all: a miss below it may be rounding and proves nothing."""


@dataclass(frozen=True)
class RuledOut:
    """Openings `y` [Y], of which those that open whole count, and a cut by which a plan with them costs at least
    `cost` (£ discounted), more than any plan.
    """

    y: Floats = field(repr=False)
    cut: Cut = field(repr=False)
    cost: float

    def row(self, whole: Flags, upper: Floats) -> tuple[Floats, float] | None:
        """Weights [Y] and the most they may come to with openings that are not ruled out, as far as options that open
        in part open up to `upper` [Y]; None where with so much of them these openings are not ruled out.
        """
        spare = self.cut.least(np.where(whole, self.y, 0.0), np.where(whole, self.y, upper)) - self.cost
        if spare < 0:
            return None
        lowered = np.where(whole, np.maximum((2 * self.y - 1) * self.cut.coefficients, 0.0), 0.0)
        order = np.argsort(lowered, kind="stable")
        counts = np.zeros(len(order), dtype=bool)
        counts[order] = np.cumsum(lowered[order]) > spare
        weights = np.where(counts, np.where(self.y > 0, 1.0, -1.0), 0.0)
        return weights, float((counts & (self.y > 0)).sum() - 1)


def beyond_any_plan(found: OptionModel) -> float:
    """£ discounted that no plan comes near: everyone in the most expensive place or waiting every year, everything
    open, a thousand times over.
    """
    data, rows = found.instance.data, found.instance.rows
    waiting = data.discount * (data.awaiting_money + data.awaiting_weight)
    a_child = float(max(np.abs(data.unit_cost).max(initial=0.0), np.abs(waiting).max(initial=0.0)))
    a_child += float(np.where(np.isfinite(rows.slack_cost), np.abs(rows.slack_cost), 0.0).max(initial=0.0))
    fixed = float(np.abs(found.choices.cost).sum() + np.abs(data.place_funding).sum())
    return TIMES_ANY_PLAN * max(float(data.demand.sum()) * a_child + fixed, 1.0)


def ruled_out(found: OptionModel, y: Floats, upper: Floats, before: Floats, now: Floats) -> RuledOut | None:
    """What prices `now` [H] prove, or such as lie further in the direction in which they went from those `before`:
    that openings y, or such as open in part up to `upper`, keep no hard rules; None where they do not prove it.
    """
    cost, whole, children = beyond_any_plan(found), found.choices.whole, float(found.instance.data.demand.sum())
    lower, most = np.where(whole, y, 0.0), np.where(whole, y, upper)
    for times in FURTHER:
        cut = cut_of(found, np.maximum(before + times * (now - before), 0.0))
        if cut.least(lower, most) >= max(cost, ROUNDING * children * float(cut.prices.max(initial=0.0))):
            return RuledOut(lower, cut, cost)
    return None


def without(allowed: Allowed, row: tuple[Floats, float]) -> Allowed:
    """What openings must keep to, with a row more."""
    return Allowed(allowed.upper, np.vstack([allowed.rows, row[0]]), np.append(allowed.most, row[1]))

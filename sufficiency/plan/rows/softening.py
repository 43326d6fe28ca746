"""Rows that may be missed at a price: hard rules and smallest fills made soft, so that a program has a solution."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sufficiency.arrays import Flags, Floats
from sufficiency.plan.instance.costs import with_only_costs
from sufficiency.plan.rows.coupling import Coupling
from sufficiency.plan.rows.families import Family
from sufficiency.plan.rows.instance import Instance

ELASTIC = 100.0
"""Times the weight of a child awaiting a place: what a child beyond a hard rule or short of a smallest fill costs while
openings are searched. A plan that pays it is none.
"""
LITTLE, DEAREST = 1e-3, 1e10
"""Where a child counts for less than 1 in a row, a miss costs so many times more; but for this little at most, and £ so
much at most.
"""


def hard_rows(rows: Coupling) -> Flags:
    """[H] rows of rules that must hold."""
    return np.asarray(rows.of_rules & (rows.slack_most == 0))


def hard_items(instance: Instance) -> list[int]:
    """The hard rules, by their positions among all."""
    return sorted(set(instance.rows.item[hard_rows(instance.rows)].tolist()))


def softened(rows: Coupling, soft: Flags, price: Floats | float) -> Coupling:
    """The rows with those that are `soft` [H] missed by any number at a `price` [H] (£ discounted a child)."""
    return replace(
        rows,
        slack_cost=np.where(soft, price, rows.slack_cost),
        slack_most=np.where(soft, np.inf, rows.slack_most),
        may_slack=rows.may_slack | soft,
    )


def loose(rows: Coupling, counted: Flags, price: Floats) -> Coupling:
    """The rows with what is missed of hard rules paid for: those `counted` at the `price` [H], others at nothing."""
    return softened(rows, hard_rows(rows), np.where(counted, price, 0.0))


def with_a_price_on_hard_rows(instance: Instance) -> tuple[Instance, Flags]:
    """The case with every hard rule and smallest fill made soft at a price no plan would pay, and which rows those
    are.
    """
    rows = instance.rows
    hard = (rows.of_rules | (rows.family == Family.FILL)) & (rows.slack_most == 0)
    data = instance.data
    dearest = float(max((data.discount * data.awaiting_weight).max(), data.unit_cost.max(initial=0.0)))
    dear = np.minimum(ELASTIC * dearest / _least_weight(rows, hard), DEAREST)
    return replace(instance, rows=softened(rows, hard, dear)), hard


def _least_weight(rows: Coupling, hard: Flags) -> Floats:
    """[H] how little a child may count in a hard row; 1 elsewhere, and never above it."""
    least = np.ones(len(rows.limit))
    for row in np.flatnonzero(hard):
        weights = np.abs(np.concatenate([rows.weights[row].data, rows.waiting[row].data]))
        least[row] = np.clip(weights[weights > 0].min(initial=1.0), LITTLE, 1.0)
    return least


def costing_nothing(instance: Instance) -> Instance:
    """The case with no cost but that of what rows are missed by, and none of that."""
    rows = replace(instance.rows, slack_cost=np.zeros_like(instance.rows.slack_cost))
    return replace(instance, data=with_only_costs(instance.data), rows=rows)

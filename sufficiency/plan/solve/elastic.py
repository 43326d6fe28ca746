"""The least miss of hard rules, and which of them clash.

Every hard rule is made soft, at a price a child that no plan would pay. If none is missed, they can be kept. Whether
they clash the prices prove, over all arcs: with nothing but rules to keep and nothing that costs anything, a bound
above 0 says that no plan keeps them. (What things really cost stays in the program so that there are few ties; where
it blurs the answer, it is asked again with nothing that costs anything.) Otherwise rules are let go one by one as long
as the others still clash: those left clash, and no smaller set of them does (deletion filter: Chinneck, Feasibility and
Infeasibility in Optimization, 2008).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

import numpy as np

from sufficiency.arrays import Flags, Floats
from sufficiency.deadline import Deadline
from sufficiency.plan.dual.lagrangian import price_all_arcs
from sufficiency.plan.pricing.column_generation import Priced, generate_columns
from sufficiency.plan.program.lp import slack_of
from sufficiency.plan.rows.instance import Instance
from sufficiency.plan.rows.softening import costing_nothing, hard_items, hard_rows, loose, with_a_price_on_hard_rows
from sufficiency.plan.tolerances import SMALLEST_MISS
from sufficiency.progress import Progress, silent

A_CHILD = 1e6
"""Cost of a miss of one child where nothing else costs anything: far above the £ below which pricing adds no column."""
DEARER = 1e3
"""Times as expensive as in the search for openings is a miss here: even a small one stands out."""
OF_THE_CLASH = 1e-3
"""Share of the price of a miss from which the price of a row says that it takes part in a clash, and is no mere cost.
"""
Part = TypeVar("Part")


@dataclass(frozen=True)
class Elastic:
    """The least miss of some hard rules, others let go, priced over all arcs: `slack` [H] on the coupling rows, at a
    `price` [H]. `kept`: they can be kept together (where options may open: if they may in parts); `clash`: it is proven
    that they cannot.
    """

    priced: Priced = field(repr=False)
    slack: Floats = field(repr=False)
    price: Floats = field(repr=False)
    kept: bool
    clash: bool

    @property
    def active(self) -> Flags:
        """[H] rows that are missed, or would be if others were not."""
        return np.asarray((self.slack > SMALLEST_MISS) | (self.priced.prices > OF_THE_CLASH * self.price))


def least_miss(instance: Instance, deadline: Deadline, items: list[int], *, costs: bool = True) -> Elastic:
    """The least miss of the hard rules among `items`; asked without costs only where they blur the answer, or where
    `costs` are not to count: then every child missed counts the same.
    """
    rows, nothing = instance.rows, costing_nothing(instance)
    counted = hard_rows(rows) & np.isin(rows.item, items)
    dear = DEARER * with_a_price_on_hard_rows(instance)[0].rows.slack_cost
    for case, price in ((instance, dear), (nothing, np.full(len(counted), A_CHILD)))[0 if costs else 1 :]:
        free = replace(case, rows=loose(case.rows, counted, price))
        priced = generate_columns(free, deadline=deadline, last_in_pulp=False)
        ended = priced.solution.optimal
        slack = slack_of(rows, priced.program, priced.solution.columns) if ended else np.zeros(len(rows.limit))
        kept = ended and float(slack[counted].sum()) <= SMALLEST_MISS
        unpaid = loose(nothing.rows, counted, price)
        proven = price_all_arcs(replace(nothing, rows=unpaid), priced.flows, priced.prices).bound
        clash = ended and proven > SMALLEST_MISS * price[counted].max(initial=0.0)
        elastic = Elastic(priced, slack, price, kept, clash)
        if kept or clash:
            break
    return elastic


def none_spared(parts: Sequence[Part], clash: Callable[[list[Part]], bool], progress: Progress = silent) -> list[Part]:
    """Of the `parts` of a clash those that still `clash` when the others are let go, and of which none can be spared,
    as far as `clash` says; those that come first are let go first.
    """
    left = list(parts)
    for one in parts:
        progress("Solve", f"which of {len(left)} hard rules and limits clash")
        others = [other for other in left if other != one]
        if clash(others):
            left = others
    return left


Miss = Callable[[Instance, list[int]], Elastic]
"""The least miss of some hard rules of a case."""


def irreducible_subset(
    instance: Instance, elastic: Elastic, miss: Miss, progress: Progress = silent
) -> tuple[Elastic, list[int]]:
    """Rules that clash and of which none can be left out, as far as there was time to see, with their least miss."""
    every, rows = hard_items(instance), elastic.priced.instance.rows
    active = elastic.active & rows.of_rules & np.isin(rows.item, every)
    clashing = sorted(set(rows.item[active].tolist()))
    if clashing != every and not miss(instance, clashing).clash:
        clashing = every
    clashing = none_spared(clashing, lambda some: bool(some) and miss(instance, some).clash, progress)
    last = miss(instance, clashing)
    return last if last.clash else elastic, clashing

"""Hard rules that cannot be kept together whatever opens: what prices prove of all openings at once."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sufficiency.arrays import Flags, Floats
from sufficiency.deadline import Deadline
from sufficiency.plan.options.effects import OptionModel
from sufficiency.plan.options.master import Master, anything, cut_of
from sufficiency.plan.options.relaxation import Live, relaxed, relaxed_on_coarse_maps
from sufficiency.plan.pricing.column_generation import Priced
from sufficiency.plan.program.lp import slack_of
from sufficiency.plan.rows.softening import costing_nothing, hard_rows, loose, softened
from sufficiency.plan.solve.elastic import Elastic
from sufficiency.plan.tolerances import SMALLEST_MISS


def clash_whatever_opens(found: OptionModel, live: Live) -> bool:
    """Whether the prices of a live program of `found`, or of a coarser map of it, prove that no openings, in parts or
    whole, let a plan keep the hard rules. False where they prove nothing.
    """
    counted = hard_rows(found.instance.rows)
    if not counted.any() or not live.optimal or live.keeps_hard_rows:
        return False
    return _none_opening_keeps(found, counted, np.where(counted, live.case.rows.slack_cost, 0.0), live.prices)


def _none_opening_keeps(found: OptionModel, counted: Flags, price: Floats, prices: Floats) -> bool:
    """Whether `prices` [H] prove that no openings keep the rules of the rows `counted`, missed at a `price` [H]."""
    nothing = costing_nothing(found.instance)
    nothing = replace(nothing, rows=loose(nothing.rows, counted, price))
    choices = replace(found.choices, cost=np.zeros(len(found.choices)))
    free = replace(found, instance=nothing, choices=choices, preferences=found.preferences.without_cost())
    cut = cut_of(free, prices)
    least = Master(choices, anything(len(choices)), (cut,), 1)
    bound, _ = least.lowest(np.ones(len(choices)), np.zeros(len(choices.schemes), dtype=bool))
    return bool(SMALLEST_MISS * price.max(initial=0.0) < bound < np.inf)


def least_miss_whatever_opens(found: OptionModel, items: list[int], deadline: Deadline) -> Elastic:
    """The least miss of the hard rules among `items`, others let go, with any share of any option open."""
    rows = found.instance.rows
    hard = hard_rows(rows)
    counted = hard & np.isin(rows.item, items)
    free = replace(found, instance=replace(found.instance, rows=softened(rows, hard & ~counted, 0.0)))
    prices = None
    for coarse in relaxed_on_coarse_maps(free, deadline):
        prices = coarse.prices if coarse.optimal else None
    live = relaxed(free, prices, deadline)
    price = np.where(counted, live.case.rows.slack_cost, 0.0)
    columns = live.last.columns if live.optimal else np.zeros(0)
    slack = slack_of(rows, live.last.program, columns) if live.optimal else np.zeros(len(rows.limit))
    prices = live.prices if live.optimal else np.zeros(len(rows.limit))
    kept = live.optimal and live.keeps_hard_rows and float(slack[counted].sum()) <= SMALLEST_MISS
    clash = live.optimal and not kept and _none_opening_keeps(found, counted, price, prices)
    solution = replace(live.solution, columns=columns)
    priced = Priced(found.instance, live.flows, live.last.program, solution, prices, deadline)
    return Elastic(priced, slack, price, kept, clash)

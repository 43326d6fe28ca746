"""Weights that depend on the case: what a child-year of waiting and a missed rule cost (mathematics page, objective).

A child must never wait because a place is cheaper a year later. So a year of waiting costs, by default, a tenth more
than the most expensive whole stay that an arc of the base model leads to, and a missed rule twice that.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from sufficiency.arrays import Floats, Ints
from sufficiency.case import Case, Defaults
from sufficiency.model import Model
from sufficiency.plan.instance.data import InstanceData
from sufficiency.plan.tolerances import SAME_WEIGHT

MARGIN = 1.1
"""A year of waiting costs this much of the most expensive stay."""
BREACHES = 2.0
"""A child by whom a rule is missed costs as much as this many child-years awaiting a place."""


def cost_of_stays(data: InstanceData) -> Floats:
    """[T+1, P] G: discounted £ (money and policy weights) of a child who takes a pair in a year, for as long as they
    stay in its line: to the end of the plan, or until it closes. Row 0 is 0.
    """
    cost = np.zeros_like(data.unit_cost)
    movers = np.flatnonzero(data.next_pair >= 0)
    onward = data.next_pair[movers]
    after = np.zeros(len(data.pair_cell))
    for t in range(data.horizon, 0, -1):
        cost[t] = data.unit_cost[t] + after
        after = data.stay[t][data.pair_cell] * cost[t]
        after[movers] += data.carry[t][data.pair_cell[movers]] * cost[t][onward]
        after *= data.line_open[t][data.pair_line]
    return cost


def dearest_stay(data: InstanceData, model: Model, inflation: float) -> float:
    """£ of the base year: max − min(0, min) of G over all arcs, those of options included; `inflation` a year brings
    the pounds of a year to those of the base year. 0 without an arc.
    """
    pounds = _undiscounted(data) / _grown(data.years[1:], model, inflation)[:, None]
    on_arcs = pounds[data.eligible[1:]]
    return float(on_arcs.max() - min(0.0, on_arcs.min())) if len(on_arcs) else 0.0


def default_weight(data: InstanceData, model: Model, inflation: float) -> float:
    """W₀: £ of the base year for a child-year awaiting a place."""
    return MARGIN * dearest_stay(data, model, inflation)


def defaults_of(case: Case, data: InstanceData) -> Defaults:
    """What the case carries, or, for a base model, what is worked out from its own arrays."""
    if case.defaults is not None:
        return case.defaults
    inflation = case.model.finance.highest_inflation
    given = case.model.weights.awaiting_place
    return Defaults(default_weight(data, case.model, inflation) if given is None else given, inflation)


def with_weights(data: InstanceData, model: Model, defaults: Defaults) -> InstanceData:
    """The arrays with `awaiting_weight` and `breach_weight` in £ of the year: as the model gives them, else by
    default; both grow with the highest inflation of the base model.
    """
    given = model.weights
    awaiting = defaults.awaiting_place if given.awaiting_place is None else given.awaiting_place
    breach = BREACHES * awaiting if given.rule_breach is None else given.rule_breach
    growth = _grown(data.years, model, defaults.highest_inflation)
    return replace(data, awaiting_weight=awaiting * growth, breach_weight=breach * growth)


@dataclass(frozen=True)
class CheapWait:
    """Places of a type that it is cheaper to do without for a year: in `year` the most expensive stay comes to `stay`
    £, a child-year awaiting a place to `wait` £, both of that year.
    """

    type: str
    year: int
    stay: float
    wait: float


def cheap_waits(data: InstanceData) -> list[CheapWait]:
    """Types of settings with a stay that costs more than a year of waiting: the most expensive year of each."""
    wait = (data.awaiting_weight + data.awaiting_money)[1:]
    kinds, names = pd.factorize(data.lines["type"], sort=True)
    of_pair = kinds[data.pair_line]
    stays = np.where(data.eligible[1:], _undiscounted(data), -np.inf)
    cheap = []
    for kind, name in enumerate(names):
        dearest = stays[:, of_pair == kind].max(axis=1, initial=-np.inf)
        t = int((dearest / np.maximum(wait, 1.0)).argmax())
        if dearest[t] > wait[t] * (1 + SAME_WEIGHT):
            cheap.append(CheapWait(str(name), int(data.years[1 + t]), float(dearest[t]), float(wait[t])))
    return cheap


def _undiscounted(data: InstanceData) -> Floats:
    """[T, P] G of the plan years in £ of the year in which the child enters."""
    return np.asarray(cost_of_stays(data)[1:] / data.discount[1:, None])


def _grown(years: Ints, model: Model, inflation: float) -> Floats:
    """Pounds of each year for one of the base year."""
    return np.asarray((1.0 + inflation) ** (years - model.base_year), dtype=np.float64)

"""The money and the policy weights of the objective, as arrays (mathematics page, objective)."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from sufficiency.arrays import Flags, Floats, Ints, alike, first_of_each, positions
from sufficiency.case import Case
from sufficiency.plan.instance.data import InstanceData
from sufficiency.plan.instance.supply import LineYears
from sufficiency.rates import (
    child_rates,
    place_rates,
    transport_per_child,
)


def pair_keys(cells: pd.DataFrame, lines: pd.DataFrame, pair_cell: Ints, pair_line: Ints) -> pd.DataFrame:
    """What cost rows are matched on, for each pair."""
    of_line = lines[["line", "setting", "type"]].iloc[pair_line].reset_index(drop=True)
    return of_line.join(cells[["level", "need", "phase"]].iloc[pair_cell].reset_index(drop=True))


def pair_money(
    case: Case,
    cells: pd.DataFrame,
    lines: pd.DataFrame,
    counted: Flags,
    pair_cell: Ints,
    pair_line: Ints,
    years: Ints,
    km: Floats,
) -> Floats:
    """[T+1, P] £ of the year for a child: top-up or fee, transport, and what filling an otherwise empty place saves on
    place funding.

    `counted` [T+1, L]: the line is open with a number of places. Where empty places are paid apart, each child
    saves the difference (it is linear, so it belongs to the child).
    """
    (kind,) = alike((cells,), ["level", "need", "phase"])
    priced = pd.factorize(kind[pair_cell] * len(lines) + pair_line)[0]  # children of one kind in a line cost the same
    first = first_of_each(priced)
    keys = pair_keys(cells, lines, pair_cell[first], pair_line[first])
    setting = positions(case.tables.settings["setting"], lines["setting"])[pair_line]
    types = lines["type"].iloc[pair_line].reset_index(drop=True)
    asked = years.tolist()
    fee = child_rates(case, keys, asked).pounds[:, priced]
    transport = transport_per_child(case, setting, types, km, asked)
    rates = place_rates(case, lines, asked)
    saved = np.where(counted, rates.filled - rates.empty, 0.0)[:, pair_line]
    return np.asarray(fee + transport + saved)


@dataclass(frozen=True)
class YearlyMoney:
    """Rows over the years, base year first: discount δ, place funding [T+1, L], what a child who waits costs, and the
    weights of a child above the places and of a preference that gives way, in £ of the year.
    """

    discount: Floats
    default_factor: Floats
    place_funding: Floats
    awaiting_money: Floats
    over_weight: Floats
    over_money: Floats
    preference_weight: Floats


def yearly_money(case: Case, lines: pd.DataFrame, places: LineYears, years: Ints) -> YearlyMoney:
    """Discounting, place funding and weights by year, but for those that depend on the arcs (`defaults`)."""
    finance = case.model.finance
    default = np.asarray((1.0 + finance.inflation_of("default")) ** (years - case.model.base_year), dtype=np.float64)
    committed = np.minimum(places.imported + places.reserved, places.commissioned)
    rates = place_rates(case, lines, years.tolist())
    taken, number = np.where(places.counted, committed, 0.0), np.where(places.counted, places.commissioned, 0.0)
    funding = rates.empty * (number - taken) + rates.filled * taken
    over_weight = case.model.weights.over_places * default
    above = np.maximum(rates.empty - rates.filled, -over_weight[:, None])  # a child above the places empties none
    return YearlyMoney(
        discount=discount_factors(len(years) - 1, finance.discount, finance.tail_years),
        default_factor=default,
        place_funding=funding,
        awaiting_money=finance.awaiting_cost * default,
        over_weight=over_weight,
        over_money=np.where(places.counted, above, 0.0),
        preference_weight=case.model.weights.preference_missed * default,
    )


def discount_factors(horizon: int, rate: float, tail_years: int) -> Floats:
    """δ[t] = (1 + rate)^−(t−1) for t = 0…horizon; the last year also counts for the `tail_years` that repeat it.

    δ[0] is 0: the base year is past.
    """
    factors = np.asarray((1.0 + rate) ** -(np.arange(horizon + 1) - 1.0), dtype=np.float64)
    factors[0] = 0.0
    factors[-1] = sum((1 + rate) ** -(horizon - 1.0 + later) for later in range(tail_years + 1))
    return factors


def with_only_costs(
    data: InstanceData, *, k: Floats | None = None, awaiting_weight: Floats | None = None
) -> InstanceData:
    """The arrays with no cost of children, places, options, waiting and preferences but those given."""
    never = np.zeros_like(data.awaiting_money)
    return replace(
        data,
        k=np.zeros_like(data.k) if k is None else k,
        policy=np.zeros_like(data.policy),
        place_funding=np.zeros_like(data.place_funding),
        option_cost=np.zeros_like(data.option_cost),
        awaiting_money=never,
        awaiting_weight=never if awaiting_weight is None else awaiting_weight,
        preference_weight=never,
    )

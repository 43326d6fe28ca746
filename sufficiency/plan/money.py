"""The money and the policy weights of the objective, as arrays (planning model, section 4)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sufficiency.arrays import Flags, Floats, Ints, alike, first_of_each, positions
from sufficiency.case import Case
from sufficiency.plan.lines import LineYears
from sufficiency.rates import (
    child_rates,
    inflation_factor,
    inflation_factors,
    place_rates,
    transport_per_child,
)


@dataclass(frozen=True)
class PairMoney:
    """`k` [T+1, P] £/child/year of the year; `k_in_base_pounds` the same without inflation."""

    k: Floats
    k_in_base_pounds: Floats


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
) -> PairMoney:
    """Top-up or fee, transport, and what filling an otherwise empty place saves on place funding.

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
    in_base_pounds = (fee + saved) / inflation_factors(case, lines["type"], asked)[:, pair_line]
    in_base_pounds += transport[:1] / inflation_factor(case, "transport", asked[0])
    return PairMoney(fee + transport + saved, in_base_pounds)


@dataclass(frozen=True)
class YearlyMoney:
    """Rows over the years, base year first: discount δ, place funding [T+1, L], and weights in £ of the year."""

    discount: Floats
    default_factor: Floats
    place_funding: Floats
    awaiting_money: Floats
    awaiting_weight: Floats
    over_weight: Floats
    breach_weight: Floats
    preference_weight: Floats


def yearly_money(
    case: Case,
    lines: pd.DataFrame,
    places: LineYears,
    k_in_base_pounds: Floats,
    possible: Flags,
    years: Ints,
) -> YearlyMoney:
    """Discounting, place funding and weights by year. `possible` [T+1, P]: pairs that entrants may take."""
    model = case.model
    finance, weights = model.finance, model.weights
    elapsed = years - model.base_year
    default = _grown(finance.inflation_of("default"), elapsed)
    highest = _grown(max(finance.inflation_of("default"), *finance.inflation.values()), elapsed)
    committed = np.minimum(places.imported + places.reserved, places.commissioned)
    rates = place_rates(case, lines, years.tolist())
    taken, number = np.where(places.counted, committed, 0.0), np.where(places.counted, places.commissioned, 0.0)
    funding = rates.empty * (number - taken) + rates.filled * taken
    plan = np.where(possible[1:], k_in_base_pounds[1:], -np.inf)
    dearest = float(plan.max(initial=0.0))
    awaiting = weights.awaiting_place if weights.awaiting_place is not None else 2 * dearest
    breach = weights.rule_breach if weights.rule_breach is not None else 10 * awaiting
    return YearlyMoney(
        discount=discount_factors(len(years) - 1, finance.discount, finance.tail_years),
        default_factor=default,
        place_funding=funding,
        awaiting_money=finance.awaiting_cost * default,
        awaiting_weight=awaiting * highest,
        over_weight=weights.over_places * default,
        breach_weight=breach * default,
        preference_weight=weights.preference_missed * default,
    )


def _grown(rate: float, elapsed: Ints) -> Floats:
    return np.asarray((1.0 + rate) ** elapsed, dtype=np.float64)


def discount_factors(horizon: int, rate: float, tail_years: int) -> Floats:
    """δ[t] = (1 + rate)^−(t−1) for t = 0…horizon; the last year also counts for the `tail_years` that repeat it.

    δ[0] is 0: the base year is past.
    """
    factors = np.asarray((1.0 + rate) ** -(np.arange(horizon + 1) - 1.0), dtype=np.float64)
    factors[0] = 0.0
    factors[-1] = sum((1 + rate) ** -(horizon - 1.0 + later) for later in range(tail_years + 1))
    return factors

"""What a child, a place and a policy weight cost, worked out again for the certificate."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from sufficiency.arrays import Floats, Ints, Objects, alike, first_of_each, positions
from sufficiency.case import Case
from sufficiency.codes import NOT_GIVEN
from sufficiency.rates import MOST_SPECIFIC_FIRST, ChildRates, PlaceRates, child_rates, place_rates, transport_per_child

Recounted = dict[str, Any]
"""Arrays by the name they have in the plan."""


def money(case: Case, data: Any, told: Recounted) -> Recounted:
    """£ of the year: a child in each pair `k` [T+1, P], and the places of each line whoever fills them [T+1, L]."""
    asked = data.years.tolist()
    rates, transport = place_rates(case, data.lines, asked), travel(case, data, told, asked)
    there = told["line_open"] & told["started"] & np.isfinite(told["commissioned"])
    filled = np.where(there, rates.filled - rates.empty, 0.0)[:, data.pair_line]
    return {
        "k": fees(case, data, asked) + filled + transport,
        "transport": transport,
        "place_rates": rates,
        "place_funding": place_funding(told | {"place_rates": rates}),
    }


def place_funding(told: Recounted) -> Floats:
    """[T+1, L] £ of the year for the places of each line, but for what our own children add by filling them."""
    rates: PlaceRates = told["place_rates"]
    there = told["line_open"] & told["started"] & np.isfinite(told["commissioned"])
    number, taken = (np.where(there, told[name], 0.0) for name in ("commissioned", "committed"))
    return np.asarray(rates.filled * taken + rates.empty * (number - taken))


def travel(case: Case, data: Any, told: Recounted, asked: list[int]) -> Floats:
    """[T+1, P] home-to-school transport of a child."""
    setting = positions(case.tables.settings["setting"], data.lines["setting"])[data.pair_line]
    return transport_per_child(case, setting, data.lines["type"].iloc[data.pair_line], told["km"], asked)


def fees(case: Case, data: Any, asked: list[int]) -> Floats:
    """[T+1, P] fee or top-up of a child."""
    rates, where = _rates(case, data, asked)
    return np.asarray(rates.pounds[:, where])


def fee_lines(case: Case, data: Any, asked: list[int]) -> Objects:
    """[T+1, P] the budget line of the fee or top-up."""
    rates, where = _rates(case, data, asked)
    return np.where(rates.budget_line == "", NOT_GIVEN, rates.budget_line)[:, where]


def _rates(case: Case, data: Any, asked: list[int]) -> tuple[ChildRates, Ints]:
    """Rates looked up once for children of one need, level and phase in a line, and which of them each pair has."""
    (kinds,) = alike((data.cells,), ["level", "need", "phase"])
    where = pd.factorize(kinds[data.pair_cell] * len(data.lines) + data.pair_line)[0]
    first = first_of_each(where)
    line, cell = data.lines.iloc[data.pair_line[first]], data.cells.iloc[data.pair_cell[first]]
    columns = {name: (line if name in line else cell)[name].to_numpy(dtype=object) for name in MOST_SPECIFIC_FIRST}
    return child_rates(case, pd.DataFrame(columns), asked), where


def weights(case: Case, data: Any, told: Recounted) -> Recounted:
    """Policy weights of a child in each pair [T+1, P] and of the year [T+1], £ of the year; the discount factors."""
    model, since = case.model, data.years - case.model.base_year
    finance, travel, given = model.finance, model.travel, model.weights
    default = (1 + finance.inflation_of("default")) ** since
    fastest = (1 + max(finance.inflation_of("default"), *finance.inflation.values())) ** since
    hours = told["minutes"] / 60 * travel.days * travel.trips_per_day
    child = (1 - told["match"]) * given.off_designation + hours * given.hour_travelled
    child += np.where(told["over_limit"], given.over_limit, 0.0)
    awaiting = given.awaiting_place if given.awaiting_place is not None else 2 * _dearest(case, data, told)
    breach = given.rule_breach if given.rule_breach is not None else 10 * awaiting
    return {
        "policy": np.outer(default, child),
        "awaiting_weight": awaiting * fastest,
        "awaiting_money": finance.awaiting_cost * default,
        "over_weight": given.over_places * default,
        "breach_weight": breach * default,
        "discount": discounting(len(since) - 1, finance.discount, finance.tail_years),
    }


def _dearest(case: Case, data: Any, told: Recounted) -> float:
    """£ of the dearest place with its journey that anybody may take in the plan, in base-year pounds."""
    rate = np.array([1 + case.model.finance.inflation_of(kind) for kind in data.lines["type"]], dtype=float)
    grown = rate[None, :] ** (data.years - case.model.base_year)[:, None]
    base = (told["k"] - told["transport"]) / grown[:, data.pair_line] + told["transport"][:1]
    return float(np.where(told["eligible"][1:], base[1:], 0.0).max(initial=0.0))


def discounting(horizon: int, rate: float, tail: int) -> Floats:
    """[T+1] δ: 0 for the base year, 1 for the first plan year; the last year counts for the tail as well."""
    each = np.array([1 / (1 + rate) ** t for t in range(horizon + tail)])
    return np.concatenate([[0.0], each[: horizon - 1], [each[horizon - 1 :].sum()]])

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
    hours = told["minutes"] / 60 * travel.days * travel.trips_per_day
    child = (1 - told["match"]) * given.off_designation + hours * given.hour_travelled
    child += np.where(told["over_limit"], given.over_limit, 0.0)
    found = {
        "policy": np.outer(default, child),
        "awaiting_money": finance.awaiting_cost * default,
        "over_weight": given.over_places * default,
        "discount": discounting(len(since) - 1, finance.discount, finance.tail_years),
    }
    held = case.defaults
    rates = [finance.inflation_of(kind) for kind in {"default", *finance.inflation}]
    growth = (1 + (max(rates) if held is None else held.highest_inflation)) ** since
    awaiting = given.awaiting_place
    if awaiting is None:
        awaiting = _longest_stay(data, told | found, growth) if held is None else held.awaiting_place
    breach = 2 * awaiting if given.rule_breach is None else given.rule_breach
    return found | {"awaiting_weight": awaiting * growth, "breach_weight": breach * growth}


def _longest_stay(data: Any, told: Recounted, growth: Floats) -> float:
    """£ of the base year: a tenth more than the dearest stay, from its first year to its last, that anybody may
    begin; beginnings in a plan year, later years weighed by how many are still there.
    """
    cell, line, onward = data.pair_cell, data.pair_line, told["next_pair"]
    yearly = told["discount"][:, None] * (told["k"] + told["policy"])
    dearest, cheapest = -np.inf, 0.0
    stay = np.zeros(len(cell))
    for t in range(len(yearly) - 1, 0, -1):
        if t + 1 < len(yearly):
            kept = told["stay"][t + 1][cell] * stay
            kept += np.where(onward >= 0, told["carry"][t + 1][cell] * stay[onward], 0.0)
            stay = np.where(told["line_open"][t + 1][line], kept, 0.0)
        stay = yearly[t] + stay
        may = stay[told["eligible"][t]] / (told["discount"][t] * growth[t])
        dearest, cheapest = max(dearest, may.max(initial=-np.inf)), min(cheapest, may.min(initial=0.0))
    return 1.1 * (dearest - cheapest) if np.isfinite(dearest) else 0.0


def discounting(horizon: int, rate: float, tail: int) -> Floats:
    """[T+1] δ: 0 for the base year, 1 for the first plan year; the last year counts for the tail as well."""
    each = np.array([1 / (1 + rate) ** t for t in range(horizon + tail)])
    return np.concatenate([[0.0], each[: horizon - 1], [each[horizon - 1 :].sum()]])

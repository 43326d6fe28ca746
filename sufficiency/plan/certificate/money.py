"""What a child, a place and a policy weight cost, worked out again for the certificate."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sufficiency.arrays import Flags, Floats, Ints, Objects, alike, first_of_each, positions, totals
from sufficiency.case import Case
from sufficiency.codes import NOT_GIVEN
from sufficiency.plan.certificate.types import Labels, Recounted
from sufficiency.rates import MOST_SPECIFIC_FIRST, ChildRates, PlaceRates, child_rates, place_rates, transport_per_child


def money(case: Case, data: Labels, told: Recounted) -> Recounted:
    """£ of the year: a child in each pair `k` [T+1, P], and the places of each line, filled or not [T+1, L]."""
    asked = data.years.tolist()
    rates, transport = place_rates(case, data.lines, asked), travel(case, data, told, asked)
    there = told["line_open"] & told["started"] & np.isfinite(told["commissioned"])
    filled = np.where(there, rates.filled - rates.empty, 0.0)[:, data.pair_line]
    return {
        "k": fees(case, data, asked) + filled + transport,
        "transport": transport,
        "place_rates": rates,
        "place_funding": place_funding(told | {"place_rates": rates}),
        "over_money": _above_places(case, data, rates, there),
    }


def _above_places(case: Case, data: Labels, rates: PlaceRates, there: Flags) -> Floats:
    """[T+1, L] £ of a child above the places, who empties none: never so little that a child above them brings
    something in.
    """
    since = data.years - case.model.base_year
    weight = case.model.weights.over_places * (1 + case.model.finance.inflation_of("default")) ** since
    return np.where(there, np.maximum(rates.empty - rates.filled, -weight[:, None]), 0.0)


def place_funding(told: Recounted) -> Floats:
    """[T+1, L] £ of the year for the places of each line, but for what our own children add by filling them."""
    rates: PlaceRates = told["place_rates"]
    there = told["line_open"] & told["started"] & np.isfinite(told["commissioned"])
    number, taken = (np.where(there, told[name], 0.0) for name in ("commissioned", "committed"))
    return np.asarray(rates.filled * taken + rates.empty * (number - taken))


def money_of(case: Case, data: Labels, told: Recounted, stock: Floats, waiting: Floats) -> float:
    """£ discounted: every child's fee and journey, every place and every option."""
    asked = data.years.tolist()
    spent = (stock * (fees(case, data, asked) + told["transport"])).sum(axis=1)
    rates: PlaceRates = told["place_rates"]
    there = told["line_open"] & np.isfinite(told["commissioned"])
    number, taken = (np.where(there, told[name], 0.0) for name in ("commissioned", "committed"))
    children = np.stack([totals(data.pair_line, year, len(data.lines)) for year in stock])
    above = np.where(there, np.maximum(children - told["places"], 0.0), 0.0)
    filled = taken + np.where(there, children, 0.0)
    spent += (rates.filled * filled + rates.empty * (number - filled) + told["over_money"] * above).sum(axis=1)
    spent += told["option_cost"].sum(axis=1) + told["awaiting_money"] * waiting.sum(axis=1)
    return float(told["discount"][1:] @ spent[1:])


def unchanging(told: Recounted) -> float:
    """£ discounted that no decision changes: the life of those placed in the base year, the funding of places, and what
    options that are open cost however full they are (section 6).
    """
    life = np.einsum("t,tp,tp->", told["discount"][1:], (told["k"] + told["policy"])[1:], told["placed_stock"][1:])
    return float(life + told["discount"][1:] @ (told["place_funding"] + told["option_cost"])[1:].sum(axis=1))


def travel(case: Case, data: Labels, told: Recounted, asked: list[int]) -> Floats:
    """[T+1, P] home-to-school transport of a child."""
    setting = positions(case.tables.settings["setting"], data.lines["setting"])[data.pair_line]
    return transport_per_child(case, setting, data.lines["type"].iloc[data.pair_line], told["km"], asked)


def fees(case: Case, data: Labels, asked: list[int]) -> Floats:
    """[T+1, P] fee or top-up of a child."""
    rates, where = _rates(case, data, asked)
    return np.asarray(rates.pounds[:, where])


def fee_lines(case: Case, data: Labels, asked: list[int]) -> Objects:
    """[T+1, P] the budget line of the fee or top-up."""
    rates, where = _rates(case, data, asked)
    return np.where(rates.budget_line == "", NOT_GIVEN, rates.budget_line)[:, where]


def _rates(case: Case, data: Labels, asked: list[int]) -> tuple[ChildRates, Ints]:
    """Rates looked up once for children of one need, level and phase in a line, and which of them each pair has."""
    (kinds,) = alike((data.cells,), ["level", "need", "phase"])
    where = pd.factorize(kinds[data.pair_cell] * len(data.lines) + data.pair_line)[0]
    first = first_of_each(where)
    line, cell = data.lines.iloc[data.pair_line[first]], data.cells.iloc[data.pair_cell[first]]
    columns = {name: (line if name in line else cell)[name].to_numpy(dtype=object) for name in MOST_SPECIFIC_FIRST}
    return child_rates(case, pd.DataFrame(columns), asked), where


def weights(case: Case, data: Labels, told: Recounted) -> Recounted:
    """Policy weights of a child in each pair [T+1, P] and of the year [T+1], £ of the year; the discount factors."""
    model, since = case.model, data.years - case.model.base_year
    finance, travel, given = model.finance, model.travel, model.weights
    default = (1 + finance.inflation_of("default")) ** since
    hours = told["minutes"] / 60 * travel.days * travel.trips_per_day
    child = (1 - told["match"]) * given.off_designation + hours * given.hour_travelled
    child += np.where(told["over_limit"], given.over_limit, 0.0)
    return {
        "policy": np.outer(default, child),
        "awaiting_money": finance.awaiting_cost * default,
        "over_weight": given.over_places * default,
        "preference_weight": given.preference_missed * default,
        "discount": discounting(len(since) - 1, finance.discount, finance.tail_years),
    }


def waiting_and_breach(case: Case, data: Labels, told: Recounted) -> Recounted:
    """[T+1] £ of the year for a child who waits and for a child a rule is missed by: given, or by default, and inflated
    at the highest rate of the base model (section 4).
    """
    given, since = case.model.weights, data.years - case.model.base_year
    held = case.defaults
    by_default = default_awaiting(case, data, told) if held is None else held.awaiting_place
    fastest = (1 + (highest_inflation(case) if held is None else held.highest_inflation)) ** since
    awaiting = by_default if given.awaiting_place is None else given.awaiting_place
    breach = 2 * awaiting if given.rule_breach is None else given.rule_breach
    return {"awaiting_weight": awaiting * fastest, "breach_weight": breach * fastest}


def highest_inflation(case: Case) -> float:
    """The highest rate at which anything grows in a model."""
    finance = case.model.finance
    return max([finance.inflation_of("default"), *finance.inflation.values()])


def default_awaiting(case: Case, data: Labels, told: Recounted) -> float:
    """W₀, base-year £ a child-year, at which a wait never pays for itself: a tenth more than the most expensive stay
    an arc leads to, to the end of the plan, less the cheapest where that brings something in.
    """
    since = data.years - case.model.base_year
    base_year_pound = told["discount"] * (1 + highest_inflation(case)) ** since
    dearest, cheapest, stay = -np.inf, 0.0, np.zeros(len(data.pair_cell))
    moving = told["next_pair"] >= 0
    for t in range(len(since) - 1, 0, -1):
        if t + 1 < len(since):
            there = told["line_open"][t + 1][data.pair_line]
            goes_on = np.where(moving, told["carry"][t + 1][data.pair_cell] * stay[told["next_pair"]], 0.0)
            stay = there * (told["stay"][t + 1][data.pair_cell] * stay + goes_on)
        stay = stay + told["discount"][t] * (told["k"][t] + told["policy"][t])
        entered = stay[told["eligible"][t]] / base_year_pound[t]
        dearest, cheapest = max(dearest, entered.max(initial=-np.inf)), min(cheapest, entered.min(initial=0.0))
    return float(1.1 * (dearest - cheapest)) if np.isfinite(dearest) else 0.0


def discounting(horizon: int, rate: float, tail: int) -> Floats:
    """[T+1] δ: 0 for the base year, 1 for the first plan year; the last year counts for the tail as well."""
    each = np.array([1 / (1 + rate) ** t for t in range(horizon + tail)])
    return np.concatenate([[0.0], each[: horizon - 1], [each[horizon - 1 :].sum()]])

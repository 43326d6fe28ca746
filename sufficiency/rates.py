"""What a child, a place and a journey cost: which cost row holds, inflation, transport per child.

A *rate* is money. Amounts are £ of the year asked for: base-year £ × (1 + inflation)^(year − base year).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sufficiency.arrays import Floats, Ints, Objects, alike, first_of_each
from sufficiency.case import Case
from sufficiency.codes import NOT_GIVEN, RECOUPED

MOST_SPECIFIC_FIRST = ("line", "setting", "type", "level", "need", "phase")


def inflation_factor(case: Case, kind: str, year: int) -> float:
    """Pounds of `year` for one base-year pound of `kind` (a setting type, or `transport`)."""
    return float((1 + case.model.finance.inflation_of(kind)) ** (year - case.model.base_year))


def inflation_factors(case: Case, types: pd.Series, years: Sequence[int]) -> Floats:
    """[Y, n] `inflation_factor` of each type of a column in each year."""
    place, kinds = pd.factorize(types)
    table = [[inflation_factor(case, str(kind), int(year)) for kind in kinds] for year in years]
    return np.array(table, dtype=float).reshape(len(years), len(kinds))[:, place]


def rows_that_hold(costs: pd.DataFrame, keys: pd.DataFrame, years: Sequence[int], amount: str) -> Ints:
    """[Y, n] for each year and key the position of the cost row that holds for `amount`; −1 where none does.

    `keys` has the columns line, setting, type, level, need, phase. Ints where `amount` is blank are passed over; a
    blank cell of a cost row matches anything; the most specific row holds (line, then setting, type, level, need,
    phase), then the latest `from_year` not after the year.
    """
    usable = np.flatnonzero(costs[amount].notna().to_numpy())
    rows_in_force = np.full((len(years), len(keys)), -1, dtype=np.int64)
    if not len(usable) or not len(keys):
        return rows_in_force
    rows = costs.iloc[usable]
    weight = np.zeros(len(rows))
    for place, column in enumerate(reversed(MOST_SPECIFIC_FIRST)):
        weight += (rows[column] != "").to_numpy() * 2.0**place
    first_year = rows["from_year"].to_numpy()
    best_first = np.lexsort((-first_year, -weight))
    matches = np.ones((len(keys), len(rows)), dtype=bool)
    for column in MOST_SPECIFIC_FIRST:
        both = np.concatenate([rows[column].to_numpy(dtype=object)[best_first], keys[column].to_numpy(dtype=object)])
        codes, words = pd.factorize(both)
        named, asked = codes[: len(rows)], codes[len(rows) :]
        blank = np.asarray(words == "")[named]
        matches &= blank[None, :] | (asked[:, None] == named[None, :])
    for index, year in enumerate(years):
        now = matches & (first_year[best_first] <= year)[None, :]
        hit = now.any(axis=1)
        rows_in_force[index, hit] = usable[best_first[now[hit].argmax(axis=1)]]
    return rows_in_force


def budget_lines(case: Case) -> list[str]:
    """Every budget line that the costs or the budget of a case name, in order, with the lines for travel, for
    recouped places and for what names none.
    """
    costs, budget = case.tables.costs, case.tables.budget
    named = {*costs["budget_line"], *costs["place_budget_line"], *(() if budget is None else budget["budget_line"])}
    return sorted({*named, case.model.finance.transport_budget_line, RECOUPED, NOT_GIVEN} - {""})


def years_with_budget(case: Case) -> list[int]:
    """Planned financial years whose budgets and whose other spending are both given: only there can a line be over."""
    budget, other = case.tables.budget, case.tables.other_spend
    if budget is None or other is None:
        return []
    known = set(budget["financial_year"]) & set(other["financial_year"])
    return [year for year in case.model.plan_years if year in known]


@dataclass(frozen=True)
class ChildRates:
    """[Y, n] what one child costs: `pounds` (£/child/year of the year; NaN where no row holds) and its
    `budget_line`.
    """

    pounds: Floats
    budget_line: Objects


def child_rates(case: Case, keys: pd.DataFrame, years: Sequence[int]) -> ChildRates:
    """Top-up or fee of a child for each year and key (columns line, setting, type, level, need, phase)."""
    costs, names = case.tables.costs, list(MOST_SPECIFIC_FIRST)
    (place,) = alike((keys,), names)
    distinct = keys[names].iloc[first_of_each(place)]
    held = rows_that_hold(costs, distinct, years, "per_child")
    base = _taken(costs["per_child"], held, np.nan).astype(float) * inflation_factors(case, distinct["type"], years)
    return ChildRates(base[:, place], _taken(costs["budget_line"], held, "")[:, place])


def _taken(column: pd.Series, held: Ints, otherwise: object) -> Objects:
    """The cells of the rows held, `otherwise` where none is."""
    values = np.array([*column, otherwise], dtype=object)
    return np.asarray(values[held])  # −1 is the last of them


@dataclass(frozen=True)
class PlaceRates:
    """[Y, L] place funding: £/place/year filled and empty (the same unless the council pays empty places apart)."""

    filled: Floats
    empty: Floats
    budget_line: Objects


def place_rates(case: Case, lines: pd.DataFrame, years: Sequence[int]) -> PlaceRates:
    """Place funding of `lines` (columns line, setting, type, in_area), 0 where none is given or outside the area.

    Only cost rows that name no level, need or phase count: a place is funded whether filled or not.
    """
    costs = case.tables.costs
    rows = costs[((costs["level"] == "") & (costs["need"] == "") & (costs["phase"] == "")).to_numpy()]
    keys = lines[["line", "setting", "type"]].assign(level="", need="", phase="")
    held = np.where(lines["in_area"].to_numpy(dtype=bool), rows_that_hold(rows, keys, years, "per_place"), -1)
    factor = inflation_factors(case, lines["type"], years)
    filled = _taken(rows["per_place"], held, 0.0).astype(float)
    given = _taken(rows["per_empty_place"], held, np.nan).astype(float)
    place_line = _taken(rows["place_budget_line"], held, "")
    named = np.where(place_line != "", place_line, _taken(rows["budget_line"], held, ""))
    return PlaceRates(filled * factor, np.where(np.isnan(given), filled, given) * factor, named)


def transport_per_child(case: Case, setting: Ints, types: pd.Series, km: Floats, years: Sequence[int]) -> Floats:
    """[Y, n] home-to-school transport of a child, £/child/year: over all children, transported or not.

    `setting` holds positions in the settings table, `km` the journey one way. Transported share of the type × (fixed +
    km × £ per km × days × trips ÷ children per vehicle); a setting's own `transport_per_child` replaces it.
    """
    travel = case.model.travel
    per_km = travel.pounds_per_km * travel.days * travel.trips_per_day / travel.children_per_vehicle
    place, kinds = pd.factorize(types)
    share = np.array([travel.transported(kind) for kind in kinds], dtype=float)[place]
    computed = share * (travel.fixed_per_child + km * per_km)
    own = case.tables.settings["transport_per_child"].to_numpy(dtype=float)[setting]
    factor = np.array([inflation_factor(case, "transport", int(year)) for year in years])
    return np.asarray(np.where(np.isnan(own), computed, own)[None, :] * factor[:, None])

"""What a child, a place and a journey cost: which cost row holds, inflation, transport per child.

A *rate* is money. Amounts are £ of the year asked for: base-year £ × (1 + inflation)^(year − base year).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sufficiency.case import Case

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]

MOST_SPECIFIC_FIRST = ("line", "setting", "type", "level", "need", "phase")


def inflation_factor(case: Case, kind: str, year: int) -> float:
    """Pounds of `year` for one base-year pound of `kind` (a setting type, or `transport`)."""
    return float((1 + case.model.finance.inflation_of(kind)) ** (year - case.model.base_year))


def inflation_factors(case: Case, types: pd.Series, year: int) -> Floats:
    """`inflation_factor` of each type of a column."""
    factors = {kind: inflation_factor(case, kind, year) for kind in types.unique()}
    return types.map(factors).to_numpy(dtype=float)


def rows_that_hold(costs: pd.DataFrame, keys: pd.DataFrame, year: int, amount: str) -> Rows:
    """For each key the position of the cost row that holds in `year` for `amount`; −1 where none does.

    `keys` has the columns line, setting, type, level, need, phase. Rows where `amount` is blank are passed over; a blank cell of a
    cost row matches anything; the most specific row holds (line, then setting, type, level, need, phase), then the latest
    `from_year` not after the year.
    """
    usable = np.flatnonzero((costs[amount].notna() & (costs["from_year"] <= year)).to_numpy())
    found = np.full(len(keys), -1, dtype=np.int64)
    if not len(usable) or not len(keys):
        return found
    rows = costs.iloc[usable]
    weight = np.zeros(len(rows))
    for place, column in enumerate(reversed(MOST_SPECIFIC_FIRST)):
        weight += (rows[column] != "").to_numpy() * 2.0**place
    best_first = np.lexsort((-rows["from_year"].to_numpy(), -weight))
    matches = np.ones((len(keys), len(rows)), dtype=bool)
    for column in MOST_SPECIFIC_FIRST:
        codes, words = pd.factorize(pd.concat([rows[column].iloc[best_first], keys[column]], ignore_index=True))
        named, asked = codes[: len(rows)], codes[len(rows) :]
        blank = np.asarray(words == "")[named]
        matches &= blank[None, :] | (asked[:, None] == named[None, :])
    hit = matches.any(axis=1)
    found[hit] = usable[best_first[matches[hit].argmax(axis=1)]]
    return found


@dataclass(frozen=True)
class ChildRates:
    """What one child costs at a key: `pounds` (£/child/year of the year; NaN where no row holds) and its `budget_line`."""

    pounds: Floats
    budget_line: NDArray[np.object_]


def child_rates(case: Case, keys: pd.DataFrame, year: int) -> ChildRates:
    """Top-up or fee of a child for each key (columns line, setting, type, level, need, phase) in `year`."""
    costs = case.tables.costs
    names = list(MOST_SPECIFIC_FIRST)
    distinct = keys[names].drop_duplicates().reset_index(drop=True)
    held = rows_that_hold(costs, distinct, year, "per_child")
    base = np.where(held >= 0, costs["per_child"].to_numpy()[held], np.nan) if len(costs) else np.full(len(held), np.nan)
    distinct["pounds"] = base * inflation_factors(case, distinct["type"], year)
    distinct["budget_line"] = np.where(held >= 0, costs["budget_line"].to_numpy()[held], "") if len(costs) else ""
    joined = keys[names].merge(distinct, on=names, how="left", validate="many_to_one")
    return ChildRates(joined["pounds"].to_numpy(dtype=float), joined["budget_line"].to_numpy(dtype=object))


@dataclass(frozen=True)
class PlaceRates:
    """Place funding of each line: £/place/year filled and empty (the same unless the council pays empty places apart)."""

    filled: Floats
    empty: Floats
    budget_line: NDArray[np.object_]


def place_rates(case: Case, lines: pd.DataFrame, year: int) -> PlaceRates:
    """Place funding of `lines` (columns line, setting, type, in_area) in `year`, 0 where none is given or outside the area.

    Only cost rows that name no level, need or phase count: a place is funded whoever fills it.
    """
    costs = case.tables.costs
    general = ((costs["level"] == "") & (costs["need"] == "") & (costs["phase"] == "")).to_numpy()
    rows = costs[general]
    keys = lines[["line", "setting", "type"]].assign(level="", need="", phase="")
    held = rows_that_hold(rows, keys, year, "per_place")
    funded = (held >= 0) & lines["in_area"].to_numpy(dtype=bool)
    factor = inflation_factors(case, lines["type"], year)
    if not len(rows):
        zero = np.zeros(len(lines))
        return PlaceRates(zero, zero, np.full(len(lines), "", dtype=object))
    filled = np.where(funded, rows["per_place"].to_numpy()[held], 0.0)
    given = rows["per_empty_place"].to_numpy()[held]
    empty = np.where(funded & ~np.isnan(given), given, filled)
    named = np.where(
        rows["place_budget_line"].to_numpy()[held] != "",
        rows["place_budget_line"].to_numpy()[held],
        rows["budget_line"].to_numpy()[held],
    )
    return PlaceRates(filled * factor, empty * factor, np.where(funded, named, "").astype(object))


def transport_per_child(case: Case, setting: Rows, types: pd.Series, km: Floats, year: int) -> Floats:
    """Home-to-school transport of a child, £/child/year: over all children, transported or not.

    `setting` holds positions in the settings table, `km` the journey one way. Transported share of the type × (fixed + km × £ per km ×
    days × trips ÷ children per vehicle); a setting's own `transport_per_child` replaces it.
    """
    travel = case.model.travel
    per_km = travel.pounds_per_km * travel.days * travel.trips_per_day / travel.children_per_vehicle
    share = types.map({kind: travel.transported(kind) for kind in types.unique()}).to_numpy(dtype=float)
    computed = share * (travel.fixed_per_child + km * per_km)
    own = case.tables.settings["transport_per_child"].to_numpy(dtype=float)[setting]
    return np.where(np.isnan(own), computed, own) * inflation_factor(case, "transport", year)

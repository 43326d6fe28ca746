"""The figures by which what-ifs are set side by side: of the last year, or of the whole plan."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from sufficiency.finance.budget import LAST_YEAR_OF_OVERRIDE
from sufficiency.report.content.figure import in_words
from sufficiency.report.words import academic_year
from sufficiency.result import Result
from sufficiency.studies.compare import moves

Measures = dict[str, float | None]
ELSEWHERE = "elsewhere"


@dataclass(frozen=True)
class Measure:
    """A figure: in `measures.csv` the `measure` of a `period` and an `item`, of the year `when`."""

    name: str
    label: str
    unit: str
    period: str = "academic"
    measure: str = ""
    item: str = ""
    when: str = "last"
    less_is_better: bool | None = True

    def words(self, value: float) -> str:
        """As it is printed."""
        return in_words(value, self.unit)

    def change(self, value: float) -> str:
        """A difference as it is printed, with its sign."""
        words = self.words(abs(value))
        if words in ("0", "£0", "0.0"):
            return "no change"
        return f"+{words}" if value > 0 else f"−{words}"


MEASURES = (
    Measure("money", "Cost over all years, present value", "£", "whole", "discounted_money"),
    Measure("objective", "The same with the weights of policy", "£", "whole", "objective"),
    Measure("in_year", "Grant less spending, {year}", "£", "financial", "dsg_in_year", less_is_better=False),
    Measure("balance", "DSG balance, 31 March {balance}", "£", "financial", "dsg_balance", "", "balance", False),
    Measure("dsg", "Spending from the grant, {year}", "£", "financial", "spend", "dsg"),
    Measure("general_fund", "Home to school transport, {year}", "£", "financial", "spend", "general_fund"),
    Measure("places", "State-funded places, {year}", "places", "academic", "state_funded_places", less_is_better=None),
    Measure("shortfall", "Short of a state-funded place, {year}", "children", "academic", "shortfall"),
    Measure("awaiting", "Awaiting a place, {year}", "children", "academic", "awaiting"),
    Measure("bought", "In bought places, {year}", "children", "academic", "bought"),
    Measure("over_places", "Above the places, {year}", "children", "academic", "over_places"),
    Measure("minutes", "Average journey in minutes, {year}", "minutes to a tenth", "academic", "mean_minutes"),
    Measure(ELSEWHERE, "Placed elsewhere than in the plan, {year}", "children", "moves", less_is_better=None),
)


def labels(result: Result) -> dict[str, str]:
    """The measures in words, with their years."""
    last = int(result.summary["years"][1])
    year, balance = academic_year(last), min(last, LAST_YEAR_OF_OVERRIDE) + 1
    return {one.name: one.label.format(year=year, balance=balance) for one in MEASURES}


def measured(result: Result, base: Result) -> Measures:
    """The measures of a result that it has; `base`: the plan that it is set beside."""
    last = int(result.summary["years"][1])
    years = {"last": last, "balance": min(last, LAST_YEAR_OF_OVERRIDE)}
    moved, rows = moves(base, result), result.frames["measures"]
    found: Measures = {one.name: _value(rows, one, years[one.when]) for one in MEASURES if one.measure}
    found[ELSEWHERE] = float(moved.loc[moved["year"] == last, "other_place"].sum())
    return {name: value for name, value in found.items() if value is not None}


def _value(rows: pd.DataFrame, one: Measure, year: int) -> float | None:
    here = (rows["period"] == one.period) & (rows["measure"] == one.measure) & (rows["item"].fillna("") == one.item)
    if one.period != "whole":
        here &= rows["year"] == year
    values = rows.loc[here, "plan"].dropna()
    return None if values.empty else float(values.iloc[0])


def by_year(result: Result, period: str, measure: str, item: str = "") -> dict[int, float]:
    """A measure of the plan by year."""
    rows = result.frames["measures"]
    here = (rows["period"] == period) & (rows["measure"] == measure) & (rows["item"].fillna("") == item)
    return {
        int(year): float(value) for year, value in rows.loc[here, ["year", "plan"]].dropna().itertuples(index=False)
    }


def known(measures: Measures) -> Iterator[Measure]:
    """The measures that there are, in order."""
    return (one for one in MEASURES if measures.get(one.name) is not None)

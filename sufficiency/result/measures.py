"""Every figure of a plan that is set beside doing nothing more, the base year or another scenario: one long table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from sufficiency.codes import academic_year
from sufficiency.model.scenarios import COLUMNS_OF_COMPARISONS
from sufficiency.tables.schema.results import OUTPUTS

Row = tuple[str, int, str, str, str, float]
PROJECTIONS = ("plan", "unmitigated")
KEYS = list(COLUMNS_OF_COMPARISONS)
TODAY = "today"
CASH = "£ cash of the year"
ADDED_UP = "£ cash, added up"
"""Of several years, undiscounted; capital in pounds of the year it is spent."""

BY_YEAR = {
    "children": "children",
    "in_state_funded_places": "children",
    "in_colleges_and_others": "children",
    "bought": "children",
    "by_pattern": "children",
    "awaiting": "children",
    "state_funded_places": "places",
    "state_funded_places_unfilled": "places",
    "over_places": "children",
    "shortfall": "children",
    "mean_minutes": "minutes",
    "mean_km": "km",
    "over_limit": "children",
    "free_to_choose": "children",
    "directed_elsewhere": "children",
    "preferences_missed": "children",
    "empty_beside_bought": "places",
}
"""Measure, which is its key in the headline too, and its unit."""
PARTS = ("children_in", "share_in", "spend", "spend_on_line", "spend_in_locality", "spend_on_need")
"""Measures by type, fund, line, locality or need: what one projection has none of has no row there, and is 0."""


def measures(
    headline: dict[str, Any],
    spend: dict[str, pd.DataFrame],
    over: dict[str, pd.DataFrame],
    deficit: pd.DataFrame | None,
    whole: Iterable[tuple[str, str, str, float]],
    base: Iterable[tuple[str, str, str, float]],
    by_place: Mapping[str, Sequence[tuple[str, str, pd.DataFrame]]],
    first_year: int,
) -> pd.DataFrame:
    """`measures.csv`. `headline` is that of the summary; `spend` the modelled rows of `spend_financial.csv`, `over`
    those of `overspend.csv`, by projection. Further figures as measure, item, unit, number: `whole` of the whole plan,
    `base` of the base financial year. `by_place`: by projection, measures with the column to add up by and pounds; what
    belongs to no child has no locality and no need, and is left out.
    """
    columns, present = {}, present_value(first_year)
    money = headline["discounted_money"]
    for name in PROJECTIONS:
        rows = [*_academic(headline, name, first_year), *_placed(by_place[name], first_year, headline[name])]
        rows += _financial(name, spend[name], over.get(name), deficit)
        rows.append(("whole", first_year, "discounted_money", "", present, money[name]))
        if name == "plan":
            rows.append(("whole", first_year, "cost_avoided", "", present, money["unmitigated"] - money["plan"]))
            rows += [("whole", first_year, *figure) for figure in whole]
        columns[name] = _column(rows, name)
    today = [*_today(headline, first_year), *(("whole", first_year, *one) for one in base)]
    today += _placed(by_place["plan"], first_year, headline["plan"], today=True)
    columns[TODAY] = _column(today, TODAY)
    both = pd.concat(columns, axis=1).reset_index()
    parts = both["measure"].isin(PARTS)
    both.loc[parts, list(PROJECTIONS)] = both.loc[parts, list(PROJECTIONS)].fillna(0.0)
    return both[list(OUTPUTS["measures"].names)]


def present_value(first_year: int) -> str:
    """The unit of what is discounted: pounds of the first plan year."""
    return f"£ present value, {academic_year(first_year)} pounds"


def _column(rows: list[Row], name: str) -> pd.Series:
    figures: pd.Series = pd.DataFrame(rows, columns=[*KEYS, name]).set_index(KEYS)[name].astype(float)
    return figures


def _academic(headline: dict[str, Any], name: str, first_year: int) -> Iterator[Row]:
    for text in headline[name]:
        if int(text) >= first_year:
            yield from _of_year(headline, name, text, int(text))


def _today(headline: dict[str, Any], first_year: int) -> Iterator[Row]:
    """The figures of the base year, once for each plan year, to stand beside each."""
    for text in headline["plan"]:
        if int(text) >= first_year:
            yield from _of_year(headline, "plan", str(first_year - 1), int(text))


def _of_year(headline: dict[str, Any], name: str, text: str, year: int) -> Iterator[Row]:
    figures = headline[name][text]
    for measure, unit in BY_YEAR.items():
        if measure in figures:
            yield "academic", year, measure, "", unit, figures[measure]
    for fund in ("dsg", "general_fund"):
        yield "academic", year, "spend", fund, CASH, figures[f"{fund}_academic_year"]
    for kind, children in headline["children_by_type"][name][text].items():
        yield "academic", year, "children_in", kind, "children", children
        yield "academic", year, "share_in", kind, "share", children / max(figures["children"], 1e-9)


def _placed(
    measured: Sequence[tuple[str, str, pd.DataFrame]], first_year: int, years: Iterable[str], *, today: bool = False
) -> Iterator[Row]:
    """Pounds by locality and by need in each plan year; with `today` those of the base year beside each."""
    plan_years = [int(year) for year in years if int(year) >= first_year]
    for measure, column, frame in measured:
        known = frame[frame[column] != ""].groupby(["year", column])["pounds"].sum()
        for year in plan_years:
            of = first_year - 1 if today else year
            if of in known.index.get_level_values(0):
                for item, pounds in known.loc[of].items():
                    yield "academic", year, measure, str(item), CASH, float(pounds)


def _financial(
    name: str, spend: pd.DataFrame, over: pd.DataFrame | None, deficit: pd.DataFrame | None
) -> Iterator[Row]:
    for measure, item in (("spend", "fund"), ("spend_on_line", "budget_line")):
        for (year, name_of), pounds in _sums(spend, ["financial_year", item], "pounds"):
            yield "financial", year, measure, name_of, CASH, pounds
    if over is not None:
        for (year, line), pounds in _sums(over, ["financial_year", "budget_line"], "over"):
            yield "financial", year, "over_on_line", line, CASH, pounds
        above = over.assign(over=over["over"].clip(lower=0.0))
        for measure, rows in (("overspend", above), ("overspend_net", over)):
            for year, pounds in _sums(rows, ["financial_year"], "over"):
                yield "financial", year, measure, "", CASH, pounds
    if deficit is not None:
        rows = deficit[deficit["projection"] == name]
        for measure in ("in_year", "balance", "balance_with_grant"):
            for year, pounds in _sums(rows, ["financial_year"], measure):
                yield "financial", year, f"dsg_{measure}", "", CASH, pounds


def _sums(rows: pd.DataFrame, keys: list[str], amount: str) -> Iterable[tuple[Any, float]]:
    summed: dict[Any, float] = rows.groupby(keys if len(keys) > 1 else keys[0])[amount].sum(min_count=1).to_dict()
    return summed.items()

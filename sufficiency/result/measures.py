"""Every figure of a plan that is set beside doing nothing more, or beside another scenario: one long table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pandas as pd

from sufficiency.model.scenarios import COLUMNS_OF_COMPARISONS
from sufficiency.tables.schema.results import OUTPUTS

Row = tuple[str, int, str, str, str, float]
PROJECTIONS = ("plan", "unmitigated")
KEYS = list(COLUMNS_OF_COMPARISONS)

BY_YEAR = (
    ("children", "children", "children"),
    ("awaiting", "awaiting", "children"),
    ("over_places", "over_places", "children"),
    ("shortfall", "shortfall", "children"),
    ("state_places", "state_places", "places"),
    ("spare_state_places", "spare_state_places", "places"),
    ("mean_minutes", "mean_minutes", "minutes"),
    ("mean_km", "mean_km", "km"),
    ("over_limit", "over_limit", "children"),
)
"""Measure, its key in the headline, its unit."""
PARTS = ("children_in", "share_in", "spend", "spend_on_line")
"""Measures by type, fund or line: what one projection has none of has no row there, and is nil."""


def measures(
    headline: dict[str, Any],
    spend: dict[str, pd.DataFrame],
    over: dict[str, pd.DataFrame],
    deficit: pd.DataFrame | None,
    programme: pd.DataFrame | None,
    whole: dict[str, float],
    first_year: int,
) -> pd.DataFrame:
    """`measures.csv`. `headline` is that of the summary; `spend` the rows of `spend_financial.csv`, `over` those of
    `overspend.csv`, by projection; `whole` further figures of the whole plan, in £.
    """
    columns = {}
    for name in PROJECTIONS:
        rows = [*_academic(headline, name, first_year), *_financial(name, spend[name], over.get(name), deficit)]
        rows.append(("whole", first_year, "discounted_money", "", "£", headline["discounted_money"][name]))
        if name == "plan":
            rows += [("whole", first_year, measure, "", "£", pounds) for measure, pounds in whole.items()]
            rows += _programme(programme, first_year)
        table = pd.DataFrame(rows, columns=[*KEYS, name])
        columns[name] = table.set_index(KEYS)[name].astype(float)
    both = pd.concat(columns, axis=1).reset_index()
    parts = both["measure"].isin(PARTS)
    both.loc[parts, list(PROJECTIONS)] = both.loc[parts, list(PROJECTIONS)].fillna(0.0)
    return both[list(OUTPUTS["measures"].names)]


def _academic(headline: dict[str, Any], name: str, first_year: int) -> Iterator[Row]:
    for text, figures in headline[name].items():
        year = int(text)
        if year < first_year:
            continue
        for measure, key, unit in BY_YEAR:
            if key in figures:
                yield "academic", year, measure, "", unit, figures[key]
        for fund in ("dsg", "general_fund"):
            yield "academic", year, "spend", fund, "£", figures[fund]
        for kind, children in headline["children_by_type"][name][text].items():
            yield "academic", year, "children_in", kind, "children", children
            yield "academic", year, "share_in", kind, "share", children / max(figures["children"], 1e-9)


def _financial(
    name: str, spend: pd.DataFrame, over: pd.DataFrame | None, deficit: pd.DataFrame | None
) -> Iterator[Row]:
    for measure, item in (("spend", "fund"), ("spend_on_line", "budget_line")):
        for (year, name_of), pounds in _sums(spend, ["financial_year", item], "pounds"):
            yield "financial", year, measure, name_of, "£", pounds
    if over is not None:
        for (year, line), pounds in _sums(over, ["financial_year", "budget_line"], "over"):
            yield "financial", year, "over_on_line", line, "£", pounds
        above = over.assign(over=over["over"].clip(lower=0.0))
        for year, pounds in _sums(above, ["financial_year"], "over"):
            yield "financial", year, "overspend", "", "£", pounds
    if deficit is not None:
        rows = deficit[deficit["projection"] == name]
        for measure in ("in_year", "balance", "balance_with_grant"):
            for year, pounds in _sums(rows, ["financial_year"], measure):
                yield "financial", year, f"dsg_{measure}", "", "£", pounds


def _sums(rows: pd.DataFrame, keys: list[str], amount: str) -> Iterable[tuple[Any, float]]:
    summed: dict[Any, float] = rows.groupby(keys if len(keys) > 1 else keys[0])[amount].sum(min_count=1).to_dict()
    return summed.items()


def _programme(programme: pd.DataFrame | None, first_year: int) -> Iterator[Row]:
    if programme is None:
        return
    for measure, unit in (("capital", "£"), ("places", "places")):
        yield "whole", first_year, f"programme_{measure}", "", unit, float(programme[measure].sum())
    yield "whole", first_year, "programme_options", "", "options", float(len(programme))

"""What a child costs, as the public knows it: the rates a council pays, by budget line and type of setting."""

from __future__ import annotations

import pandas as pd

from sufficiency.case import Case
from sufficiency.rates import inflation_factor
from sufficiency.report.disclosure.public import UNIT_COSTS


def unit_costs(case: Case) -> pd.DataFrame:
    """The least and greatest rate of a child of each type, budget line and year; where the line pays for places of the
    type too, what it may pay for them. What has no rate of its own (journeys) is not in it.
    """
    costs = case.tables.costs
    types = sorted(set(case.tables.settings["type"]) | set(case.tables.places["type"]))
    transport = case.model.finance.transport_budget_line
    rows = []
    for year in case.model.plan_years:
        places = _places(case, year)
        for kind in types:
            fits = costs[_fits(case, costs, kind) & (costs["from_year"] <= year)]
            factor = inflation_factor(case, kind, year)
            for line, part in fits[fits["per_child"].notna()].groupby("budget_line", sort=True):
                if line == transport:
                    continue
                paid = fits[fits["per_place"].notna()]
                named = paid["place_budget_line"].where(paid["place_budget_line"] != "", paid["budget_line"])
                rate = max(paid["per_place"].max(), paid["per_empty_place"].max()) if (named == line).any() else 0.0
                most = rate * factor * places.get(kind, 0.0) * 1.5
                rows.append(
                    (
                        year,
                        line,
                        "dsg",
                        kind,
                        part["per_child"].min() * factor,
                        part["per_child"].max() * factor,
                        0.0,
                        most,
                    )
                )
    return pd.DataFrame(rows, columns=list(UNIT_COSTS)).drop_duplicates(["year", "budget_line", "fund", "type"])


def _fits(case: Case, costs: pd.DataFrame, kind: str) -> pd.Series[bool]:
    """Cost rows that may hold for a type of setting."""
    of_setting = costs["setting"].map(case.tables.settings.set_index("setting")["type"])
    of_line = costs["line"].map(case.tables.places.drop_duplicates("line").set_index("line")["type"])
    return (
        costs["type"].isin(["", kind])
        & (of_setting.isna() | (of_setting == kind))
        & (of_line.isna() | (of_line == kind))
    )


def _places(case: Case, year: int) -> dict[str, float]:
    """Places by type that the tables name up to a year, options included: no fewer than there are."""
    places = case.tables.places
    held = places[places["from_year"] <= year].groupby(["type", "line"])["places"].max().groupby("type").sum()
    return {str(kind): float(count) for kind, count in held.items()}

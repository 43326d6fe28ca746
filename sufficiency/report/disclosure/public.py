"""What is public beside a release: numbers of children that DfE publishes, and what a child costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from sufficiency.codes import AWAITING
from sufficiency.report.disclosure.catalogue import SEVERAL
from sufficiency.report.disclosure.linked import Builder, Cell

UNIT_COSTS = ("year", "budget_line", "fund", "type", "low", "high", "places_low", "places_high")


def _none() -> pd.DataFrame:
    return pd.DataFrame(columns=list(UNIT_COSTS))


@dataclass(frozen=True)
class Public:
    """`counts`: exact numbers of children by the name of their cell, its scenario blank. `unit_costs`: £ a child of a
    type (`low` to `high`) that a budget line pays, and £ that it pays for places of that type (`places_low` to
    `places_high`); type `awaiting`: of children who wait.
    """

    counts: Mapping[Cell, float] = field(default_factory=dict)
    unit_costs: pd.DataFrame = field(default_factory=_none)


def add_counts(to: Builder, public: Public, year: str) -> None:
    """What DfE publishes, as rows on the cells of a year in every scenario."""
    for cell in list(to.place):
        value = public.counts.get((*cell[:2], "", *cell[3:]))
        if value is not None and cell[3] == year:
            to.add({to.place[cell]: 1.0}, value, value, f"published by others: {cell[0]}.{cell[1]}")


def add_money(to: Builder, spend: pd.DataFrame, public: Public, scenario: str, year: int, step: float) -> None:
    """Money ÷ unit cost, as rows: what a line pays for a type says how many children there are, to the nearest child.

    `spend`: the rows of a year and a scenario, each rounded to `step` £.
    """
    known = public.unit_costs[public.unit_costs["year"] == year]
    lines = set(spend["budget_line"])
    pairs = set(zip(spend["budget_line"], spend["type"], strict=True))
    summed = spend.groupby(["budget_line", "type", "fund"], as_index=False)["pounds"].sum()
    for line, kind, fund, pounds in summed.itertuples(index=False, name=None):
        rates = known[known["fund"] == fund]
        if line == SEVERAL:
            rates = rates[~rates["budget_line"].isin(lines)]
        elif kind == SEVERAL:
            of_line = rates[rates["budget_line"] == line]
            rates = of_line[np.array([(line, one) not in pairs for one in of_line["type"]], dtype=bool)]
        else:
            rates = rates[(rates["budget_line"] == line) & (rates["type"] == kind)]
        _add_rates(
            to, rates, (float(pounds), step / 2), scenario, year, f"spend on {kind} from {line} ÷ what a child costs"
        )


def _add_rates(
    to: Builder, rates: pd.DataFrame, pounds: tuple[float, float], scenario: str, year: int, why: str
) -> None:
    """`pounds`, and how far they may be off: the children that fit them, between the least and the greatest rates."""
    low: dict[int, float] = {}
    high: dict[int, float] = {}
    for kind, lowest, highest in rates[["type", "low", "high"]].itertuples(index=False, name=None):
        cell = (
            ("gaps", "awaiting", scenario, str(year), "", "", "")
            if kind == AWAITING
            else ("provision", "children", scenario, str(year), str(kind), "", "")
        )
        if cell in to.place:
            place = to.place[cell]
            low[place] = low.get(place, 0.0) + float(lowest)
            high[place] = high.get(place, 0.0) + float(highest)
    if low and min(low.values()) > 0:
        unit = max(high.values())
        least = {place: rate / unit for place, rate in low.items()}
        to.add(least, -float("inf"), (pounds[0] + pounds[1] - rates["places_low"].sum()) / unit + 0.5, why)
        most = {place: rate / unit for place, rate in high.items()}
        to.add(most, (pounds[0] - pounds[1] - rates["places_high"].sum()) / unit - 0.5, float("inf"), why)


def add_minutes(to: Builder, journeys: pd.DataFrame, mean: float, steps: tuple[float, float], head: Cell) -> None:
    """The mean journey of all children is that of the types of settings, weighted by their children: where that of
    every type is shown, a row.

    `journeys`: type and mean_minutes of a year; `mean` of all; `steps`: what both are rounded to; `head`: provision,
    children, scenario, year.
    """
    types = {cell[4] for cell in to.place if cell[:4] == head and cell[4] and not any(cell[5:])}
    if types - set(journeys["type"]):
        return
    apart = (steps[0] + steps[1]) / 2
    rows: tuple[dict[int, float], dict[int, float]] = ({}, {})
    for kind, minutes in zip(journeys["type"], journeys["mean_minutes"].fillna(0.0), strict=True):
        place = to.place.get((*head, str(kind), "", ""))
        if place is not None:
            rows[0][place] = float(minutes) - mean - apart
            rows[1][place] = float(minutes) - mean + apart
    if rows[0]:
        to.add(rows[0], -float("inf"), 0.0, "mean minutes")
        to.add(rows[1], 0.0, float("inf"), "mean minutes")

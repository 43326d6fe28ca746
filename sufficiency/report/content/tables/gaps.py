"""Places against children: in all, and where they are short (T10)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sufficiency.report.content.tables.children import EXPECTED
from sufficiency.report.content.tables.placed import NOTHING_MORE, PROJECTIONS
from sufficiency.report.content.tables.planned import Planned
from sufficiency.report.content.tables.supply import lines_by_year
from sufficiency.report.content.tables.table import (
    Colour,
    Column,
    Drawing,
    Series,
    Shape,
    Table,
    Unit,
    columns_by_key,
)
from sufficiency.report.words import academic_year

SHORT = (
    "Short of a state-funded place: children who wait, are above the places of a line, or are bought an independent "
    "place for want of a cheaper one that is free."
)
WORTH_SHOWING = 0.5
"""Children: fewer are none in whole numbers."""
PLACES_AND_CHILDREN = {
    "children": "Children who need a place",
    "state_funded_places": "State-funded places",
    "in_state_funded_places": "Children in state-funded places",
    "state_funded_places_unfilled": "State-funded places not filled",
    "over_places": "Children above the places",
    "bought": "Children in bought places",
    "awaiting": "Children awaiting a place",
    "shortfall": "Short of a state-funded place",
}
"""Measures of `measures.csv` and their headings."""
IN_FULL = {
    "demand": "Children who need a place",
    "state_places": "In state-funded, college and other places",
    "independent": "In bought places",
    "by_pattern": "EOTAS and home education",
    "awaiting": "Awaiting a place",
    "over_places": "Above the places",
    "shortfall": "Short",
    "preferences_missed": "Preferences missed",
    "bought_beside_empty": "Bought beside an empty place",
}
"""Columns of `gaps.csv` and their headings."""


def gap_tables(planned: Planned) -> list[Table]:
    """T10."""
    return [_in_all(planned), _short_by_year(planned), _in_full(planned), lines_by_year(planned)]


def _in_all(planned: Planned) -> Table:
    measures = planned.result.measures
    rows = measures[(measures["period"] == "academic") & (measures["item"] == "")]
    first = planned.years[0]
    parts = []
    for of in PROJECTIONS:
        wide = rows.pivot_table(index="year", columns="measure", values=of, dropna=False)
        if of == "plan":
            now = rows[rows["year"] == first].set_index("measure")["today"]
            parts.append(pd.DataFrame([now]).assign(projection="today", year=planned.base_year))
        parts.append(wide.assign(projection=of).reset_index())
    frame = pd.concat(parts, ignore_index=True).reindex(columns=["projection", "year", *PLACES_AND_CHILDREN])
    frame["projection"] = [planned.word("projection", of) for of in frame["projection"]]
    frame["year"] = [academic_year(year) for year in frame["year"]]
    return Table(
        "T10a",
        "Places and children",
        "Places against children: today, under the plan, and if we do nothing more",
        "A row is an academic year. State-funded places are those for own children.",
        "measures.csv",
        (
            *columns_by_key(projection="Projection", year="Academic year"),
            *(
                Column(name, words, Unit.PLACES if "places" in words.split()[1:2] else Unit.CHILDREN)
                for name, words in PLACES_AND_CHILDREN.items()
            ),
        ),
        frame,
        (SHORT, NOTHING_MORE, EXPECTED),
        blank="worked out for the plan alone",
        drawing=Drawing(
            _finding(planned),
            "Children who need a place (line) and state-funded places (columns) under the plan, by academic year",
            Shape.COLUMNS,
            (
                Series("State-funded places", Colour.PLAN, key="state_funded_places"),
                Series("Children who need a place", Colour.NEED, key="children", as_line=True),
            ),
            along="year",
            rows=(0, len(planned.years)),
        ),
    )


def _finding(planned: Planned) -> str:
    """How far places fall short in the first and the last year."""
    text, first, last = planned.register.text, planned.years[0], planned.years[-1]
    if all(text(f"shortfall.{year}") == "0" for year in planned.years):
        return "The plan has a state-funded place for every child who needs one"
    return (
        f"State-funded places fall {text(f'shortfall.{first}')} short in {academic_year(first)}, "
        f"{text(f'shortfall.{last}')} in {academic_year(last)}"
    )


def _short_by_year(planned: Planned) -> Table:
    keys = ["locality", "need", "phase"]
    frame = planned.spread(planned.rows("gaps"), keys, "shortfall", with_base=False, absent=np.nan)
    years = [str(year) for year in planned.years]
    worth_showing = frame[years].fillna(0.0).max(axis=1) >= WORTH_SHOWING
    shown, rest = planned.in_words(frame[worth_showing]), frame.loc[~worth_showing, years].sum()
    if (rest >= WORTH_SHOWING).any():
        others = pd.DataFrame([{**dict.fromkeys(keys, "All others"), **rest}])
        shown = pd.concat([shown, others], ignore_index=True)
    return Table(
        "T10b",
        "Short by year",
        "Where places are short: locality, need and phase",
        "Children short of a state-funded place under the plan, a column an academic year: the darker, the more.",
        "gaps.csv",
        (
            *columns_by_key(locality="Locality", need="Primary need", phase="Phase"),
            *planned.year_columns(with_base=False, shaded=True),
        ),
        shown,
        (SHORT, EXPECTED, "All others: those with less than half a child short in every year. T10c has each of them."),
        blank="nobody needs such a place that year, or the locality of these children is not known",
        nobody="No child is short of a state-funded place in any year of the plan.",
    )


def _in_full(planned: Planned) -> Table:
    frame = planned.in_words(planned.rows("gaps")[["locality", "need", "phase", "year", *IN_FULL]])
    frame["year"] = [academic_year(year) for year in frame["year"]]
    return Table(
        "T10c",
        "Gaps in full",
        "Where the children of each locality, need and phase are, and how many are short",
        "Children. Each is counted once in the columns from state-funded to above the places, which add up to those "
        "who need a place.",
        "gaps.csv",
        (
            *columns_by_key(locality="Locality", need="Primary need", phase="Phase", year="Academic year"),
            *(Column(name, words, Unit.CHILDREN) for name, words in IN_FULL.items()),
        ),
        frame,
        (SHORT, EXPECTED, "Preferences missed, and bought beside an empty place: see the sheet Shorthand."),
        blank="the locality of these children is not known",
    )

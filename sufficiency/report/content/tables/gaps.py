"""Places against children: in all, and where they are short (T10)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sufficiency.report.content.tables.children import EXPECTED
from sufficiency.report.content.tables.placed import NOT_ONE, NOTHING_MORE, PROJECTIONS
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
NOBODY = 1e-9
"""Children: a difference of fewer is none."""
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
WHERE = {
    "demand": "Children who need a place",
    "in_schools": "In state-funded, college and other places",
    "ordinary_classes": "In ordinary classes with a package",
    "independent": "In bought places",
    "eotas": "EOTAS",
    "home_education": "Home education",
    "other_pattern": "In other provision that is never chosen",
    "awaiting": "Awaiting a place",
    "over_places": "Above the places",
}
"""Where children are, from `gaps.csv`, and the headings: each child once."""
MAY_BE_NOBODY = ("ordinary_classes", "other_pattern")
"""Columns that are left out where they hold nobody."""
IN_FULL = {
    "demand": "Children who need a place",
    "shortfall": "Short of a state-funded place",
    "preferences_missed": "Preferences missed",
    "bought_beside_empty": "Bought beside an empty place",
}
"""Columns of `gaps.csv` and their headings."""


def gap_tables(planned: Planned) -> list[Table]:
    """T10."""
    return [in_all(planned), short_by_year(planned), _where(planned), lines_by_year(planned), _in_full(planned)]


def in_all(planned: Planned) -> Table:
    """T10a."""
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
    if planned.summary.get("release"):
        return "State-funded places, and children who need a place"
    text, first, last = planned.register.text, planned.years[0], planned.years[-1]
    if all(text(f"shortfall.{year}") == "0" for year in planned.years):
        return "The plan has a state-funded place for every child who needs one"
    return (
        f"State-funded places fall {text(f'shortfall.{first}')} short in {academic_year(first)}, "
        f"{text(f'shortfall.{last}')} in {academic_year(last)}"
    )


def short_by_year(planned: Planned) -> Table:
    """T10b."""
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
        (SHORT, EXPECTED, "All others: those with less than half a child short in every year. T10e has each of them."),
        blank="nobody needs such a place that year, or the locality of these children is not known",
        nobody="No child is short of a state-funded place in any year of the plan.",
    )


def _gaps(planned: Planned) -> pd.DataFrame:
    """`gaps.csv` with children in schools and in other provision apart from those who have columns of their own."""
    rows = planned.rows("gaps")
    others = rows["by_pattern"] - rows["eotas"] - rows["home_education"]
    return rows.assign(
        in_schools=rows["state_places"] - rows["ordinary_classes"],
        other_pattern=others.where(others.abs() > NOBODY, 0.0),
    )


def _where(planned: Planned) -> Table:
    rows = _gaps(planned)
    nobody = [name for name in MAY_BE_NOBODY if not (rows[name] > NOBODY).any()]
    shown = {name: words for name, words in WHERE.items() if name not in nobody}
    return _by_cell(
        planned,
        rows,
        shown,
        "T10c",
        "Gaps: where children are",
        "Where the children of each locality, need and phase are",
        "Children. Each is counted once in the columns after the first, which add up to those who need a place.",
        (EXPECTED, NOT_ONE),
    )


def _in_full(planned: Planned) -> Table:
    return _by_cell(
        planned,
        planned.rows("gaps"),
        IN_FULL,
        "T10e",
        "Gaps in full",
        "How many children of each locality, need and phase are short of a place",
        "Children. T10c says where they are.",
        (SHORT, EXPECTED, "Preferences missed, and bought beside an empty place: see the sheet Shorthand."),
    )


def _by_cell(
    planned: Planned,
    rows: pd.DataFrame,
    columns: dict[str, str],
    code: str,
    name: str,
    title: str,
    about: str,
    notes: tuple[str, ...],
) -> Table:
    """Columns of `gaps.csv` by locality, need, phase and year."""
    frame = planned.in_words(rows[["locality", "need", "phase", "year", *columns]])
    frame["year"] = [academic_year(year) for year in frame["year"]]
    return Table(
        code,
        name,
        title,
        about,
        "gaps.csv",
        (
            *columns_by_key(locality="Locality", need="Primary need", phase="Phase", year="Academic year"),
            *(Column(column, words, Unit.CHILDREN) for column, words in columns.items()),
        ),
        frame,
        notes,
        blank="the locality of these children is not known",
    )

"""Journeys: in all, by type of setting and by area (T15)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sufficiency.report.content.tables.placed import NOTHING_MORE, PROJECTIONS
from sufficiency.report.content.tables.planned import Planned
from sufficiency.report.content.tables.table import Column, Table, Unit, columns_by_key
from sufficiency.report.words import academic_year

OVERALL = (
    ("mean_minutes", "Mean journey one way", Unit.MINUTES),
    ("mean_km", "Mean journey one way", Unit.KM),
    ("over_limit", "Children beyond the guideline of their phase", Unit.CHILDREN),
)
MEANS = (
    "Journeys are one way. Means are over the children placed; EOTAS and home education count as 0. The guideline is "
    "travel.limit_minutes of the model. What journeys cost: T12."
)


def journey_tables(planned: Planned) -> list[Table]:
    """T15."""
    return [_overall(planned), _by_type(planned), _by_area(planned)]


def _overall(planned: Planned) -> Table:
    measures = []
    for of in PROJECTIONS:
        for name, words, unit in OVERALL:
            rows = planned.measure(name).set_index("year")
            numbers = {str(year): number for year, number in rows[of].items()}
            now = {str(planned.base_year): rows["today"].iloc[0]}
            measures.append(
                {"projection": planned.word("projection", of), "what": words, "unit": unit.value, **now, **numbers}
            )
    return Table(
        "T15a",
        "Journeys",
        "Journeys in all: the plan beside doing nothing more",
        f"A row has its own unit; a column an academic year, {academic_year(planned.base_year)} is today.",
        "measures.csv",
        (
            *columns_by_key(projection="Projection", what="What", unit="Unit"),
            *planned.year_columns(None, total=False),
        ),
        pd.DataFrame(measures),
        (MEANS, NOTHING_MORE),
        blank="not known for the base year",
        row_unit="unit",
    )


def journeys_by(rows: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Journeys added up: children and those beyond the guideline, and means over the children."""
    weighted = rows.assign(km=rows["mean_km"] * rows["children"], minutes=rows["mean_minutes"] * rows["children"])
    summed = weighted.groupby(keys, as_index=False)[["children", "km", "minutes", "over_limit"]].sum()
    some = summed["children"].where(summed["children"] > 0)
    means = {"mean_km": summed["km"] / some, "mean_minutes": summed["minutes"] / some}
    return summed.assign(**means, within=1 - summed["over_limit"] / some).drop(columns=["km", "minutes"])


_COLUMNS = (
    Column("children", "Children", Unit.CHILDREN),
    Column("mean_minutes", "Mean minutes", Unit.MINUTES),
    Column("mean_km", "Mean km", Unit.KM),
    Column("over_limit", "Beyond the guideline", Unit.CHILDREN),
    Column("within", "Within the guideline", Unit.SHARE),
)


def _by_type(planned: Planned) -> Table:
    frame = journeys_by(planned.rows("journeys"), ["year", "type", "phase"])
    frame = planned.in_words(frame)
    frame["year"] = [academic_year(year) for year in frame["year"]]
    return Table(
        "T15b",
        "Journeys by type",
        "Journeys under the plan by type of setting and phase",
        "A row is a type and a phase in an academic year.",
        "journeys.csv",
        (*columns_by_key(year="Academic year", type="Type of setting", phase="Phase"), *_COLUMNS),
        frame,
        (MEANS,),
    )


def _by_area(planned: Planned) -> Table:
    first, last = planned.years[0], planned.years[-1]
    rows = planned.rows("journeys")
    wide = journeys_by(rows[rows["year"].isin([first, last])], ["area", "year"])
    wide = wide.pivot_table(index="area", columns="year")
    frame = pd.DataFrame({"area": wide.index})
    frame["name"] = [planned.area_names.get(area, "") for area in frame["area"]]
    frame["locality"] = [planned.localities.get(area, "") for area in frame["area"]]
    columns = []
    for year in dict.fromkeys((first, last)):
        for column in (one for one in _COLUMNS if one.key in ("children", "mean_minutes", "over_limit")):
            there = (column.key, year) in wide.columns
            key = f"{column.key}:{year}"
            frame[key] = wide[column.key, year].to_numpy() if there else np.nan
            columns.append(Column(key, f"{column.heading} {academic_year(year)}", column.unit))
    return Table(
        "T15c",
        "Journeys by area",
        "Journeys under the plan by the area children live in",
        f"A row is an area; {academic_year(first)} is the first year of the plan, {academic_year(last)} the last.",
        "journeys.csv",
        (*columns_by_key(locality="Locality", area="Area", name="Name of area"), *columns),
        frame.sort_values(["locality", "area"]).reset_index(drop=True),
        (MEANS,),
        blank="no child there that year, or the area is not known",
    )

"""Checks of demand: whole rows of years, and needs that nobody can meet."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sufficiency.codes import UNKNOWN_AREA, UNKNOWN_NEED
from sufficiency.tables.findings import CELL, Inspection, children, years
from sufficiency.tables.schemes import brings_line
from sufficiency.tables.shapes import row_problems

_UNMET_COLUMNS = (
    *(f"demand.{name}" for name in ("need", "phase", "level", "year", "children")),
    *(f"places.{name}" for name in ("line", "needs", "can_meet", "match", "phases", "levels")),
    *(f"places.{name}" for name in ("from_year", "places", "type")),
    *(f"settings.{name}" for name in ("opens", "closes", "type")),
)
_CELL_COLUMNS = tuple(f"demand.{column}" for column in (*CELL, "year"))


def check_demand(seen: Inspection) -> None:
    """Years missing or not planned, empty demand, intervals, and children of unknown area or need."""
    if seen.sure("demand.year"):
        _years_not_planned(seen)
    if seen.sure("demand.year", "demand.children"):
        if not seen.future["children"].sum() > 0:
            first, last = seen.model.years
            what = f"no children need a place in any year from {first} to {last}"
            seen.error(what, seen.file("demand"), "check the years and the children")
            seen.doubtful.add("demand.children")
            return
        _unknowns(seen)
    if seen.sure(*_CELL_COLUMNS):
        _years_missing(seen)
    _intervals(seen)
    if seen.sure("demand.area", "areas.area"):
        without = ~seen.tables.areas["area"].isin(seen.future["area"].unique())
        what, file = "the area has no rows in demand: no children there", seen.file("areas")
        mend = "check the area codes"
        found = row_problems(what, seen.tables.areas, without, "area", file, "area", mend, "warning")
        seen.problems += found


def _years_not_planned(seen: Inspection) -> None:
    demand, base, last = seen.tables.demand, seen.model.base_year, seen.model.years[1]
    outside = demand[(demand["year"] < base) | (demand["year"] > last)]
    if len(outside) and len(outside) < len(demand):
        what = f"rows for {years(outside['year'].unique())} are not used: the plan runs from {base} to {last}"
        seen.warn(what, seen.file("demand"), row=int(outside.index[0]), column="year", count=len(outside))


def _unknowns(seen: Inspection) -> None:
    """Children whose area or need is not known: planned for, and said."""
    first = seen.model.years[0]
    now = seen.future[seen.future["year"] == first]
    for column, code, words in (
        ("area", UNKNOWN_AREA, "of unknown area are planned with an average journey"),
        ("need", UNKNOWN_NEED, "have no recorded need"),
    ):
        total = float(now.loc[now[column] == code, "children"].sum())
        if total > 0:
            seen.warn(f"{children(total)} of {first} {words}", seen.file("demand"), column=column, value=code)


def _years_missing(seen: Inspection) -> None:
    """A cell has a row for every plan year or for none; base years that are missing count as nobody."""
    demand, file = seen.tables.demand, seen.file("demand")
    planned = list(seen.model.plan_years)
    counts = seen.future.groupby(CELL, sort=False)["year"].nunique()
    short = counts[counts < len(planned)]
    if len(short):
        cell = short.index[0]
        rows = demand[(demand[CELL] == list(cell)).all(axis=1)]
        missing = years(set(planned) - set(rows["year"]))
        value = " ".join(str(part) for part in cell if part != "")
        seen.error(
            f"there is no row for {missing}, though there is for other years",
            file,
            "give every plan year a row, 0 children where there are none",
            row=int(rows.index[0]),
            value=value,
            count=len(short),
        )
    base = demand[demand["year"] == seen.model.base_year]
    year = seen.model.base_year
    if base.empty:
        what = f"there are no rows for the base year {year}: nobody counts as waiting at the start"
        seen.warn(what, file, f"add the children of {year}", column="year")
        return
    later = seen.future[seen.future["children"] > 0]
    unplaced = later[~pd.MultiIndex.from_frame(later[CELL]).isin(pd.MultiIndex.from_frame(base[CELL]))]
    if len(unplaced):
        cells = len(unplaced[CELL].drop_duplicates())
        first = unplaced.iloc[0]
        value = " ".join(str(first[column]) for column in CELL if first[column] != "")
        what = f"there is no row for the base year {year}: 0 children then"
        where = {"row": int(unplaced.index[0]), "value": value, "count": cells}
        seen.warn(what, file, f"add the children of {year}", **where)


def _intervals(seen: Inspection) -> None:
    demand, file = seen.tables.demand, seen.file("demand")
    if seen.sure("demand.low", "demand.high", "demand.children"):
        crossed = demand["low"] > demand["high"]
        wrong = demand[crossed]
        if len(wrong):
            seen.error(
                "low is above high",
                file,
                "low is the 5th percentile",
                row=int(wrong.index[0]),
                column="low",
                count=len(wrong),
            )
        outside = demand[~crossed & ((demand["children"] < demand["low"]) | (demand["children"] > demand["high"]))]
        if len(outside):
            what = "children lie outside their own interval from low to high"
            row = int(outside.index[0])
            seen.warn(what, file, "check low and high", row=row, column="children", count=len(outside))


def check_unmet(seen: Inspection) -> None:
    """Children whom no line, not even an option, takes in some plan year: they will wait."""
    if not seen.sure(*_UNMET_COLUMNS):
        return
    kinds = seen.future.groupby(["need", "phase", "level", "year"], sort=True)["children"].sum().reset_index()
    kinds = kinds[kinds["children"] > 0]
    met = np.zeros(len(kinds), dtype=bool)
    suppliers = _suppliers(seen)
    year = kinds["year"].to_numpy()
    for takes, first, last in suppliers:
        met |= takes_cells(takes, kinds, seen.model.continuity.step_down) & (year >= first) & (year < last)
    unmet = kinds[~met]
    for (need, phase, level), rows in unmet.groupby(["need", "phase", "level"], sort=True):
        value = " ".join(str(part) for part in (need, phase, level) if part != "")
        most = float(rows["children"].max())
        what = f"no line takes these children in {years(rows['year'])}: up to {children(most)} a year will wait"
        mend = "add the need to needs or can_meet of a line of that phase"
        seen.warn(what, seen.file("demand"), mend, value=value)


def takes_cells(line: pd.Series, cells: pd.DataFrame, step_down: float = 0.0) -> np.ndarray:
    """Which cells (need, phase, level) a line takes, by designation or `can_meet`."""
    able = set(line["needs"]) | (set(line["can_meet"]) if line["match"] > 0 else set())
    levels = set(line["levels"])
    if step_down > 0 and "base" in levels:
        levels.add("special")
    fits = cells["need"].isin(able) & cells["phase"].isin(line["phases"])
    if levels:
        fits &= cells["level"].isin({*levels, ""})
    return np.asarray(fits, dtype=bool)


def _suppliers(seen: Inspection) -> list[tuple[pd.Series, float, float]]:
    """Lines and options that entrants may be placed in, with the first year and the first year not open."""
    lines = seen.lines[~seen.lines["type"].isin(seen.model.continuity.by_pattern)]
    most = seen.tables.places.groupby("line")["places"].agg(
        lambda places: np.inf if places.isna().any() else places.max()
    )
    lines = lines[lines["line"].map(most) > 0]
    found = [(line, line["opens"], line["closes"]) for _, line in lines.iterrows()]
    options = seen.tables.options
    if options is not None:
        new = options[brings_line(options) & (options["places"] > 0)]
        found += [
            (option, -np.inf if pd.isna(option["earliest"]) else option["earliest"], np.inf)
            for _, option in new.iterrows()
        ]
    return found

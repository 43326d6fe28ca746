"""Checks of demand: whole rows of years, and needs that nobody can meet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sufficiency.arrays import Flags, Floats, alike, first_of_each
from sufficiency.codes import ORDINARY_CLASS, UNKNOWN_AREA, UNKNOWN_NEED
from sufficiency.tables.checks.findings import CELL, KIND, Inspection, children, years
from sufficiency.tables.schemes import brings_line
from sufficiency.tables.shapes import row_problems

if TYPE_CHECKING:
    from sufficiency.model import Model

_UNMET_COLUMNS = (
    *(f"demand.{name}" for name in ("need", "phase", "level", "year", "children")),
    *(f"places.{name}" for name in ("line", "needs", "can_meet", "match", "phases", "levels")),
    *(f"places.{name}" for name in ("from_year", "places", "type")),
    *(f"settings.{name}" for name in ("opens", "closes", "type")),
)
_CELL_COLUMNS = tuple(f"demand.{column}" for column in (*CELL, "year"))


def check_demand(inspection: Inspection) -> None:
    """Years missing or not planned, empty demand, intervals, and children of unknown area or need."""
    if inspection.sure("demand.year"):
        _years_not_planned(inspection)
    if inspection.sure("demand.year", "demand.children"):
        if not inspection.future["children"].sum() > 0:
            first, last = inspection.model.years
            what = f"no children need a place in any year from {first} to {last}"
            inspection.error(what, inspection.file("demand"), "check the years and the children")
            inspection.doubtful.add("demand.children")
            return
        _unknowns(inspection)
    if inspection.sure(*_CELL_COLUMNS):
        _years_missing(inspection)
    _intervals(inspection)
    if inspection.sure("demand.area", "demand.year", "areas.area"):
        without = ~inspection.tables.areas["area"].isin(inspection.future["area"].unique())
        what, file = "the area has no rows in demand: no children there", inspection.file("areas")
        fix = "check the area codes"
        problems = row_problems(what, inspection.tables.areas, without, "area", file, "area", fix, "warning")
        inspection.problems += problems


def _years_not_planned(inspection: Inspection) -> None:
    demand, base, last = inspection.tables.demand, inspection.model.base_year, inspection.model.years[1]
    outside = demand[(demand["year"] < base) | (demand["year"] > last)]
    if len(outside) and len(outside) < len(demand):
        what = f"rows for {years(outside['year'].unique())} are not used: the plan runs from {base} to {last}"
        inspection.warn(what, inspection.file("demand"), row=int(outside.index[0]), column="year", count=len(outside))


def _unknowns(inspection: Inspection) -> None:
    """Children whose area or need is not known: planned for, and said."""
    first = inspection.model.years[0]
    now = inspection.future[inspection.future["year"] == first]
    for column, code, words in (
        ("area", UNKNOWN_AREA, "of unknown area are planned with an average journey"),
        ("need", UNKNOWN_NEED, "have no recorded need"),
    ):
        total = float(now.loc[now[column] == code, "children"].sum())
        if total > 0:
            inspection.warn(
                f"{children(total)} of {first} {words}", inspection.file("demand"), column=column, value=code
            )


def _years_missing(inspection: Inspection) -> None:
    """A cell has a row for every plan year or for none; base years that are missing count as nobody."""
    demand, file = inspection.tables.demand, inspection.file("demand")
    planned = list(inspection.model.plan_years)
    year_of, cells = demand["year"].to_numpy(), len(inspection.cells)
    is_planned = np.isin(year_of, planned)
    planned_cell = inspection.cell[is_planned]
    given = np.zeros((cells, len(planned)), dtype=bool)
    given[planned_cell, year_of[is_planned] - planned[0]] = True
    short = given.sum(axis=1)[planned_cell] < len(planned)
    if short.any():
        cell = planned_cell[short][0]
        rows = demand[inspection.cell == cell]
        missing = years(set(planned) - set(rows["year"]))
        value = " ".join(str(part) for part in inspection.cells.iloc[cell] if part != "")
        inspection.error(
            f"there is no row for {missing}, though there is for other years",
            file,
            "give every plan year a row, 0 children where there are none; or let years of the model file be fewer",
            row=int(rows.index[0]),
            value=value,
            count=len(np.unique(planned_cell[short])),
        )
    year = inspection.model.base_year
    in_base_year = np.zeros(cells, dtype=bool)
    in_base_year[inspection.cell[year_of == year]] = True
    if not in_base_year.any():
        what = f"there are no rows for the base year {year}: nobody counts as waiting at the start"
        inspection.warn(what, file, f"add the children of {year}", column="year")
        return
    later = np.flatnonzero(is_planned & (demand["children"] > 0).to_numpy())
    unplaced = later[~in_base_year[inspection.cell[later]]]
    if len(unplaced):
        value = " ".join(str(part) for part in inspection.cells.iloc[inspection.cell[unplaced[0]]] if part != "")
        what = f"there is no row for the base year {year}: 0 children then"
        count = len(np.unique(inspection.cell[unplaced]))
        where = {"row": int(demand.index[unplaced[0]]), "value": value, "count": count}
        inspection.warn(what, file, f"add the children of {year}", **where)


def _intervals(inspection: Inspection) -> None:
    demand, file = inspection.tables.demand, inspection.file("demand")
    if inspection.sure("demand.low", "demand.high", "demand.children"):
        crossed = demand["low"] > demand["high"]
        wrong = demand[crossed]
        if len(wrong):
            inspection.error(
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
            inspection.warn(what, file, "check low and high", row=row, column="children", count=len(outside))


def check_unmet(inspection: Inspection) -> None:
    """Children whom no line, not even an option, takes in some plan year: they will wait."""
    if not inspection.sure(*_UNMET_COLUMNS):
        return
    kinds = inspection.kinds[inspection.kinds["children"] > 0]
    (kind,) = alike((kinds,), KIND)
    distinct = kinds[KIND].iloc[first_of_each(kind)]
    met = np.zeros(len(kinds), dtype=bool)
    year = kinds["year"].to_numpy()
    for lines, opens, closes in _suppliers(inspection):
        for takes, first, last in zip(takes_cells(lines, distinct, inspection.model), opens, closes, strict=True):
            met |= takes[kind] & (year >= first) & (year < last)
    unmet = kinds[~met]
    for (need, phase, level), rows in unmet.groupby(["need", "phase", "level"], sort=True):
        value = " ".join(str(part) for part in (need, phase, level) if part != "")
        most = float(rows["children"].max())
        what = f"no line takes these children in {years(rows['year'])}: up to {children(most)} a year will wait"
        fix = "add the need to needs or can_meet of a line of that phase"
        inspection.warn(what, inspection.file("demand"), fix, value=value)


def takes_cells(lines: pd.DataFrame, cells: pd.DataFrame, model: Model) -> Flags:
    """[lines, cells] which cells (need, phase, level) each line takes some children of, by designation or `can_meet`;
    an ordinary class those of whom some could be taught in one. Lines without a column `type` are none.
    """
    taught = model.mainstream_shares()
    ordinary = (lines["type"] == ORDINARY_CLASS).tolist() if "type" in lines else [False] * len(lines)
    kinds = list(zip(*(cells[name].tolist() for name in KIND), strict=True))
    columns = (lines[name].tolist() for name in ("needs", "can_meet", "match", "phases", "levels"))
    fits = np.zeros((len(lines), len(kinds)), dtype=bool)
    for row, (needs, can_meet, match, at, at_levels) in enumerate(zip(*columns, strict=True)):
        able, phases, levels = {*needs, *(can_meet if match > 0 else ())}, set(at), {*at_levels, ""}
        if model.continuity.step_down > 0 and "base" in levels:
            levels.add("special")
        fits[row] = [
            need in able
            and phase in phases
            and (not at_levels or level in levels)
            and (not ordinary[row] or (need, phase) in taught)
            for need, phase, level in kinds
        ]
    return fits


def _suppliers(inspection: Inspection) -> list[tuple[pd.DataFrame, Floats, Floats]]:
    """Lines and options that any entrant they take may be placed in, with the first year and the first year not open:
    not those that follow the pattern, nor ordinary classes, which only some may enter.
    """
    lines = inspection.lines[~inspection.lines["type"].isin([*inspection.model.continuity.by_pattern, ORDINARY_CLASS])]
    places = inspection.tables.places[["line", "places"]]
    most = places.fillna({"places": np.inf}).groupby("line")["places"].max()  # blank: without a limit
    lines = lines[lines["line"].map(most) > 0]
    suppliers = [(lines, lines["opens"].to_numpy(dtype=float), lines["closes"].to_numpy(dtype=float))]
    options = inspection.tables.options
    if options is not None:
        new = options[brings_line(options) & (options["places"] > 0)].drop(columns="type", errors="ignore")
        opens = new["earliest"].fillna(-np.inf).to_numpy(dtype=float)
        suppliers.append((new, opens, np.full(len(new), np.inf)))
    return suppliers

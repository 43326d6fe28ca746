"""Checks of where children are today."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sufficiency.arrays import alike, each_row, first_of_each
from sufficiency.codes import AWAITING
from sufficiency.tables.checks.findings import CELL, KIND, Inspection, children
from sufficiency.tables.checks.supply import rows_of_year
from sufficiency.tables.parse import listed

if TYPE_CHECKING:
    import pandas as pd

MOST_NOWHERE = 1 / 3
"""Share of the base year's children who may be in no placement without a word (an assumption)."""
_LINE_COLUMNS = ("placements.line", "placements.setting", "places.line", "places.setting")


def check_placements(inspection: Inspection) -> None:
    """Placements against demand, lines and places; without a placements table, what that means."""
    placements = inspection.tables.placements
    if placements is None or placements.empty:
        what = "there is no placements table: the plan treats every child as new in the first year"
        where = {} if placements is None else {"file": inspection.file("placements")}
        inspection.warn(what, fix="give placements, so that children stay where they are", **where)
        return
    _setting_and_line(inspection)
    _cells_in_demand(inspection)
    if inspection.sure(*_LINE_COLUMNS, "places.from_year", "settings.opens", "settings.closes"):
        _open_today(inspection)
    designation = ("needs", "can_meet", "phases", "levels")
    cell = (*CELL, "children")
    if inspection.sure(
        *_LINE_COLUMNS, *(f"places.{name}" for name in designation), *(f"placements.{name}" for name in cell)
    ):
        _off_designation(inspection)
    if inspection.sure(*_LINE_COLUMNS, "placements.children"):
        _more_than_places(inspection)


def _setting_and_line(inspection: Inspection) -> None:
    """A row that names both a line and a setting must mean the line's own setting."""
    placements = inspection.tables.placements
    if placements is None or not inspection.sure(*_LINE_COLUMNS):
        return
    of_line = placements["line"].map(inspection.lines["setting"])
    both = placements[(placements["setting"] != "") & of_line.notna() & (placements["setting"] != of_line)]
    for row, line, home in zip(both.index[:10], both["line"][:10], of_line[both.index][:10], strict=True):
        setting = str(placements.loc[row, "setting"])
        what = f"the line {line} is at setting {home}, not at this one"
        inspection.error(
            what,
            inspection.file("placements"),
            "leave setting blank",
            row=int(row),
            column="setting",
            value=setting,
        )
    if len(both):
        inspection.doubtful.add("placements.setting")


def _cells_in_demand(inspection: Inspection) -> None:
    """Children are placed in cells that demand knows; a blank level stands for any that demand has."""
    demand, placements = inspection.tables.demand, inspection.tables.placements
    columns = [f"{table}.{column}" for table in ("demand", "placements") for column in CELL]
    if placements is None or not inspection.sure("demand.year", *columns):
        return
    file = inspection.file("placements")
    named = placements["level"] != ""
    if named.any() and not (demand["level"] != "").any():
        rows = placements[named]
        fix = "leave level blank, or give it in demand too"
        what = "demand gives no levels of provision"
        first = {"row": int(rows.index[0]), "column": "level", "value": str(rows["level"].iloc[0])}
        inspection.error(what, file, fix, **first, count=len(rows))
        return
    used = demand["year"].between(inspection.model.base_year, inspection.model.years[1]).to_numpy()
    known = inspection.cells.iloc[np.unique(inspection.cell[used])]
    asked, there = alike((placements, known), CELL)
    asked_of_any, there_of_any = alike((placements, known), CELL[:3])
    at_any_level = np.isin(asked_of_any, there_of_any) & ~named.to_numpy()
    rows = placements[~np.isin(asked, there) & ~at_any_level]
    for cell, group in list(rows.groupby(CELL, sort=False))[:10]:
        value = " ".join(str(part) for part in cell if part != "")
        what = "children are placed, but demand has no row for this area, need and phase"
        fix = "add its rows to demand, or correct the placement"
        inspection.error(what, file, fix, row=int(group.index[0]), value=value, count=len(group))
    if not len(rows) and inspection.sure("demand.children", "demand.year", "placements.children"):
        _more_than_forecast(inspection)


def placed_and_forecast(
    placements: pd.DataFrame, demand: pd.DataFrame, year: int
) -> tuple[pd.Series[float], pd.Series[float]]:
    """Children of the base `year` as placements have them, and as demand does, by area, need and phase, and by level
    where all placements give one.
    """
    keys = CELL if (placements["level"] != "").all() else CELL[:3]
    base = demand[demand["year"] == year]
    return placements.groupby(keys)["children"].sum(), base.groupby(keys)["children"].sum()


def _more_than_forecast(inspection: Inspection) -> None:
    demand, placements, year = inspection.tables.demand, inspection.tables.placements, inspection.model.base_year
    if placements is None or not (demand["year"] == year).any():
        return
    there, forecast = placed_and_forecast(placements, demand, year)
    _nowhere(inspection, there, forecast)
    excess = there - forecast.reindex(there.index).fillna(0.0)  # no row for the base year: nobody was forecast
    excess = excess[excess > 1e-6]
    if len(excess):
        worst: tuple[str, ...] = excess.index[int(excess.argmax())]
        value = " ".join(part for part in map(str, worst) if part)
        others = f", most of them here of {len(excess):,} such cells" if len(excess) > 1 else ""
        raised = children(float(excess.sum()))
        what = f"demand for {year} is raised by {raised}, who are placed or waiting beyond it{others}"
        inspection.warn(what, inspection.file("placements"), f"check the children of {year} in demand", value=value)


def _nowhere(inspection: Inspection, there: pd.Series[float], forecast: pd.Series[float]) -> None:
    """Children of the base year whom no row of placements has: they count as waiting, and many are rows forgotten."""
    missing = (forecast - there.reindex(forecast.index).fillna(0.0)).clip(lower=0.0)
    total = float(missing.sum())
    if total > MOST_NOWHERE * float(forecast.sum()):
        what = f"{total:,.4g} of {children(float(forecast.sum()))} in demand for {inspection.model.base_year} "
        what += "are in no row: they count as waiting at the start"
        fix = "add the rows of those who have a place; give those who wait the line awaiting"
        inspection.warn(what, inspection.file("placements"), fix, column="children")


def _open_today(inspection: Inspection) -> None:
    """Children can only be in lines that are open in the base year."""
    placed, base = inspection.placed, inspection.model.base_year
    lines = inspection.lines.loc[placed["line"]]
    late = (lines["opens"] > base).to_numpy()
    closed = (lines["closes"] <= base).to_numpy()
    for mask, words in ((late & ~closed, "is not open yet"), (closed, "has closed")):
        for line, rows in placed[mask].groupby("line", sort=False):
            what = f"children are placed in a line that {words} in the base year {base}"
            fix = "check from_year of the line, and opens and closes of its setting"
            where = {"row": int(rows.index[0]), "column": "line", "value": str(line), "count": len(rows)}
            inspection.error(what, inspection.file("placements"), fix, **where)


def _off_designation(inspection: Inspection) -> None:
    """Children in lines that are not designated for them: they stay, and are counted."""
    (kind,) = alike((inspection.placed,), ["line", *KIND])
    kinds = inspection.placed[["line", *KIND]].iloc[first_of_each(kind)]
    lines = {line.line: line for line in each_row(inspection.lines)}
    wrong = np.array([_off(lines[child.line], child) for child in each_row(kinds)], dtype=object)[kind]
    off = inspection.placed.assign(wrong=wrong)[wrong != ""]
    for line, rows in off.groupby("line"):
        for column in ("need", "phase", "level"):
            _say_off(inspection, str(line), rows[rows["wrong"] == column], column)


def _off(line: Any, child: Any) -> str:
    """What of a child the line is not designated for; blank where it is for all."""
    if child.phase not in line.phases:
        return "phase"
    if child.need not in line.needs and child.need not in line.can_meet:
        return "need"
    return "level" if line.levels and child.level not in (*line.levels, "") else ""


def _say_off(inspection: Inspection, line: str, rows: pd.DataFrame, column: str) -> None:
    if rows.empty:
        return
    codes = listed(sorted(set(rows[column])))
    total = children(float(rows["children"].sum()))
    what = f"the line is not designated for {column} {codes}: {total} off designation"
    fix = f"they stay; if it does take them, add the {column} to the line"
    inspection.warn(what, inspection.file("placements"), fix, row=int(rows.index[0]), column="line", value=line)


def _more_than_places(inspection: Inspection) -> None:
    """Lines fuller in the base year than their places: the overfill is inherited."""
    base = inspection.model.base_year
    columns = ("places", "imported", "reserved", "from_year")
    if not inspection.sure(*(f"places.{column}" for column in columns)):
        return
    now = rows_of_year(inspection.tables.places, base)
    row_of, today = dict(zip(now["line"], now.index, strict=True)), now.set_index("line")
    room = (today["places"] - today["imported"] - today["reserved"]).clip(lower=0.0)
    there = inspection.placed[inspection.placed["line"] != AWAITING].groupby("line", sort=False)["children"].sum()
    over = there[there > room.reindex(there.index) + 1e-6]
    for line in sorted(over.index, key=list(inspection.lines.index).index):
        held = today.loc[line, "imported"] + today.loc[line, "reserved"]
        less = f", {held:g} being imported or reserved" if held > 0 else ""
        what = f"line {line} has {room[line]:g} places in {base}{less}, and {children(float(there[line]))} are placed"
        where = {"row": int(row_of[line]), "column": "places", "value": f"{today.loc[line, 'places']:g}"}
        inspection.warn(what, inspection.file("places"), "check its places", **where)

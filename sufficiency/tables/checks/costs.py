"""Checks of costs: a rate for every child who could be placed."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sufficiency.arrays import where_true
from sufficiency.tables.checks.demand import takes_cells
from sufficiency.tables.checks.findings import KIND, Inspection, years
from sufficiency.tables.parse import listed, value_problems
from sufficiency.tables.schemes import brings_line

_KEYS = ("line", "setting", "type", "level", "need", "phase")
_POSSIBLE_COLUMNS = (
    *(f"places.{name}" for name in ("needs", "can_meet", "phases", "levels", "type", "setting")),
    *(f"demand.{name}" for name in ("need", "phase", "level")),
    *(f"options.{name}" for name in ("needs", "can_meet", "phases", "levels", "setting")),
    "settings.type",
    "placements.line",
)


def check_costs(inspection: Inspection) -> None:
    """Missing rates are errors; rows that can never be used are warnings."""
    costs, file, last = inspection.tables.costs, inspection.file("costs"), inspection.model.years[1]
    if inspection.sure("costs.from_year"):
        what = f"the row starts after the plan has ended in {last}; it is not used"
        late = costs[costs["from_year"] > last]["from_year"].astype("str")
        inspection.problems += value_problems(what, late, file, "from_year", severity="warning")
    if inspection.sure("costs.level", "costs.need", "costs.phase"):
        narrow = costs["per_place"].notna() & ((costs["level"] != "") | (costs["need"] != "") | (costs["phase"] != ""))
        once = narrow & ~costs.index.duplicated()
        if once.any():
            what = "place funding is not by need, phase or level: per_place of this row is not used"
            fix = "put per_place in a row that leaves them blank"
            row = int(costs.index[once][0])
            inspection.warn(what, file, fix, row=row, column="per_place", count=int(once.sum()))
    _transport_line(inspection)
    rests_on = (*(f"costs.{name}" for name in (*_KEYS, "per_child", "from_year")), *_POSSIBLE_COLUMNS)
    if inspection.sure(*rests_on):
        _rates_missing(inspection)


def _transport_line(inspection: Inspection) -> None:
    """The budget line of journeys is named, and is no line that places are paid from: it lies outside the DSG."""
    line, file = inspection.model.finance.transport_budget_line.strip(), inspection.model.path.name
    fix = 'name the line of the General Fund that pays for journeys, such as "transport"'
    if not line:
        inspection.error("finance.transport_budget_line is blank", file, fix)
    elif inspection.sure("costs.budget_line", "costs.place_budget_line"):
        costs = inspection.tables.costs
        if (costs["budget_line"].eq(line) | costs["place_budget_line"].eq(line)).any():
            what = "finance.transport_budget_line is a line that costs pays places from, which the DSG pays for"
            inspection.error(what, file, fix, value=line)


def _rates_missing(inspection: Inspection) -> None:
    """Every child who is or could be placed has a rate from the first year on."""
    combos = _possible(inspection)
    missing = combos[~_covered(inspection, combos)]
    for kind, rows in missing.groupby("type", sort=True):
        lines = sorted(set(rows["line"]))
        there = set(rows["phase"])
        phases = [phase.code for phase in inspection.model.phase_list if phase.code in there]
        cells = f"need {listed(sorted(set(rows['need'])))}; phase {listed(phases)}"
        levels = sorted(set(rows["level"]) - {""})
        cells += f"; level {listed(levels)}" if levels else ""
        starts = years(rows["year"])
        what = f"there is no per_child for {kind} ({listed(lines)}) in {starts}: {cells}"
        fix = f"add a row for type {kind}; blank need and phase match all"
        inspection.error(what, inspection.file("costs"), fix)


def _possible(inspection: Inspection) -> pd.DataFrame:
    """Lines × children that may meet: columns line, setting, type, level, need, phase, and the first plan
    year of it.
    """
    cells = inspection.kinds[KIND].drop_duplicates(ignore_index=True)
    first, last = inspection.model.years
    lines = inspection.lines[
        (inspection.lines["type"] != "") & (inspection.lines["opens"] <= last) & (inspection.lines["closes"] > first)
    ]
    opens = lines["opens"].clip(lower=first).astype("int64")
    homes = [lines.assign(year=opens)]
    options = inspection.tables.options
    if options is not None:
        kinds = inspection.tables.settings.drop_duplicates("setting").set_index("setting")["type"]
        new = options[brings_line(options)]
        new = new.assign(line=new["option"], type=new["setting"].map(kinds).fillna("").astype("str"))
        new = new.assign(year=new["earliest"].clip(lower=first).fillna(first).astype("int64"))
        homes.append(new[new["type"] != ""])
    stay = _staying(inspection, lines, cells).assign(year=first)
    could = [stay]
    for some in reversed(homes):
        line, cell = where_true(takes_cells(some, cells, inspection.model))
        home = some[["line", "setting", "type", "year"]].iloc[line].reset_index(drop=True)
        could.insert(0, cells.iloc[cell].reset_index(drop=True).join(home))
    return pd.concat(could).drop_duplicates([*_KEYS], ignore_index=True)


def _staying(inspection: Inspection, lines: pd.DataFrame, cells: pd.DataFrame) -> pd.DataFrame:
    """Children placed today by the line they are in, designated or not; a blank level stands for all that
    demand has.
    """
    there = inspection.placed[inspection.placed["line"].isin(lines.index)]
    stay = there[["need", "phase", "level", "line"]].drop_duplicates()
    levels = cells.merge(stay[stay["level"] == ""].drop(columns="level"), on=["need", "phase"], validate="many_to_many")
    stay = pd.concat([stay[stay["level"] != ""], levels[stay.columns]], ignore_index=True)
    details = lines[["setting", "type"]].reindex(stay["line"])
    return stay.assign(setting=details["setting"].to_numpy(), type=details["type"].to_numpy())


def _covered(inspection: Inspection, combos: pd.DataFrame) -> np.ndarray:
    """Which combinations some cost row with a `per_child` matches in their first year."""
    costs = inspection.tables.costs
    rows = costs[costs["per_child"].notna()]
    covered = np.zeros(len(combos), dtype=bool)
    columns = {key: combos[key].to_numpy(dtype=object) for key in _KEYS}
    year = combos["year"].to_numpy()
    for row in rows[[*_KEYS, "from_year"]].drop_duplicates().itertuples(index=False):
        fits = ~covered & (year >= row.from_year)
        for key in _KEYS:
            asked = getattr(row, key)
            if asked != "":
                fits &= columns[key] == asked
        covered |= fits
    return covered

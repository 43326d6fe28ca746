"""The tables of a release: those of the workbook that protected figures allow, and what is left out."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pandas as pd

from sufficiency.report.content.tables.background import headline_table, measures_table
from sufficiency.report.content.tables.children import EXPECTED, by_locality, by_need, by_need_and_phase, by_phase
from sufficiency.report.content.tables.effects import OF_RESULT, changes
from sufficiency.report.content.tables.gaps import in_all, short_by_year
from sufficiency.report.content.tables.money import grant, lines, spend, spend_by_type
from sufficiency.report.content.tables.placed import by_type, where_placed
from sufficiency.report.content.tables.planned import Planned
from sufficiency.report.content.tables.shorthand import shorthand_table
from sufficiency.report.content.tables.table import Column, Omitted, Table, Unit
from sufficiency.report.words import academic_year

_COLUMNS: dict[str, tuple[str, Unit]] = {
    "year": ("Academic year", Unit.TEXT),
    "locality": ("Locality", Unit.TEXT),
    "area": ("Area", Unit.TEXT),
    "need": ("Primary need", Unit.TEXT),
    "phase": ("Phase", Unit.TEXT),
    "type": ("Type of setting", Unit.TEXT),
    "line": ("Line", Unit.TEXT),
    "setting": ("Setting", Unit.TEXT),
    "setting_name": ("Name", Unit.TEXT),
    "budget_line": ("Budget line", Unit.TEXT),
    "fund": ("Fund", Unit.TEXT),
    "capital_by": ("Paid by", Unit.TEXT),
    "option": ("Option", Unit.TEXT),
    "opens": ("From September", Unit.YEAR),
    "places": ("Places", Unit.PLACES),
    "children": ("Children", Unit.CHILDREN),
    "demand": ("Children who need a place", Unit.CHILDREN),
    "state_places": ("In state-funded, college and other places", Unit.CHILDREN),
    "independent": ("In bought places", Unit.CHILDREN),
    "by_pattern": ("EOTAS and home education", Unit.CHILDREN),
    "awaiting": ("Awaiting a place", Unit.CHILDREN),
    "over_places": ("Above the places", Unit.CHILDREN),
    "shortfall": ("Short", Unit.CHILDREN),
    "mean_minutes": ("Mean minutes", Unit.MINUTES),
    "pounds": ("Pounds", Unit.POUNDS),
    "capital": ("Capital", Unit.POUNDS),
}
"""Columns of a release: heading and unit."""
_AS_THEY_ARE = (
    ("gaps", "P1", "Gaps in full", "Where the children of each locality, need and phase are"),
    ("area_gaps", "P2", "Children by area", "Children by area, all needs and phases together"),
    ("provision", "P3", "Provision", "Children by type of setting, primary need and phase"),
    ("occupancy", "P4", "Lines by year", "Places and children of every line of places"),
    ("journeys", "P5", "Journeys", "Mean journey one way by type of setting"),
    ("spend", "P6", "Spend", "Spend by budget line, type of setting and fund"),
    ("capital", "P7", "Capital", "Capital by year and who pays it"),
    ("programme", "P8", "Programme", "What opens"),
)
"""Tables that are shown row by row: file, code, name, title."""


def published_tables(planned: Planned) -> list[Table | Omitted]:
    """Every table of a release in order. `planned`: the release as a result, with the model alone beside it."""
    from_gaps: tuple[Callable[[Planned], Table], ...] = (by_phase, by_need_and_phase, by_need, by_locality)
    made: list[Table | Omitted] = [
        headline_table(planned),
        *(replace(make(planned), source="gaps.csv") for make in from_gaps),
        where_placed(planned),
        *(by_type(planned, of) for of in ("plan", "unmitigated")),
        in_all(planned),
        short_by_year(planned),
        *(make(planned) for make in (lines, grant, spend, spend_by_type) if planned.has(_FILE_OF[make])),
        changes(planned),
        *(_as_it_is(planned, *one) for one in _AS_THEY_ARE if planned.has(one[0])),
        measures_table(planned),
        _left_out(planned),
        shorthand_table(planned),
    ]
    codes = {one.code for one in made}
    return [_protected(planned, one, codes) if isinstance(one, Table) else one for one in made]


_FILE_OF: dict[Callable[[Planned], Table | Omitted], str] = {
    lines: "overspend",
    grant: "deficit",
    spend: "spend_financial",
    spend_by_type: "spend_financial",
}


def _protected(planned: Planned, table: Table, codes: set[str]) -> Table:
    """A table with the note on how its figures are protected in place of the one on expected numbers, and without
    notes on tables that a release does not have. `codes`: those that it has.
    """
    why = str(planned.summary["release"]["why"])
    held = [note.replace("T10e", "P1") for note in table.notes if note != OF_RESULT]
    held = [note for note in held if {*re.findall(r"\b[TP]\d+[a-z]?\b", note)} <= codes]
    notes = tuple(dict.fromkeys(why if note == EXPECTED else note for note in held))
    blank = "; ".join(one for one in (table.blank, planned.summary["release"]["blank"]) if one)
    return replace(table, notes=notes, blank=blank)


def _as_it_is(planned: Planned, name: str, code: str, short: str, title: str) -> Table:
    rows = planned.rows(name)
    if "setting" in rows:
        rows = rows.assign(setting_name=[planned.setting_names.get(one, "") for one in rows["setting"].astype(str)])
    keys = [key for key in _COLUMNS if key in rows and not (rows[key].astype(str) == "").all()]
    frame = planned.in_words(pd.DataFrame(rows[keys]))
    if "year" in keys:
        frame["year"] = [academic_year(year) for year in frame["year"]]
    step = float(planned.summary["release"]["money_step"])
    rounded = f" Pounds are rounded to £{step:,.0f}." if name == "spend" and step else ""
    return Table(
        code,
        short,
        title,
        f"A row is a row of the file of the same name in tables/.{rounded}",
        f"{name}.csv",
        tuple(Column(key, *_COLUMNS[key]) for key in keys),
        frame,
        (EXPECTED,),
        blank="no limit on places, or a site that is not announced",
    )


def _left_out(planned: Planned) -> Table:
    frame = pd.DataFrame(planned.summary["release"]["left_out"], columns=["what", "why"])
    columns = (Column("what", "What"), Column("why", "Why"))
    about = "A row is something that a result in full holds and a release never does."
    return Table("P9", "Left out", "What is left out, and why", about, "notes.csv", columns, frame)

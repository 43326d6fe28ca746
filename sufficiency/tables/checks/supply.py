"""Checks of settings and their lines of places."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from sufficiency.codes import AWAITING, GIVES_PLACES, NOT_PLACED_BY_MAP, STATE_FUNDED
from sufficiency.problems import did_you_mean, nearest, share_for, shown
from sufficiency.tables.checks.travel import journey_method
from sufficiency.tables.commitments import PROPOSED, STATUSES
from sufficiency.tables.parse import value_problems
from sufficiency.tables.shapes import row_problems

if TYPE_CHECKING:
    import pandas as pd

    from sufficiency.tables.checks.findings import Inspection

_MAY_CHANGE = "a later row may change only places, imported, overfill, status and evidence"
_FIXED_COLUMNS = ("setting", "needs", "phases", "type", "levels", "reserved", "can_meet", "match")
_URN = re.compile(r"\d{5,7}")


def check_settings(inspection: Inspection) -> None:
    """Opening and closing years, satellites, localities, and places on the map."""
    settings, file = inspection.tables.settings, inspection.file("settings")
    if inspection.sure("settings.opens", "settings.closes"):
        never = settings["opens"] >= settings["closes"]
        what = "the setting closes in or before the year it opens"
        fix = "closes is the first year it is not open"
        inspection.problems += row_problems(what, settings, never, "setting", file, "closes", fix)
    parents = settings["school"]
    strange = parents[~parents.isin(inspection.settings) & ~parents.str.fullmatch(_URN) & (parents != "")]
    what = "the school is neither a setting of the table nor a URN"
    near_school = lambda value: did_you_mean(value, inspection.settings, "give the URN of the parent")  # noqa: E731
    inspection.problems += value_problems(what, strange, file, "school", near_school, "warning")
    parent_of = dict(zip(settings["setting"], parents, strict=True))
    itself = parents.ne("") & (parents.eq(settings["setting"]) | parents.map(parent_of).eq(settings["setting"]))
    what = "the school is itself a satellite of this setting"
    fix = "leave school blank at the one that is no satellite"
    inspection.problems += row_problems(what, settings, itself, "setting", file, "school", fix, "warning")
    if inspection.sure("settings.section_41", "settings.type"):
        odd = settings["section_41"] & (settings["type"] != "independent")
        what = "section 41 is about independent schools, and the setting is of another type"
        fix = "check type, or leave section_41 blank"
        inspection.problems += row_problems(what, settings, odd, "setting", file, "section_41", fix, "warning")
    _localities(inspection)
    if inspection.sure("settings.x", "settings.y", "settings.latitude", "settings.longitude", "settings.type"):
        pooled = settings["km"].notna() | settings["minutes"].notna() | settings["type"].isin(NOT_PLACED_BY_MAP)
        nowhere = settings["x"].isna() & ~pooled
        if journey_method(inspection.model, inspection.tables) != "matrix":
            what = "the setting has no coordinates: journeys to it count as 0 km"
            fix = "give x and y, or km and minutes"
            inspection.problems += row_problems(what, settings, nowhere, "setting", file, "", fix, "warning")


def _localities(inspection: Inspection) -> None:
    """Localities of settings in the area that no area has: slips, or a column with our name and another meaning."""
    if not inspection.sure("areas.locality", "settings.locality", "settings.in_area"):
        return
    known = sorted(set(inspection.tables.areas["locality"]) - {""})
    named = inspection.tables.settings["locality"][inspection.tables.settings["in_area"]]
    strange = named[~named.isin(known) & (named != "")]
    otherwise = (
        "give a planning area of the areas table, or leave locality blank (GIAS calls the village of an address so)"
    )

    def fix(value: str) -> str:
        near = nearest(value, known)
        return f"did you mean {shown(near)}?" if near else otherwise

    what = "no area is in this locality"
    inspection.problems += value_problems(what, strange, inspection.file("settings"), "locality", fix, "warning")


def check_places(inspection: Inspection) -> None:
    """Lines of places: their numbers, their years, and what may change from row to row."""
    places, file = inspection.tables.places, inspection.file("places")
    reserved_name = places["line"].str.casefold() == AWAITING
    what = "this name is reserved for children who wait"
    inspection.problems += row_problems(
        what, places, reserved_name, "line", file, "line", "call the line something else"
    )
    if inspection.sure("places.places", "places.type", "settings.type"):
        missing = places["places"].isna() & places["type"].isin(GIVES_PLACES)
        for row, line, kind in zip(
            places.index[missing], places["line"][missing], places["type"][missing], strict=True
        ):
            what = f"the line {line} is {kind} and must give its places"
            inspection.error(what, file, "give the number, 0 where it takes nobody new", row=int(row), column="places")
    _rows_agree(inspection)
    _late(inspection)
    _status(inspection)
    if inspection.sure("places.places", "places.imported", "places.reserved"):
        taken = places["imported"] + places["reserved"]
        for row in places.index[taken > places["places"]]:
            there, gone = places.loc[row, "places"], taken[row]
            what = f"{gone:g} places are imported or reserved, but the line has {there:g}"
            inspection.warn(what, file, "check imported and reserved", row=int(row), value=str(places.loc[row, "line"]))
    _unlike_types(inspection)
    _overfill(inspection)
    _physical(inspection)


def _rows_agree(inspection: Inspection) -> None:
    """Rows of one line may differ only in what may change from year to year."""
    places, file = inspection.tables.places, inspection.file("places")
    first = places.sort_values("from_year", kind="stable").drop_duplicates("line").set_index("line")
    for column in _FIXED_COLUMNS:
        if not inspection.sure("places.line", "places.from_year", f"places.{column}"):
            continue
        was = places["line"].map(first[column])
        for row in places.index[[one != other for one, other in zip(places[column], was, strict=True)]]:
            before, now = _said(was[row]), _said(places.loc[row, column])
            what = f"the line {places.loc[row, 'line']} changes its {column} from {before}; {_MAY_CHANGE}"
            inspection.error(what, file, "make it a new line", row=int(row), column=column, value=now)


def _said(value: object) -> str:
    if isinstance(value, tuple):
        return " ".join(str(code) for code in value[:6]) + (" …" if len(value) > 6 else "") or "blank"
    return f"{value:g}" if isinstance(value, float | np.floating) else str(value) or "blank"


def _late(inspection: Inspection) -> None:
    places, last = inspection.tables.places, inspection.model.years[1]
    if inspection.sure("places.from_year"):
        late = places["from_year"] > last
        what = f"the row starts after the plan has ended in {last}; it is not used"
        problems = row_problems(what, places, late, "line", inspection.file("places"), "from_year", "", "warning")
        inspection.problems += problems


def _status(inspection: Inspection) -> None:
    """Whether rows are open, committed or proposed; what holds in the base year is there already."""
    places, file, base = inspection.tables.places, inspection.file("places"), inspection.model.base_year
    said = places["status"].str.strip().str.casefold()
    strange = places["status"][~said.isin(["", *STATUSES])]
    fix = lambda value: did_you_mean(value.strip().casefold(), STATUSES)  # noqa: E731
    inspection.problems += value_problems(
        f"neither {', '.join(STATUSES[:-1])} nor {STATUSES[-1]}", strange, file, "status", fix
    )
    if inspection.sure("places.from_year"):
        there = (said == PROPOSED) & (places["from_year"] <= base)
        what = f"the row holds in the base year {base}, so its places are there: they cannot be only proposed"
        fix_there = "write open, or in from_year the year from which they would hold"
        inspection.problems += row_problems(what, places, there, "line", file, "status", fix_there)


def _unlike_types(inspection: Inspection) -> None:
    """A line bought at a state-funded setting, or the other way round, is more often a slip than a fact."""
    if not inspection.sure("places.type", "settings.type", "places.setting"):
        return
    of_setting = inspection.tables.settings.drop_duplicates("setting").set_index("setting")["type"]
    lines = inspection.lines
    kind = lines["setting"].map(of_setting)
    unlike = (lines["type"] != kind) & (lines["type"].isin(STATE_FUNDED) != kind.isin(STATE_FUNDED)) & kind.notna()
    for name, line in lines[unlike].assign(home=kind[unlike]).iterrows():
        what = f"the line {name} is {line['type']}, its setting is {line['home']}"
        inspection.warn(what, inspection.file("places"), "check type", row=int(line["row"]), column="type")


def _overfill(inspection: Inspection) -> None:
    """More children above its places than there are places: a percentage, most likely."""
    if not inspection.sure("places.overfill"):
        return
    places = inspection.tables.places
    for row, share in places["overfill"][places["overfill"] > 1].items():
        what = f"the line may hold {share:.0%} more than its places"
        inspection.warn(
            what, inspection.file("places"), share_for(share), row=int(str(row)), column="overfill", value=f"{share:g}"
        )


def _physical(inspection: Inspection) -> None:
    """Places commissioned beyond what the building holds."""
    if not inspection.sure("places.places", "settings.physical_places", "places.from_year", "places.setting"):
        return
    settings = inspection.tables.settings.drop_duplicates("setting").set_index("setting")
    most = settings["physical_places"].dropna()
    begins = set(inspection.tables.places["from_year"])
    for year in (inspection.model.base_year, *(year for year in inspection.model.plan_years if year in begins)):
        now = rows_of_year(inspection.tables.places, year)
        total = now.groupby("setting")["places"].sum()
        over = total[total > most.reindex(total.index).fillna(np.inf)]  # blank: no physical limit is known
        for setting in over.index:
            what = f"{total[setting]:g} places in {year}, but the building holds {most[setting]:g}"
            row = int(inspection.tables.settings.index[inspection.tables.settings["setting"] == setting][0])
            fix = "check physical_places, or the places of its lines"
            inspection.warn(
                what, inspection.file("settings"), fix, row=row, column="physical_places", value=str(setting)
            )
        most = most.drop(over.index)


def rows_of_year(places: pd.DataFrame, year: int) -> pd.DataFrame:
    """The row that holds for each line in `year`."""
    return (
        places[places["from_year"] <= year].sort_values("from_year", kind="stable").drop_duplicates("line", keep="last")
    )

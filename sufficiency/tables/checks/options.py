"""Checks of options: schemes that could be commissioned."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from sufficiency.arrays import each_row
from sufficiency.codes import GIVES_PLACES, NEEDS
from sufficiency.problems import Problem
from sufficiency.tables.parse import one_of_two
from sufficiency.tables.shapes import row_problems
from sufficiency.tables.statutory import LEAD_YEARS, statutory_flags

if TYPE_CHECKING:
    import pandas as pd

    from sufficiency.tables.checks.findings import Inspection


def check_options(inspection: Inspection) -> None:
    """Names, windows, and what an option adds to or closes."""
    options, file = inspection.tables.options, inspection.file("options")
    if options is None:
        return
    first, last = inspection.model.years
    taken = options["option"].isin(inspection.lines.index)
    fix = "an option is a line of its own: give it another name"
    inspection.problems += row_problems("a line of places has this name", options, taken, "option", file, "option", fix)
    if inspection.sure("options.earliest", "options.latest"):
        crossed = options["latest"] < options["earliest"]
        what = "the last year it may open is before the first"
        inspection.problems += row_problems(
            what, options, crossed, "option", file, "latest", "check earliest and latest"
        )
        never = ~crossed & ((options["earliest"] > last) | (options["latest"] < first))
        what = f"the option can never open: the plan runs from {first} to {last}"
        inspection.problems += row_problems(
            what, options, never, "option", file, "earliest", "check its years", "warning"
        )
    if inspection.sure("options.places"):
        what = "the option must give its places"
        missing = options["places"].isna()
        inspection.problems += row_problems(
            what, options, missing, "option", file, "places", "give the places when full"
        )
    both = (options["line"] != "") & (options["closes_line"] != "")
    what = "an option either adds to a line or closes one"
    inspection.problems += row_problems(what, options, both, "option", file, "closes_line", "make it two options")
    if inspection.sure("options.needs", "options.phases"):
        every_phase = len(inspection.model.phase_list)
        adds = (options["line"] != "") & (
            (options["needs"].str.len() < len(NEEDS)) | (options["phases"].str.len() < every_phase)
        )
        what = "an option that adds to a line takes that line's needs and phases"
        fix = "leave needs and phases blank"
        inspection.problems += row_problems(what, options, adds & ~both, "option", file, "needs", fix)
    _words(inspection, options, file)
    _additions(inspection, options, file)
    _lead_times(inspection, options, file)
    if inspection.sure("options.line", "options.setting", "places.setting"):
        home = options["line"].map(inspection.lines["setting"])
        astray = home.notna() & (home != options["setting"])
        what = "the line it adds to is at another setting"
        inspection.problems += row_problems(what, options, astray, "option", file, "setting", "give the line's setting")


def _words(inspection: Inspection, options: pd.DataFrame, file: str) -> None:
    """Cells that hold one of a few words."""
    for column, words in (("approved", ("yes", "no")), ("capital_by", ("ours", "central"))):
        inspection.problems += one_of_two(options[column], words, file)


def _additions(inspection: Inspection, options: pd.DataFrame, file: str) -> None:
    """A line without a limit needs no more places, and what is never chosen cannot be opened to save money."""
    if inspection.sure("options.line", "places.places"):
        places = inspection.tables.places
        without = set(places.loc[places["places"].isna() & ~places["type"].isin(GIVES_PLACES), "line"])
        unlimited = options["line"].isin(without)
        what, fix = "the line it adds to has no limit already", "make it a line of its own, or take it out"
        inspection.problems += row_problems(what, options, unlimited, "option", file, "line", fix)
    if inspection.sure("options.setting", "settings.type"):
        kinds = options["setting"].map(
            inspection.tables.settings.drop_duplicates("setting").set_index("setting")["type"]
        )
        never = kinds.isin(inspection.model.continuity.by_pattern) & (options["closes_line"] == "")
        what = "children are never sent there to save money (continuity.by_pattern), so the option never opens"
        inspection.problems += row_problems(what, options, never, "option", file, "setting", "take it out", "warning")


def _lead_times(inspection: Inspection, options: pd.DataFrame, file: str) -> None:
    """Options that open sooner than their statutory process allows: an error where the planner says which options are
    approved, a warning where the table does not speak of it.
    """
    columns = ("option", "setting", "needs", "line", "closes_line", "places", "earliest")
    if not inspection.sure(
        *(f"options.{column}" for column in columns), "places.places", "places.needs", "settings.type"
    ):
        return
    approved = options["approved"].str.strip().str.casefold()
    first, last = inspection.model.years
    soon = first + max(LEAD_YEARS.values())
    early: list[Problem] = []
    for row, option in zip(options.index, each_row(options), strict=True):
        if approved[row] == "yes" or math.isnan(option.earliest) or option.earliest >= soon or option.earliest > last:
            continue
        flags = statutory_flags(inspection.tables, option, int(option.earliest))
        slowest = max(flags, key=lambda flag: LEAD_YEARS[flag.kind], default=None)
        if slowest is not None and option.earliest < first + LEAD_YEARS[slowest.kind]:
            soonest = first + LEAD_YEARS[slowest.kind]
            what = f"option {option.option} could open before its statutory process is done ({slowest.words})"
            fix = f"let it open from {soonest}, or say yes in approved"
            early.append(Problem(what, file, int(row), "earliest", f"{option.earliest:g}", fix))
    if (approved != "").any():
        inspection.problems += early
    elif early:
        inspection.problems.append(replace(early[0], severity="warning", count=len(early)))

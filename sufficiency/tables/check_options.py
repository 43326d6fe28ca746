"""Checks of options: schemes that could be commissioned."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sufficiency.codes import NEEDS
from sufficiency.tables.shapes import row_problems

if TYPE_CHECKING:
    from sufficiency.tables.findings import Inspection


def check_options(seen: Inspection) -> None:
    """Names, windows, and what an option adds to or closes."""
    options, file = seen.tables.options, seen.file("options")
    if options is None:
        return
    first, last = seen.model.years
    taken = options["option"].isin(seen.lines.index)
    mend = "an option is a line of its own: give it another name"
    seen.problems += row_problems("a line of places has this name", options, taken, "option", file, "option", mend)
    if seen.sure("options.earliest", "options.latest"):
        crossed = options["latest"] < options["earliest"]
        what = "the last year it may open is before the first"
        seen.problems += row_problems(what, options, crossed, "option", file, "latest", "check earliest and latest")
        never = ~crossed & ((options["earliest"] > last) | (options["latest"] < first))
        what = f"the option can never open: the plan runs from {first} to {last}"
        seen.problems += row_problems(what, options, never, "option", file, "earliest", "check its years", "warning")
    if seen.sure("options.places"):
        what = "the option must give its places"
        missing = options["places"].isna()
        seen.problems += row_problems(what, options, missing, "option", file, "places", "give the places when full")
    both = (options["line"] != "") & (options["closes_line"] != "")
    what = "an option either adds to a line or closes one"
    seen.problems += row_problems(what, options, both, "option", file, "closes_line", "make it two options")
    if seen.sure("options.needs", "options.phases"):
        every_phase = len(seen.model.phase_list)
        adds = (options["line"] != "") & (
            (options["needs"].str.len() < len(NEEDS)) | (options["phases"].str.len() < every_phase)
        )
        what = "an option that adds to a line takes that line's needs and phases"
        mend = "leave needs and phases blank"
        seen.problems += row_problems(what, options, adds & ~both, "option", file, "needs", mend)
    if seen.sure("options.line", "options.setting", "places.setting"):
        home = options["line"].map(seen.lines["setting"])
        astray = home.notna() & (home != options["setting"])
        what = "the line it adds to is at another setting"
        seen.problems += row_problems(what, options, astray, "option", file, "setting", "give the line's setting")

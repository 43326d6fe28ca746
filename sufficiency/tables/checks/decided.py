"""Checks of what the model file says of options and lines: those committed, how far they fill, who may enter them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from sufficiency.arrays import each_row
from sufficiency.codes import ORDINARY_CLASS
from sufficiency.problems import did_you_mean
from sufficiency.tables.checks.demand import takes_cells
from sufficiency.tables.checks.findings import KIND
from sufficiency.tables.commitments import PROPOSED, statuses
from sufficiency.tables.schemes import brings_line, committed_years, windows_without_commitments

if TYPE_CHECKING:
    from typing import Any

    from sufficiency.tables.checks.findings import Inspection

_WINDOW_COLUMNS = (
    *(f"options.{name}" for name in ("option", "setting", "line", "earliest", "latest")),
    *(f"settings.{name}" for name in ("setting", "opens", "closes")),
    *(f"places.{name}" for name in ("line", "setting", "from_year")),
)


def check_decided(inspection: Inspection) -> None:
    """Committed options that cannot open together as they are committed, and shares of lines that are not there."""
    _known(inspection)
    _in_their_windows(inspection)
    _together(inspection)
    _enrolment(inspection)
    _ordinary_classes(inspection)


def _file(inspection: Inspection) -> str:
    return inspection.model.path.name


def _known(inspection: Inspection) -> None:
    options = inspection.tables.options
    if options is None and inspection.model.rules.committed:
        what = "rules.committed names options, and the model has no options table"
        inspection.error(what, _file(inspection), "add options to [tables]")
        return
    names = [] if options is None else options["option"].tolist()
    folded = {name.casefold() for name in names}
    for name in inspection.model.rules.committed:
        if name.casefold() not in folded:
            what = "rules.committed: there is no such option"
            inspection.error(what, _file(inspection), did_you_mean(name, names), value=name)


def _in_their_windows(inspection: Inspection) -> None:
    if inspection.tables.options is None or not inspection.sure(*_WINDOW_COLUMNS):
        return
    may_open = windows_without_commitments(inspection.model, inspection.tables)
    for row, year in committed_years(inspection.model, inspection.tables).items():
        if year not in may_open[row]:
            name, window = inspection.tables.options["option"].iloc[row], may_open[row]
            fix = (
                f"it may open from {window[0]} to {window[-1]}" if len(window) else "it can never open: check its years"
            )
            what = f"rules.committed: option {name} cannot open in this year"
            inspection.error(what, _file(inspection), fix, value=str(year))


def _committed(inspection: Inspection) -> list[Any]:
    """The rows of the options table that are committed."""
    if inspection.tables.options is None:
        return []
    return list(each_row(inspection.tables.options.iloc[list(committed_years(inspection.model, inspection.tables))]))


def _together(inspection: Inspection) -> None:
    """Limits on what opens, which the committed options alone are over."""
    model, file, committed = inspection.model, _file(inspection), _committed(inspection)
    for column, what in (("group", "are of one group"), ("closes_line", "close the same line")):
        for name in sorted({getattr(option, column) for option in committed} - {""}):
            members = [option.option for option in committed if getattr(option, column) == name]
            if len(members) > 1:
                said = f"rules.committed: {' and '.join(members)} {what} ({name}); at most one of them opens"
                inspection.error(said, file, "commit one of them")
    closed = {option.closes_line: option.option for option in committed if option.closes_line}
    for option in committed:
        if option.line in closed:
            said = (
                f"rules.committed: {option.option} adds to the line {option.line}, which {closed[option.line]} closes"
            )
            inspection.error(said, file, "commit one of them")
    most = model.rules.open_at_most
    if most is not None and len(committed) > most:
        said = f"rules.committed opens {len(committed)} options, and rules.open_at_most is {most}"
        inspection.error(said, file, "raise open_at_most, which counts them too")
    budget = model.finance.capital_budget
    if budget is not None and inspection.sure("options.capital"):
        ours = [option.capital for option in committed if option.capital_by.strip().casefold() != "central"]
        capital = sum(ours) * (1 + model.finance.capital_contingency)
        if capital > budget + 0.5:
            said = f"rules.committed takes £{capital:,.0f} of capital, and finance.capital_budget is £{budget:,.0f}"
            inspection.error(said, file, "raise capital_budget, which pays for them too, or call their capital central")
    _on_proposed_lines(inspection, committed)


def _on_proposed_lines(inspection: Inspection, committed: list[Any]) -> None:
    if not inspection.sure("places.status", "places.from_year", "places.line"):
        return
    places = inspection.tables.places
    decided = set(places["line"][statuses(places, inspection.model.base_year) != PROPOSED])
    for option in committed:
        if option.line and option.line in set(places["line"]) - decided:
            said = f"rules.committed: {option.option} adds to the line {option.line}, which is itself only proposed"
            inspection.error(
                said, _file(inspection), "call the line committed in the places table, or leave the option to be chosen"
            )


def _enrolment(inspection: Inspection) -> None:
    """Lines, or options that are lines, by the names that `continuity.enrolment` gives."""
    if not inspection.sure("places.line", "options.option"):
        return
    options, places = inspection.tables.options, inspection.tables.places
    new = [] if options is None else options["option"][brings_line(options)].tolist()
    names = {name.casefold(): name for name in [*places["line"].unique(), *new]}
    without: pd.Series[bool] = places["places"].isna().groupby(places["line"]).all()
    for given in inspection.model.continuity.enrolment:
        name = names.get(given.casefold())
        if name is None:
            what = "continuity.enrolment: there is no such line of places"
            inspection.error(what, _file(inspection), did_you_mean(given, list(names.values())), value=given)
        elif inspection.sure("places.places") and without.get(name, False):
            what = f"continuity.enrolment.{given} changes nothing: the line has no limit"
            inspection.warn(what, _file(inspection), "give the line its places, or take it out")


def _ordinary_classes(inspection: Inspection) -> None:
    """Ordinary classes that nobody may enter, and children who could be taught in one where there is none."""
    if not inspection.sure(
        "places.type", "settings.type", "places.needs", "places.phases", "demand.need", "demand.phase"
    ):
        return
    classes = inspection.lines[inspection.lines["type"] == ORDINARY_CLASS]
    options, settings = inspection.tables.options, inspection.tables.settings
    kinds = settings.drop_duplicates("setting").set_index("setting")["type"]
    to_come = options is not None and (options["setting"].map(kinds) == ORDINARY_CLASS).any()
    shares = inspection.model.mainstream_shares()
    if shares and classes.empty and not to_come:
        what = "continuity.mainstream_eligible changes nothing: there is no line of type mainstream"
        fix = "add one to places, with the cost of a package in costs; status proposed where it is only an intention"
        inspection.warn(what, _file(inspection), fix)
    cells = inspection.kinds[KIND].drop_duplicates(ignore_index=True)
    nobody = ~takes_cells(classes, cells, inspection.model).any(axis=1)
    for line in each_row(pd.DataFrame(classes[nobody])):
        what = f"nobody may enter the line {line.line}: an ordinary class takes only continuity.mainstream_eligible"
        fix = "say there which share of its needs could be taught in one with a package"
        inspection.warn(what, inspection.file("places"), fix, row=int(line.row), column="type")

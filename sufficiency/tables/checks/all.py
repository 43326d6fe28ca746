"""Everything that is only wrong between tables, or between a table and the model file."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sufficiency.model.scenarios import BASE, built_on
from sufficiency.problems import Problem, did_you_mean
from sufficiency.tables.checks.costs import check_costs
from sufficiency.tables.checks.decided import check_decided
from sufficiency.tables.checks.demand import check_demand, check_unmet
from sufficiency.tables.checks.effort import check_effort
from sufficiency.tables.checks.findings import AWAITING, UNKNOWN_AREA, Inspection
from sufficiency.tables.checks.options import check_options
from sufficiency.tables.checks.placements import check_placements
from sufficiency.tables.checks.rules import check_rules
from sufficiency.tables.checks.supply import check_places, check_settings
from sufficiency.tables.checks.sweep import check_sweep
from sufficiency.tables.checks.travel import check_travel
from sufficiency.tables.checks.units import check_units
from sufficiency.tables.naming import as_read
from sufficiency.tables.parse import one_of_two, value_problems

if TYPE_CHECKING:
    from sufficiency.model import Model
    from sufficiency.tables import Tables


def check_tables(model: Model, tables: Tables) -> list[Problem]:
    """What is wrong across the tables of a model: errors that stop a plan, and warnings that are said beside
    it.

    Never raises. A check that rests on cells which could not be read is left out: they are reported already.
    """
    inspection = Inspection(model, tables, doubtful=set(tables.doubtful))
    for check in _CHECKS:
        if check is check_travel:  # it looks at files too
            check(inspection)
        else:
            inspection.look(check)
    return inspection.problems


def _references(inspection: Inspection) -> None:
    """Codes that name a row of another table."""
    no_area, no_setting, no_line = (
        "there is no such area",
        "there is no such setting",
        "there is no such line of places",
    )
    options = [] if inspection.tables.options is None else list(inspection.tables.options["option"])
    lines = list(inspection.lines.index)
    if inspection.sure("areas.area"):
        places = list(inspection.tables.areas["name"])
        for table, what in (
            ("demand", no_area),
            ("placements", no_area),
            ("travel", f"{no_area}; the row is not used"),
        ):
            unused = table == "travel"
            inspection.unknown(
                table, "area", inspection.areas, what, warning=unused, reserved=UNKNOWN_AREA, names=places
            )
    called = list(inspection.tables.settings["name"])
    if inspection.sure("settings.setting"):
        for table in ("places", "placements", "options"):
            reserved = AWAITING if table == "placements" else ""
            inspection.unknown(table, "setting", inspection.settings, no_setting, reserved=reserved, names=called)
        for table in ("costs", "travel"):
            what = f"{no_setting}; the row is not used"
            inspection.unknown(table, "setting", inspection.settings, what, warning=True, names=called)
    if inspection.sure("places.line"):
        _settings_for_lines(inspection)
        if inspection.sure("placements.line"):
            inspection.unknown("placements", "line", lines, no_line, reserved=AWAITING)
        inspection.unknown("costs", "line", [*lines, *options], f"{no_line}; the row is not used", warning=True)
        for column in ("line", "closes_line"):
            inspection.unknown("options", column, lines, no_line)


def _settings_for_lines(inspection: Inspection) -> None:
    """Placements that give a setting, by its code or its name, where a line of places belongs."""
    placements = inspection.tables.placements
    if placements is None or not inspection.sure("settings.setting", "settings.name"):
        return
    named = {as_read(name) for name in [*inspection.settings, *inspection.tables.settings["name"]] if name}
    known = {*inspection.lines.index, AWAITING, ""}
    lines = placements["line"]
    strange = lines[[line not in known and as_read(line) in named for line in lines]]
    if len(strange):
        what, fix = "this is a setting, not a line of places", "put it in the column setting and leave line blank"
        inspection.problems += value_problems(what, strange, inspection.file("placements"), "line", fix)
        inspection.doubtful.add("placements.line")


def _twins(inspection: Inspection) -> None:
    """Names that a reader takes for one another: a row that means the one may be counted to the other."""
    for table, column in (("areas", "area"), ("settings", "setting"), ("places", "line"), ("options", "option")):
        frame = getattr(inspection.tables, table)
        if frame is None:
            continue
        first: dict[str, str] = {}
        for row, name in frame[column].drop_duplicates().items():
            twin = first.setdefault(as_read(name), name)
            if twin != name:
                what = f"this {column} differs from “{twin}” only in capitals, spaces or invisible characters"
                fix = "give one of them another name, or both the same if they are one"
                inspection.warn(what, inspection.file(table), fix, row=int(row), column=column, value=name)


def _funds(inspection: Inspection) -> None:
    """Funds of other spending; and an overspend that is weighed though nobody can tell it."""
    from sufficiency.codes import FUNDS

    model, budget, spend = inspection.model, inspection.tables.budget, inspection.tables.other_spend
    for table, frame in (("budget", budget), ("other_spend", spend)):
        if model.finance.overspend > 0 and frame is None:
            what = f"finance.overspend is given, and there is no {table} table: overspends cannot be calculated"
            inspection.error(what, model.path.name, f"add {table} to [tables], or leave finance.overspend out")
    planned = budget is not None and budget["financial_year"].isin(model.plan_years).any()
    if planned and spend is None and not model.finance.overspend:
        what = "there are budgets for planned years and no other_spend table: overspends are not calculated"
        fix = "add other_spend to [tables]: mainstream top-ups, support services, therapies, hospital"
        inspection.warn(what, model.path.name, fix)
    if spend is not None:
        strange = spend["fund"][~spend["fund"].str.casefold().isin(FUNDS) & (spend["fund"] != "")]
        file = inspection.file("other_spend")
        inspection.problems += value_problems(
            "not a fund", strange, file, "fund", lambda fund: did_you_mean(fund, FUNDS)
        )


def _scenarios(inspection: Inspection) -> None:
    """Scenarios that build on one that is not there, or on each other."""
    known, reported = {BASE, *inspection.model.scenarios}, set[str]()
    for name, scenario in inspection.model.scenarios.items():
        for other in scenario.builds_on:
            if other not in known:
                what = f"scenarios.{name}.builds_on: there is no such scenario"
                inspection.error(what, inspection.model.path.name, did_you_mean(other, known - {name}), value=other)
        for *way, last in built_on(inspection.model.scenarios, name)[1]:
            if last == name and name not in reported:
                reported.update(way)
                what = f"scenarios build on each other in a circle: {', '.join([*way, name])}"
                inspection.error(what, inspection.model.path.name, "let one of them build on base")


def _rural(inspection: Inspection) -> None:
    inspection.problems += one_of_two(inspection.tables.areas["rural"], ("yes", "no"), inspection.file("areas"))


_CHECKS: tuple[Callable[[Inspection], None], ...] = (
    _references,
    _twins,
    _rural,
    check_settings,
    check_places,
    check_options,
    check_demand,
    check_placements,
    check_unmet,
    check_costs,
    check_travel,
    check_units,
    check_rules,
    check_decided,
    check_sweep,
    _funds,
    _scenarios,
    check_effort,
)
"""In order. A check sees nothing but the model and the tables, or it is made each time as `check_travel` is."""

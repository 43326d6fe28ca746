"""Everything that is wrong with a model and its scenarios; nothing is solved."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

from sufficiency.api.reading import defaults_from, read_with_problems, same_files
from sufficiency.api.travelling import journeys_of
from sufficiency.case import Case, Defaults
from sufficiency.model import Model
from sufficiency.model.scenarios import BASE, Addition, Edit, Removal
from sufficiency.plan.instance.build import instance_data
from sufficiency.plan.instance.default_weights import cheap_waits, default_weight, with_weights
from sufficiency.problems import InputError, Problem
from sufficiency.progress import Progress, silent
from sufficiency.scenarios import Looked, looked_at, scenario_chain
from sufficiency.tables import Tables

PRICED_TABLES = frozenset({"areas", "costs", "options", "places", "settings", "travel"})
PRICED_SECTIONS = frozenset({"finance", "travel", "weights"})
"""What the cost of a stay comes from."""


def inspect(path: str | Path, scenario: str = BASE, progress: Progress = silent) -> tuple[list[Problem], str | None]:
    """Every problem of a model, the changes of its scenarios included where none is named, and a one-screen picture of
    supply against demand (None where it cannot be read).
    """
    from sufficiency.report.screens.near import near_screen
    from sufficiency.report.screens.supply import supply_screen

    try:
        case, problems = read_with_problems(Path(path), scenario, progress)
    except InputError as error:
        return list(error.problems), None
    if case.defaults is not None:
        problems = [*problems, *_cheap_waits(case, case.defaults).values(), *_closings(case)]
    else:
        given = case.model.weights.awaiting_place is not None  # the default is never too low for its own model
        of_base = _cheap_waits(case, defaults_from(case)) if given else {}
        closings = _closings(case)
        looked = {name: looked_at(case.model, case.tables, name) for name in case.model.scenarios}
        wrong = dict.fromkeys(problem for one in looked.values() for problem in one.problems)
        problems = [*problems, *of_base.values(), *closings, *wrong]
        problems += _of_scenarios(case, looked, set(of_base), closings)
    return problems, f"{supply_screen(case)}\n{near_screen(case)}"


def near(path: str | Path, scenario: str = BASE, picture: Path | None = None) -> list[dict[str, Any]]:
    """Children within 30, 45 and 60 minutes of a suitable place, a row for each need and phase; drawn as a map into
    `picture` (.png or .svg) where one is named. Raises InputError where the model cannot be read.
    """
    from sufficiency.report.content.near import near_places, near_summary
    from sufficiency.report.maps.near import draw_near

    case, _ = read_with_problems(Path(path), scenario, silent)
    if picture is not None:
        draw_near(case, picture)
    rows = near_summary(near_places(case)).to_dict("records")
    return [{str(name): value for name, value in row.items()} for row in rows]


def _of_scenarios(base: Case, looked: dict[str, Looked], cheap: set[str], closings: list[Problem]) -> list[Problem]:
    """What is to be said of every scenario that reads the tables of the base model and is made: where waiting is
    cheap, if it changes a price, but for the types `cheap` already in the base model; closings that no plan can weigh,
    but for those of the base model.
    """
    problems: list[Problem] = []
    defaults: Defaults | None = None
    for name, done in looked.items():
        if done.made is None:
            continue
        model, tables = done.made.model, done.made.tables
        if not same_files(base.model, model) or not (_changes_prices(base.model, name) or _several_close(tables)):
            continue
        defaults = defaults or defaults_from(base)
        case = Case(model, tables, journeys_of(model, tables), name, defaults=defaults)
        if _changes_prices(base.model, name):
            problems += [problem for kind, problem in _cheap_waits(case, defaults).items() if kind not in cheap]
        known = {problem.what for problem in closings}
        new = [problem for problem in _closings(case) if problem.what not in known]
        problems += [replace(problem, what=f"scenario {name}: {problem.what}") for problem in new]
    return problems


def _several_close(tables: Tables) -> bool:
    options = tables.options
    return options is not None and int((options["closes_line"] != "").sum()) > 1


def _closings(case: Case) -> list[Problem]:
    """Closings that no plan of a case can weigh together."""
    if not _several_close(case.tables):
        return []
    from sufficiency.plan.options.full_building import closings_in_a_full_building
    from sufficiency.plan.options.option import schemes
    from sufficiency.plan.rows.instance import prepare

    base = prepare(case)
    return closings_in_a_full_building(base, schemes(case, base.data))


def _changes_prices(base: Model, name: str) -> bool:
    """Whether a scenario, or one it builds on, changes a table or a section that the cost of a stay comes from."""
    try:
        chain = [base.scenarios[link] for link in scenario_chain(base, name)]
    except InputError:
        return False
    changes: list[Edit | Addition | Removal] = []
    for one in chain:
        changes += [*one.edit, *one.add, *one.remove]
    tables = {change.table for change in changes} | {"places" for one in chain if one.levers}
    return bool(tables & PRICED_TABLES or {key for one in chain for key in one.set} & PRICED_SECTIONS)


def _cheap_waits(case: Case, defaults: Defaults) -> dict[str, Problem]:
    """By type of setting, a warning where a place costs more over the stay than a year of waiting at the weights of the
    base model: a child may wait because that is cheaper.
    """
    data = with_weights(instance_data(case), case.model, defaults)
    weight = default_weight(data, case.model, defaults.highest_inflation)
    enough = f"{math.ceil(weight / 1_000) * 1_000:_}"
    named = "" if case.scenario == BASE else f"scenario {case.scenario}: "
    return {
        wait.type: Problem(
            f"{named}a child who enters a place of type {wait.type} in {wait.year} costs up to "
            f"£{wait.stay:,.0f} over the stay, a year without a place £{wait.wait:,.0f}: waiting may be cheaper",
            case.model.path.name,
            fix=f"set weights.awaiting_place in the model to {enough} or more",
            severity="warning",
        )
        for wait in cheap_waits(data)
    }

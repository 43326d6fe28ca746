"""Everything that is wrong with a model and its scenarios; nothing is solved."""

from __future__ import annotations

import math
from pathlib import Path

from sufficiency.api.reading import defaults_from, journeys_of, read_with_problems, same_files
from sufficiency.case import Case, Defaults
from sufficiency.plan.cells import plan_data
from sufficiency.plan.defaults import cheap_waits, default_weight, with_weights
from sufficiency.problems import InputError, Problem
from sufficiency.progress import Progress, silent
from sufficiency.scenarios import BASE, check_scenarios, edited_tables, scenario_model
from sufficiency.tables.check import check_tables


def inspect(path: str | Path, scenario: str = BASE, progress: Progress = silent) -> tuple[list[Problem], str | None]:
    """Every problem of a model, the changes of its scenarios included where none is named, and a one-screen picture of
    supply against demand (None where it cannot be read).
    """
    from sufficiency.report.supply import supply_screen

    try:
        case, problems = read_with_problems(Path(path), scenario, progress)
    except InputError as error:
        return list(error.problems), None
    if case.defaults is not None:
        problems = [*problems, *_where_waiting_is_cheap(case, case.defaults)]
    else:
        problems = [*problems, *check_scenarios(case.model, case.tables), *_where_scenarios_make_waiting_cheap(case)]
    return problems, supply_screen(case)


def _where_scenarios_make_waiting_cheap(base: Case) -> list[Problem]:
    """`_where_waiting_is_cheap` of every scenario that reads the tables of the base model and can be made."""
    found: list[Problem] = []
    defaults: Defaults | None = None
    for name in base.model.scenarios:
        try:
            model = scenario_model(base.model, name)
            tables = edited_tables(model, base.tables, name)
        except InputError:
            continue
        wrong = any(problem.severity == "error" for problem in check_tables(model, tables))
        if same_files(base.model, model) and not wrong:
            defaults = defaults or defaults_from(base)
            case = Case(model, tables, journeys_of(model, tables), name, defaults=defaults)
            found += _where_waiting_is_cheap(case, defaults)
    return found


def _where_waiting_is_cheap(case: Case, defaults: Defaults) -> list[Problem]:
    """Warnings where a place in a scenario costs more over the stay than a year of waiting at the weights of the base
    model: a child may wait because that is cheaper.
    """
    data = with_weights(plan_data(case), case.model, defaults)
    weight = default_weight(data, case.model, defaults.highest_inflation)
    enough = f"{math.ceil(weight / 1_000) * 1_000:_}"
    return [
        Problem(
            f"scenario {case.scenario}: a child who enters a place of type {wait.type} in {wait.year} costs up to "
            f"£{wait.stay:,.0f} over the stay, a year without a place £{wait.wait:,.0f}: waiting may be cheaper",
            case.model.path.name,
            mend=f"set weights.awaiting_place in the model to {enough} or more",
            severity="warning",
        )
        for wait in cheap_waits(data)
    ]

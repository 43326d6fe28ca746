"""From a model file to cases: tables read, demand forecast, scenarios applied, everything checked."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from pydantic import ValidationError

from sufficiency.api.travelling import find_journeys, pairs_without_journey, with_roads
from sufficiency.case import Case, Defaults
from sufficiency.model import Model
from sufficiency.model.scenarios import BASE, Scenario
from sufficiency.model_file import read_model
from sufficiency.plan.instance.build import instance_data
from sufficiency.plan.instance.default_weights import defaults_of
from sufficiency.problems import InputError, Problem, did_you_mean, raise_errors
from sufficiency.progress import Progress, silent
from sufficiency.scenarios import Made, check_under, faults_of, made, scenario_model
from sufficiency.tables import Tables
from sufficiency.tables.checks.all import check_tables
from sufficiency.tables.locate import file_called
from sufficiency.tables.read import FORECAST_CALLED, NO_ROWS, read_table, read_tables
from sufficiency.tables.schema.forecast import FORECAST_INPUTS

WHAT_IF = "what-if"
"""What the changes of a what-if are called where they are wrong."""


def read(path: str | Path, scenario: str = "base", progress: Progress = silent) -> Case:
    """Read and check a model and its tables under a scenario. Raises InputError that lists every problem."""
    started = time.perf_counter()
    case, problems = read_with_problems(Path(path), scenario, progress)
    warnings = tuple(problem for problem in problems if problem.severity == "warning")
    return replace(case, warnings=warnings, seconds=time.perf_counter() - started)


def read_cases(path: str | Path, scenarios: Sequence[str] | None, progress: Progress) -> dict[str, Case]:
    """The cases of scenarios by name, `base` first; tables are read once for all that name the same files, phases and
    years. Raises InputError with the problems of all of them.
    """
    started = time.perf_counter()
    base = read_model(path)
    scenarios = [scenarios] if isinstance(scenarios, str) else scenarios
    cases: dict[str, Case] = {}
    problems: list[Problem] = []
    read_so_far: list[tuple[Model, Tables, list[Problem]]] = []
    defaults: Defaults | None = None
    for name in dict.fromkeys([BASE, *(scenarios or base.scenarios)]):
        progress("Read", name)
        try:
            model = scenario_model(base, name)
            shared = [
                (tables, problems_here) for other, tables, problems_here in read_so_far if same_files(model, other)
            ]
            if not shared:
                shared = [_tables_of(model, progress)]
                read_so_far.append((model, *shared[0]))
            case, problems_here = _checked(model, *shared[0], name, base, progress)
            if name != BASE and BASE in cases:
                defaults = defaults or defaults_from(cases[BASE])
                case = replace(case, defaults=defaults)
        except InputError as error:
            problems += [problem for problem in error.problems if problem not in problems]
            continue
        warnings = tuple(problem for problem in problems_here if problem.severity == "warning")
        cases[name] = replace(case, warnings=warnings, seconds=time.perf_counter() - started)
        started = time.perf_counter()
    raise_errors(problems)
    return cases


def changed_case(case: Case, changes: Mapping[str, Any], defaults: Defaults | None = None) -> Case:
    """A case with changes in the words of a scenario made to its tables and its model, at the default weights of its
    base model (`defaults`, where they are known already). Raises InputError with every problem, and where tables would
    have to be read anew.
    """
    fix = "write them as in a scenario of a model file"
    if not isinstance(changes, Mapping):
        what = "changes must be a mapping with the keys edit, add, remove and set"
        raise InputError([Problem(what, value=repr(changes), fix=fix)])
    try:
        scenario = Scenario.model_validate(_without_numpy(changes))
    except ValidationError as error:
        raise InputError([_unreadable(one, fix) for one in error.errors()]) from None
    except RecursionError:
        raise InputError([Problem("these changes contain themselves, or are nested too deeply", fix=fix)]) from None
    asked = case.model.model_copy(update={"scenarios": {**case.model.scenarios, WHAT_IF: scenario}})
    try:
        model = scenario_model(asked, WHAT_IF)
    except InputError:
        raise InputError(faults_of(asked, case.tables, WHAT_IF)) from None
    if not same_files(case.model, model):
        what = "a what-if cannot change which tables are read, the years, the phases or the forecast"
        raise InputError([Problem(what, case.model.path.name, fix="make it a scenario of the model file")])
    done = made(model.model_copy(update={"scenarios": asked.scenarios}), case.tables, WHAT_IF)
    model, tables = done.model.model_copy(update={"scenarios": case.model.scenarios}), done.tables
    remarks = check_tables(model, tables)
    if any(problem.severity == "error" for problem in remarks):
        raise InputError(check_under(WHAT_IF, model, tables, case.model, case.tables))
    same = all(getattr(tables, name) is getattr(case.tables, name) for name in ("areas", "settings", "travel"))
    if same and model.travel == case.model.travel:
        travel = case.journeys
        raise_errors(pairs_without_journey(model, tables, travel))
    else:
        tables = with_roads(model, tables)
        travel, on_roads = find_journeys(model, tables, silent)
        remarks += on_roads
    warnings = tuple(problem for problem in remarks if problem.severity == "warning")
    defaults = defaults or case.defaults or defaults_from(case)
    levers = (*case.levers, *done.levers)
    return Case(model, tables, travel, case.scenario, warnings, defaults=defaults, levers=levers)


def _unreadable(detail: Any, fix: str) -> Problem:
    """What pydantic finds wrong in changes, in plain words."""
    where = ".".join(str(part) for part in detail["loc"])
    if detail["type"] == "extra_forbidden" and len(detail["loc"]) == 1:
        near = did_you_mean(where, list(Scenario.model_fields))
        return Problem(f"these changes cannot be read: there is no {where} in a scenario", fix=near)
    said = "there is no such key" if detail["type"] == "extra_forbidden" else detail["msg"]
    return Problem(f"these changes cannot be read: {where}: {said}", fix=fix)


def _without_numpy(value: Any) -> Any:
    """What a mapping holds, NumPy's numbers and arrays as Python's."""
    if isinstance(value, Mapping):
        return {key: _without_numpy(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_without_numpy(item) for item in value]
    return value.tolist() if isinstance(value, np.generic | np.ndarray) else value


def same_files(one: Model, other: Model) -> bool:
    """Whether two models read the same tables in the same way."""
    return all(
        getattr(one, key) == getattr(other, key) for key in ("tables", "phases", "base_year", "years", "forecast")
    )


def read_with_problems(path: Path, scenario: str, progress: Progress) -> tuple[Case, list[Problem]]:
    """The case and its warnings. Raises InputError with every problem found, of cells and across tables."""
    base = read_model(path)
    try:
        model = scenario_model(base, scenario)
    except InputError as error:
        raise InputError(_with_its_changes(base, scenario, error)) from None
    progress("Read", model.name)
    read_now = _tables_of(model, progress)
    case, problems = _checked(model, *read_now, scenario, base, progress)
    if scenario != BASE:
        case = replace(case, defaults=_defaults_of(base, read_now if same_files(base, model) else None, progress))
    return case, problems


def _defaults_of(base: Model, read_now: tuple[Tables, list[Problem]] | None, progress: Progress) -> Defaults:
    """The default weights of the base model, from its tables as `read_now` or, where they are others than the
    scenario's, read here. Raises InputError that names the base model where it is not fit to plan.
    """
    given = base.weights.awaiting_place
    if given is not None:
        return Defaults(given, base.finance.highest_inflation)
    if read_now is None:
        progress("Read", f"{base.name}, the base model")
    try:
        case, _ = _checked(base, *(read_now or _tables_of(base, progress)), BASE, base, progress)
    except InputError as error:
        said = "the base model, which the default of weights.awaiting_place comes from"
        raise InputError([replace(one, what=f"{said}: {one.what}") for one in error.problems]) from None
    return defaults_from(case)


def defaults_from(base: Case) -> Defaults:
    """The default weights of a base model."""
    return defaults_of(base, instance_data(base))


def _with_its_changes(base: Model, scenario: str, error: InputError) -> list[Problem]:
    """What is wrong in the keys that a scenario sets, and in its changes to tables as far as these can be read."""
    if scenario not in base.scenarios:
        return list(error.problems)
    try:
        return faults_of(base, read_tables(base)[0], scenario)
    except InputError:
        return list(error.problems)


def _tables_of(model: Model, progress: Progress) -> tuple[Tables, list[Problem]]:
    """The tables as read, the demand forecast where the model says so, and the problems found in them."""
    made, said, files = _demand_forecast(model, progress)
    tables, problems = read_tables(model, progress, made)
    if model.forecast is None and model.tables.history is not None:
        said = _beside_history(model, tables.demand)
    return replace(tables, files={**tables.files, **files}), [*said, *problems]


def _checked(
    model: Model, tables: Tables, read_problems: Sequence[Problem], scenario: str, base: Model, progress: Progress
) -> tuple[Case, list[Problem]]:
    """The case of a scenario from the tables as read and the problems in them (`read_problems`); `base`: the model
    without the scenario. Raises as `read_with_problems`.
    """
    problems, done = list(read_problems), Made(model, tables)
    if not any(problem.severity == "error" for problem in problems):
        done = made(model, tables, scenario)
    problems += check_under(scenario, done.model, done.tables, base if same_files(base, model) else model, tables)
    raise_errors(problems)
    tables = with_roads(done.model, done.tables)
    try:
        travel, on_roads = find_journeys(done.model, tables, progress)
    except InputError as error:
        raise InputError([*problems, *error.problems]) from None
    return Case(done.model, tables, travel, scenario, levers=done.levers), [*problems, *on_roads]


def _demand_forecast(model: Model, progress: Progress) -> tuple[dict[str, Any], list[Problem], dict[str, Path]]:
    """The demand table where the model says that it is forecast, what is to be said about it, and the files it is
    made of.
    """
    if model.forecast is None:
        return {}, [], {}
    from sufficiency.forecast.doubts import demand_apart, too_many_plans
    from sufficiency.forecast.inputs import read_inputs
    from sufficiency.forecast.run import forecast

    try:
        inputs = read_inputs(model)
    except InputError as error:
        raise InputError([*error.problems, *_wrong_elsewhere(model, error.problems)]) from None
    demand = forecast(inputs, progress, quick=True).demand
    said = [*inputs.notes, *too_many_plans(inputs)]
    if model.tables.history is not None and inputs.imported is None:
        with suppress(InputError):  # a demand table that is not there yet is not used either
            table, path = read_table(model, "demand")
            said += demand_apart(inputs, table.frame, path.name)
    return {"demand": demand}, said, inputs.files


def _beside_history(model: Model, demand: pd.DataFrame) -> list[Problem]:
    """What a history says of a plan that uses the demand table; where it cannot be read, that, as warnings. A history
    of headings alone is none yet.
    """
    from sufficiency.forecast.doubts import demand_apart, too_many_plans
    from sufficiency.forecast.inputs import read_inputs

    try:
        inputs = read_inputs(model)
    except InputError as error:
        own = {file_called(str(getattr(model.tables, name))) for name in FORECAST_INPUTS}
        wrong = [problem for problem in error.problems if problem.file in own and problem.what != NO_ROWS]
        return [replace(problem, severity="warning") for problem in wrong]
    return [*too_many_plans(inputs), *demand_apart(inputs, demand, file_called(model.tables.demand))]


def _wrong_elsewhere(model: Model, known: Sequence[Problem]) -> list[Problem]:
    """What is wrong in the other tables where demand cannot be forecast, so that all problems are listed at once."""
    nobody = pd.DataFrame(columns=["area", "need", "phase", "year", "children"])
    try:
        read_tables(model, given={"demand": nobody})
    except InputError as error:
        return [problem for problem in error.problems if problem not in known and problem.file != FORECAST_CALLED]
    return []

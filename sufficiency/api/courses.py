"""The options that a Cabinet paper weighs, as decision-makers mean them: each a scenario, planned where it has to be.

Doing nothing more is the projection beside every plan, and the preferred option is the plan itself: neither is planned
again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from sufficiency.api.reading import changed_case, defaults_from
from sufficiency.api.result_tables import result_of
from sufficiency.api.solving import solve_case
from sufficiency.case import Case
from sufficiency.deadline import Interrupted, Stop
from sufficiency.model import Model
from sufficiency.model.paper import (
    BASES_FIRST,
    COURSES,
    DEMAND,
    DO_MINIMUM,
    FREE_SCHOOL_LATE,
    SPECIAL_FIRST,
    named,
)
from sufficiency.model.scenarios import BASE, Scenario
from sufficiency.problems import InputError
from sufficiency.progress import Progress, within
from sufficiency.result.folder import refuse_other_model, refuse_unusable, save
from sufficiency.result.summary import input_hashes, model_place
from sufficiency.tables.commitments import existing_commitments

SPECIAL = ("special_school", "special_free_school", "alternative_provision")
FREE_SCHOOL, BASE_TYPE = "special_free_school", "resource_base"
LEFT_OUT = "the model file leaves it out ([paper] leave_out)"
STOPPED = "the report was stopped before it was planned"


@dataclass(frozen=True)
class Course:
    """An option of the paper: its `key` in `[paper]`, the scenario that it is, and what that plans; None with the
    reason in `why_not`, a clause that follows a colon.
    """

    key: str
    scenario: str
    case: Case | None = None
    why_not: str = ""


class CannotPlanError(Exception):
    """An option cannot be planned for a model; the message says why."""


def own_courses(model: Model) -> dict[str, str]:
    """The scenarios of a model that are options of the paper, by key."""
    levers = {
        DEMAND: next((name for name, one in model.scenarios.items() if one.early_intervention), ""),
        FREE_SCHOOL_LATE: next((name for name, one in model.scenarios.items() if one.free_school_delay), ""),
    }
    by_folder = {name.casefold(): name for name in model.scenarios}  # some systems know no capitals in folders' names
    found = {}
    for key in COURSES:
        name = str(getattr(model.paper, key)) or by_folder.get(named(key), "") or levers.get(key, "")
        if name and key not in model.paper.leave_out:
            found[key] = name
    return found


def courses_of(cases: Mapping[str, Case]) -> list[Course]:
    """Every option of the paper for a model; `cases`: `base`, and the scenarios of the model that are options."""
    base = cases[BASE]
    own = own_courses(base.model)
    found = []
    for key in COURSES:
        if key in base.model.paper.leave_out:
            found.append(Course(key, named(key), None, LEFT_OUT))
        elif key in own:
            found.append(Course(key, own[key], cases[own[key]]))
        else:
            try:
                case, about = _MADE[key](base)
                found.append(Course(key, named(key), _called(case, base, named(key), about)))
            except CannotPlanError as why:
                found.append(Course(key, named(key), None, str(why)))
            except InputError as error:
                found.append(Course(key, named(key), None, str(error.problems[0].what)))
    return found


def refuse_unusable_courses(
    path: Path, courses: Sequence[Course], folder_of: Callable[[str], Path], matches: Callable[[Path, Case], bool]
) -> None:
    """Raise InputError, before anything is solved, where the folder of an option that has to be planned cannot be
    used.
    """
    for one in courses:
        folder = folder_of(one.scenario)
        if one.case is not None and not matches(folder, one.case):
            refuse_unusable(folder)
            refuse_other_model(folder, model_place(path), input_hashes(one.case))


def planned_courses(
    courses: Sequence[Course],
    folder_of: Callable[[str], Path],
    matches: Callable[[Path, Case], bool],
    progress: Progress,
    stop: Stop | None = None,
) -> tuple[list[Course], list[str]]:
    """The options, those planned that have no result which `matches`, and the scenarios planned. Each has the solver's
    seconds of its own; once a stop is asked for, the rest are left, and say so. One whose hard rules clash says that.
    """
    planned: list[str] = []
    done = []
    for one in courses:
        if one.case is None or one.scenario in planned or matches(folder_of(one.scenario), one.case):
            done.append(one)
        elif stop is not None and stop.asked:
            done.append(replace(one, case=None, why_not=STOPPED))
        else:
            step = within(progress, one.scenario)
            try:
                save(result_of(solve_case(one.case, step, appraise=False, stop=stop), step), folder_of(one.scenario))
                planned.append(one.scenario)
                done.append(one)
            except Interrupted:
                done.append(replace(one, case=None, why_not=STOPPED))
            except InputError as error:
                done.append(replace(one, case=None, why_not=str(error.problems[0].what)))
    return done, planned


def _called(case: Case, base: Case, name: str, about: str) -> Case:
    """A case as the scenario of a name, at the weights of the base model."""
    scenarios = {**base.model.scenarios, name: Scenario(about=about)}
    model = case.model.model_copy(update={"scenarios": scenarios})
    return replace(case, model=model, scenario=name, defaults=base.defaults or defaults_from(base))


def _do_minimum(base: Case) -> tuple[Case, str]:
    tables = existing_commitments(base.tables, base.model.base_year)
    options = tables.options
    decided = None if options is None else options[options["option"].isin(list(base.model.rules.committed))]
    if tables is base.tables and (options is None or decided is None or len(decided) == len(options)):
        raise CannotPlanError(
            "the model has nothing that is only proposed and no option, so it is the preferred option itself"
        )
    less = replace(tables, options=None if decided is None or decided.empty else decided)
    return replace(base, tables=less), "Only what is committed, with children placed as well as can be in what there is"


def _bases_first(base: Case) -> tuple[Case, str]:
    if base.model.rules.bases_first:
        raise CannotPlanError("the rules of the model put bases first, so it is the preferred option itself")
    _need_both(base)
    rules = base.model.rules.model_copy(update={"bases_first": True})
    model = base.model.model_copy(update={"rules": rules})
    return replace(
        base, model=model
    ), "No new special school or AP place for children whom a specialist base could take"


def _special_first(base: Case) -> tuple[Case, str]:
    _need_both(base)
    options = base.tables.options
    assert options is not None
    new_base = (_types(base, options) == BASE_TYPE) & (options["places"] > 0)
    remaining = options[~new_base | options["option"].isin(list(base.model.rules.committed))]
    rules = base.model.rules.model_copy(update={"bases_first": False})
    model = base.model.model_copy(update={"rules": rules})
    case = replace(base, model=model, tables=replace(base.tables, options=remaining))
    return case, "New places in special schools and AP only: no new place in a specialist base"


def _demand(base: Case) -> tuple[Case, str]:
    raise CannotPlanError("the model has no scenario in which help comes earlier, so what it would change is not known")


def _free_school_late(base: Case) -> tuple[Case, str]:
    places = base.tables.places
    rows = places[_types(base, places) == FREE_SCHOOL].sort_values("from_year", kind="stable")
    first = rows.drop_duplicates("line")
    coming = first[first["from_year"] > base.model.base_year]
    if coming.empty:
        raise CannotPlanError("no free school that is still to come stands in the places table")
    line = str(coming["line"].iloc[0])
    about = f"The free school with the line {line} comes a year late"
    return changed_case(base, {"free_school_delay": {"line": line, "years": 1}}), about


_MADE: Mapping[str, Callable[[Case], tuple[Case, str]]] = {
    DO_MINIMUM: _do_minimum,
    BASES_FIRST: _bases_first,
    SPECIAL_FIRST: _special_first,
    DEMAND: _demand,
    FREE_SCHOOL_LATE: _free_school_late,
}


def _types(case: Case, rows: pd.DataFrame) -> pd.Series:
    """[rows] the type of the setting of each."""
    settings = case.tables.settings.drop_duplicates("setting").set_index("setting")["type"]
    return rows["setting"].map(settings)


def _need_both(base: Case) -> None:
    """Raise where there is no choice between new places in bases and in special schools or AP."""
    options = base.tables.options
    if options is None or options.empty:
        raise CannotPlanError("the model has no option for new places")
    kinds = set(_types(base, options)[options["places"] > 0])
    if BASE_TYPE not in kinds:
        raise CannotPlanError("the model has no option for new places in a base")
    if not kinds & set(SPECIAL):
        raise CannotPlanError("the model has no option for new places in a special school or alternative provision")

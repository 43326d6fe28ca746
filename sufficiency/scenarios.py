"""Scenarios: the base model with keys set, and rows of its tables edited, added and removed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from sufficiency.levers import Lever, Pulled, ap_ambition, pulled, with_ap_at_most, with_lever_money
from sufficiency.model import Model
from sufficiency.model.scenarios import BASE, Scenario, built_on
from sufficiency.model_file import parse_model
from sufficiency.problems import InputError, Problem, did_you_mean
from sufficiency.tables.change import ChangeError, changed
from sufficiency.tables.checks.all import check_tables
from sufficiency.tables.checks.findings import Inspection
from sufficiency.tables.complete import complete_tables
from sufficiency.tables.editing import Editing
from sufficiency.tables.parse import Parsed
from sufficiency.tables.schema.inputs import INPUTS

if TYPE_CHECKING:
    from sufficiency.tables import Tables


def scenario_model(model: Model, name: str) -> Model:
    """The model under a scenario: the `set` of the scenarios it builds on, first to last, then its own,
    merged over the file, each with its ambition for AP.

    Tables merge, lists replace. Raises InputError for a name that is not there (with the nearest), a circle
    of `builds_on`, and values that the model file could not hold.
    """
    chain = scenario_chain(model, name)
    if not any(model.scenarios[link].sets for link in chain):
        return model
    document = model.raw or model.model_dump(mode="python", exclude_unset=True)
    for link in chain:
        if "scenarios" in model.scenarios[link].set:
            what = f"scenario {link}: it cannot set scenarios"
            raise InputError([Problem(what, model.path.name, fix="write its changes under the scenario itself")])
        document = merged(document, model.scenarios[link].set)
        if model.scenarios[link].ap_at_most:
            document = with_ap_at_most(document, model.scenarios[link].ap_at_most or {})
    try:
        changed = parse_model(document, model.path)
    except InputError as error:
        said = [replace(problem, what=f"scenario {name}: {problem.what}", row=None) for problem in error.problems]
        raise InputError(said) from None
    if model.fictional and not changed.fictional:
        what = f"scenario {name}: fictional: a scenario cannot make fictional data real"
        raise InputError([Problem(what, model.path.name, value="false", fix="leave fictional to the model")])
    if model.sources != changed.sources:
        what = f"scenario {name}: sources: a scenario cannot change what the tables were built from"
        raise InputError([Problem(what, model.path.name, fix="leave sources to the model")])
    return changed


def scenario_chain(model: Model, name: str) -> list[str]:
    """The scenarios that `name` consists of, the one built on first; none for `base`. Raises InputError as
    `scenario_model` does.
    """
    chain, faults = built_on(model.scenarios, name)
    problems = []
    for *way, last in faults:
        if last in way:
            what = f"scenarios build on each other in a circle: {', '.join([*way, last])}"
            problems.append(Problem(what, model.path.name, fix="let one of them build on base"))
        else:
            fix = did_you_mean(last, [BASE, *model.scenarios])
            problems.append(Problem("there is no such scenario", model.path.name, value=last, fix=fix))
    if problems:
        raise InputError(problems)
    return chain


def merged(document: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """`document` with `changes` laid over it: tables merge key by key, anything else replaces."""
    result = dict(document)
    for key, value in changes.items():
        old = result.get(key)
        result[key] = merged(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return result


@dataclass(frozen=True)
class Made:
    """The model and the tables under a scenario, and what its levers do."""

    model: Model
    tables: Tables
    levers: tuple[Lever, ...] = ()


def edited_tables(model: Model, tables: Tables, name: str) -> Tables:
    """The tables of `made`."""
    return made(model, tables, name).tables


def made(model: Model, tables: Tables, name: str) -> Made:
    """A scenario made of its model (`scenario_model`) and the tables without it: edits, additions, removals and levers
    of each scenario it builds on in turn, then its own.

    What follows from the tables is worked out again: types and localities that were filled in, places on the
    map, lines of placements. Raises InputError with every change that cannot be made: an unknown table or
    column, a value the column cannot hold, an edit or a removal that finds no row, a lever without anything to change.
    """
    chain = [(link, model.scenarios[link]) for link in scenario_chain(model, name)]
    ambitions = [ap_ambition(scenario.ap_at_most) for _, scenario in chain if scenario.ap_at_most]
    if not any(scenario.changes_tables for _, scenario in chain):
        return Made(model, tables, tuple(ambitions))
    now, pulls, problems = Editing(model, tables), list[Pulled](), list[Problem]()
    for link, scenario in chain:
        _changed_by(now, problems, scenario, f"scenarios.{link}.")
        for key, lever in scenario.levers:
            with _collect_problems(problems, model, f"scenarios.{link}.{key}"):
                pull = pulled(lever, now)
                steps = Scenario(edit=pull.edits, add=pull.add, remove=pull.remove)
                _changed_by(now, problems, steps, f"scenarios.{link}.{key}: ")
                pulls.append(pull)
    under = model
    with _collect_problems(problems, model, f"scenarios.{name}"):
        if pulls:
            capital = sum(pull.capital for pull in pulls)
            under = with_lever_money(model, capital, [pull.dropped for pull in pulls])
    if problems:
        raise InputError(problems)
    completed = _completed(under, tables, now.blank_again(), name)
    return Made(under, completed, (*ambitions, *(pull.lever for pull in pulls)))


def _changed_by(now: Editing, problems: list[Problem], scenario: Scenario, where: str) -> None:
    """Make the edits, additions and removals of a scenario, or keep what is wrong with them."""
    for number, edit in enumerate(scenario.edit, 1):
        with _collect_problems(problems, now.model, f"{where}edit {number}"):
            now.edit(edit)
    rows: dict[str, list[dict[str, Any]]] = {}
    for number, addition in enumerate(scenario.add, 1):
        with _collect_problems(problems, now.model, f"{where}add {number}"):
            row = now.row(addition)
            rows.setdefault(addition.table, []).append(row)
    for table, more in rows.items():
        now.add(table, more)
    for number, removal in enumerate(scenario.remove, 1):
        with _collect_problems(problems, now.model, f"{where}remove {number}"):
            now.remove(removal)


IDLE = "changes nothing"
"""In the words of a warning: a key that has no effect on the tables there are."""


@dataclass(frozen=True)
class Looked:
    """What is wrong in a scenario, and what it is made into: None where it cannot be, or its tables hold errors."""

    problems: list[Problem]
    made: Made | None = None


def check_scenarios(model: Model, tables: Tables) -> list[Problem]:
    """What is wrong in the scenarios of a model: each is made, none is solved. Never raises."""
    return list(dict.fromkeys(problem for name in model.scenarios for problem in faults_of(model, tables, name)))


def faults_of(model: Model, tables: Tables, name: str) -> list[Problem]:
    """What is wrong in the keys that a scenario sets, in its changes to tables, and across the tables once they are
    made. Never raises.
    """
    return looked_at(model, tables, name).problems


def looked_at(model: Model, tables: Tables, name: str) -> Looked:
    """A scenario made, and what is wrong in it (`faults_of`). Never raises."""
    problems: list[Problem] = []
    under, changed = model, tables
    try:
        under = scenario_model(model, name)
    except InputError as error:
        problems += error.problems
    try:
        done = made(under, tables, name)
        under, changed = done.model, done.tables
    except InputError as error:
        problems += error.problems
    sound = False
    if not problems:
        across = check_tables(under, changed)
        sound = not any(one.severity == "error" for one in across)
        problems += _new_errors(name, across, model, tables)
        problems += changing_nothing(name, under, changed, model, tables)
        idle = [one for one in across if IDLE in one.what]
        before = set(check_tables(model, tables)) if idle else set()
        problems += [_its_doing(name, one, model, tables) for one in idle if one not in before]
    return Looked(list(dict.fromkeys(problems)), Made(under, changed) if sound else None)


def changing_nothing(name: str, under: Model, changed_tables: Tables, base: Model, before: Tables) -> list[Problem]:
    """Warnings for a scenario that leaves the model and its tables as they are, and for those of its edits that do: the
    rows they find hold these values already, or no children to multiply.
    """
    if name not in base.scenarios:
        return []
    scenario, file = base.scenarios[name], base.path.name
    chain = [base.scenarios[link] for link in scenario_chain(base, name)]
    edits = any(link.changes_tables for link in chain)
    sets = any(link.sets for link in chain)
    if (edits and changed_tables is before) or (sets and under is base):
        return []  # not made, or with tables of its own
    if _keys(under) == _keys(base) and (not edits or _same_tables(changed_tables, before)):
        what = f"scenario {name} changes nothing in the model or its tables"
        fix = "check what it sets and edits: the values may be the same already, or 0 may be multiplied"
        return [Problem(what, file, fix=fix, severity="warning")]
    problems: list[Problem] = []
    frames = dict(before.frames())
    with suppress(ChangeError):
        for number, edit in enumerate(() if scenario.builds_on else scenario.edit, 1):
            old = frames.get(edit.table)
            if edit.table not in INPUTS or old is None:
                break
            frames[edit.table] = changed(INPUTS[edit.table], under, old, edit)
            if frames[edit.table].equals(old):
                what = f"scenarios.{name}.edit {number} changes nothing: the rows that it finds stay as they are"
                fix = "check its values: they may be the same already, or 0 may be multiplied"
                problems.append(Problem(what, file, fix=fix, severity="warning"))
    return problems


def _keys(model: Model) -> dict[str, Any]:
    return model.model_dump(exclude={"scenarios", "name", "about"})


def _same_tables(one: Tables, other: Tables) -> bool:
    frames, others = one.frames(), other.frames()
    return frames.keys() == others.keys() and all(
        frame is others[name] or frame.equals(others[name]) for name, frame in frames.items()
    )


def check_under(name: str, model: Model, tables: Tables, base: Model, before: Tables) -> list[Problem]:
    """What is wrong across the tables under a scenario, which without it were `before`; what is not wrong there too is
    called the scenario's doing. Never raises.
    """
    problems = check_tables(model, tables)
    idle = changing_nothing(name, model, tables, base, before)
    if tables is before and model is base:
        return [*problems, *idle]
    known = set(check_tables(base, before))
    return [*(one if one in known else _its_doing(name, one, base, before) for one in problems), *idle]


def _new_errors(name: str, problems: list[Problem], base: Model, before: Tables) -> list[Problem]:
    """The errors among the problems of a scenario that are not there without it."""
    errors = [one for one in problems if one.severity == "error"]
    known = set(check_tables(base, before)) if errors else set()
    return [_its_doing(name, one, base, before) for one in errors if one not in known]


def _its_doing(name: str, problem: Problem, base: Model, before: Tables) -> Problem:
    """A problem that a scenario brings about: the file is right, and the row may stand in none."""
    said, inspection = f"scenario {name}: {problem.what}", Inspection(base, before)
    frame = next((frame for table, frame in before.frames().items() if inspection.file(table) == problem.file), None)
    if frame is None or problem.row is None:
        return replace(problem, what=said)
    if problem.row not in frame.index:
        return replace(problem, what=f"{said} (in a row that it adds)", row=None)
    as_it_was = problem.column in frame and (frame[problem.column].loc[[problem.row]] == problem.value).all()
    if as_it_was and problem.what.startswith("there is no such"):
        return replace(problem, what=said, fix="the scenario removes or renames it: let it change this row too")
    return replace(problem, what=said)


@contextmanager
def _collect_problems(problems: list[Problem], model: Model, where: str) -> Iterator[None]:
    """Keep what is wrong with a change, with its place in the model file, and go on to the next."""
    try:
        yield
    except ChangeError as bad:
        problems += [replace(one, what=f"{where}: {one.what}", file=model.path.name) for one in bad.problems]


def _completed(model: Model, tables: Tables, frames: dict[str, pd.DataFrame], name: str) -> Tables:
    for table, frame in frames.items():
        if frame.empty and table in {"areas", "demand", "settings", "costs"}:
            raise InputError([Problem(f"scenario {name} leaves no row in {table}", model.path.name)])
    shaped = tables.areas if frames["areas"] is tables.areas else None
    done = complete_tables(model, _parsed_frames(model, tables, frames), tables.files, shaped)
    errors = [problem for problem in done.problems if problem.severity == "error"]
    if errors:
        # what was wrong before the scenario is said by check, of the base tables
        before = complete_tables(model, _parsed_frames(model, tables, tables.frames()), tables.files).problems
        wrong = {(problem.what, problem.value) for problem in before}
        new = [problem for problem in errors if (problem.what, problem.value) not in wrong]
        if new:
            across = _new_errors(name, check_tables(model, done.tables), model, tables)
            raise InputError([*(_its_doing(name, problem, model, tables) for problem in new), *across])
    frames_left: dict[str, Any] = {
        name: frame for name, frame in tables.frames().items() if frame.equals(getattr(done.tables, name))
    }
    doubtful = done.tables.doubtful | tables.doubtful
    return replace(done.tables, **frames_left, doubtful=doubtful, simulated=tables.simulated, checked=tables.checked)


def _parsed_frames(model: Model, tables: Tables, frames: dict[str, pd.DataFrame]) -> dict[str, Parsed]:
    called = Inspection(model, tables).file
    return {table: _parsed(tables, table, called(table), frame) for table, frame in frames.items()}


def _parsed(tables: Tables, table: str, file: str, frame: pd.DataFrame) -> Parsed:
    """A frame as it was before it was completed: areas keep their shapes, settings are placed by x and y."""
    shapes = None
    if INPUTS[table].spatial:
        if table == "areas" and not (tables.areas.geom_type == "Point").all():
            shapes = frame.set_geometry("geometry", crs=tables.areas.crs).geometry  # type: ignore[operator]
        frame = pd.DataFrame(frame.drop(columns="geometry"))
    doubtful = frozenset(column for column in tables.doubtful if column.startswith(f"{table}."))
    return Parsed(INPUTS[table], file, frame, shapes, (), doubtful)

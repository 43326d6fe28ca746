"""The pipeline: the only place that calls the rooms in order."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sufficiency import __version__
from sufficiency.case import Case
from sufficiency.codes import UNKNOWN_AREA
from sufficiency.deadline import Deadline, Stop, ctrl_c_asks
from sufficiency.finance.budget import deficit, overspend
from sufficiency.finance.reconcile import reconciliation
from sufficiency.finance.spend import academic, financial, place_funding, spend_by_academic_year
from sufficiency.model import Model
from sufficiency.model_file import read_model
from sufficiency.plan.appraisal import NO_APPRAISAL, appraised
from sufficiency.plan.decided import decided
from sufficiency.plan.fairness import with_kappa
from sufficiency.plan.least_overspend import least_overspend
from sufficiency.plan.prepared import prepare
from sufficiency.plan.programme import programme_by_prices, programme_directly, with_programme
from sufficiency.plan.projection import unmitigated
from sufficiency.plan.shortfall import deficits
from sufficiency.plan.solve import solve_by_pricing, solve_directly, with_ties_settled
from sufficiency.plan.values import place_values
from sufficiency.problems import InputError, Problem, raise_errors
from sufficiency.progress import Progress, silent
from sufficiency.rates import years_with_budget
from sufficiency.report.compare_screen import compare_screen, compare_summary
from sufficiency.report.frontier_words import frontier_screen
from sufficiency.report.screen import screen
from sufficiency.result import Result, frames
from sufficiency.result.bases_first import without_a_base
from sufficiency.result.finances import finances
from sufficiency.result.folder import load, refuse_other_model, refuse_unusable, save
from sufficiency.result.layers import make_layers
from sufficiency.result.measures import measures
from sufficiency.result.programme import programme_frames, programme_told, with_capital
from sufficiency.result.study import refuse_unusable_study, saved_study
from sufficiency.result.summary import described, input_hashes, model_place, summary
from sufficiency.scenarios import BASE, edited_tables, scenario_model
from sufficiency.studies.compare import Comparison, compared
from sufficiency.studies.compare_folder import refuse_unusable_comparison, save_comparison
from sufficiency.tables import Tables
from sufficiency.tables.check import check_tables
from sufficiency.tables.check_travel import journey_method
from sufficiency.tables.read import FORECAST_CALLED, read_tables
from sufficiency.travel import Journeys, default_curve, journeys

if TYPE_CHECKING:
    from sufficiency.studies.frontier import Frontier

__all__ = [
    "Stop",
    "compare",
    "compare_screen",
    "compare_summary",
    "compare_to_folder",
    "ctrl_c_asks",
    "forecast_to_folder",
    "frontier_screen",
    "frontier_to_folder",
    "inspect",
    "load",
    "maps_to_folder",
    "plan_to_folder",
    "read",
    "result_folder",
    "screen",
    "solve",
    "start",
]


FOR_KAPPA = 0.3
"""Share of the solver's seconds that the plan may take from which κ of the fairness rule is drawn."""
PATTERN = "today's pattern"
"""What ties between plans of the same cost are settled to, but in a comparison."""


def read(path: str | Path, scenario: str = "base", progress: Progress = silent) -> Case:
    """Read and check a model and its tables under a scenario. Raises InputError that lists every problem."""
    started = time.perf_counter()
    case, problems = _read(Path(path), scenario, progress)
    warnings = tuple(problem for problem in problems if problem.severity == "warning")
    return replace(case, warnings=warnings, seconds=time.perf_counter() - started)


def _read(path: Path, scenario: str, progress: Progress) -> tuple[Case, list[Problem]]:
    """The case and its warnings. Raises InputError with every problem found, of cells and across tables."""
    model = scenario_model(read_model(path), scenario)
    progress("Read", model.name)
    return _checked(model, *_tables_of(model, progress), scenario)


def _tables_of(model: Model, progress: Progress) -> tuple[Tables, list[Problem]]:
    """The tables as read, the demand forecast where the model says so, and the problems found in them."""
    made, said, files = _demand_forecast(model, progress)
    tables, problems = read_tables(model, progress, made)
    return replace(tables, files={**tables.files, **files}), [*said, *problems]


def _checked(model: Model, tables: Tables, found: Sequence[Problem], scenario: str) -> tuple[Case, list[Problem]]:
    """The case of a scenario from the tables as read and the problems `found` in them. Raises as `_read`."""
    problems = list(found)
    if not any(problem.severity == "error" for problem in problems):
        tables = edited_tables(model, tables, scenario)
    problems += check_tables(model, tables)
    raise_errors(problems)
    return Case(model, tables, journeys_of(model, tables), scenario), problems


def _demand_forecast(model: Model, progress: Progress) -> tuple[dict[str, Any], list[Problem], dict[str, Path]]:
    """The demand table where the model says that it is forecast, what is to be said about it, and the files it is
    made of.
    """
    if model.forecast is None:
        return {}, [], {}
    from sufficiency.forecast.inputs import read_inputs
    from sufficiency.forecast.run import forecast

    try:
        inputs = read_inputs(model)
    except InputError as error:
        raise InputError([*error.problems, *_wrong_elsewhere(model, error.problems)]) from None
    demand = forecast(inputs, progress, quick=True).demand
    return {"demand": demand}, list(inputs.notes), inputs.files


def _wrong_elsewhere(model: Model, known: Sequence[Problem]) -> list[Problem]:
    """What is wrong in the other tables where demand cannot be forecast, so that all is told at once."""
    nobody = pd.DataFrame(columns=["area", "need", "phase", "year", "children"])
    try:
        read_tables(model, given={"demand": nobody})
    except InputError as error:
        return [problem for problem in error.problems if problem not in known and problem.file != FORECAST_CALLED]
    return []


def journeys_of(model: Model, tables: Tables) -> Journeys:
    """Minutes and km one way for every area and setting of a model."""
    travel = model.travel
    areas = tables.areas[["area", "x", "y"]]
    named = [frame["area"] for frame in (tables.demand, tables.placements) if frame is not None]
    if any((column == UNKNOWN_AREA).any() for column in named):
        nowhere = pd.DataFrame({"area": [UNKNOWN_AREA], "x": np.nan, "y": np.nan})
        areas = pd.concat([areas, nowhere], ignore_index=True)
    return journeys(
        areas,
        tables.settings[["setting", "type", "x", "y", "km", "minutes"]],
        method=journey_method(model, tables),
        matrix=tables.travel,
        curve=default_curve(travel.detour, travel.speed_factor),
        weights=tables.demand.groupby("area")["children"].sum(),
    )


def solve(
    case: Case, progress: Progress = silent, direct: bool = False, appraise: bool = True, stop: Stop | None = None
) -> Result:
    """Plan a case: the cheapest placement plan, proven, as a result. Raises CertificateError where the proof fails
    and InputError where hard rules clash. `direct` solves the program of all arcs at once: slower, for checking.
    `appraise` false leaves out what each option saves, the order to commission, and the alternatives.

    `stop.ask()`, from a progress or another thread, ends the search with the best plan so far; raises Interrupted
    where there is none. `ctrl_c_asks` has Ctrl-C do so.
    """
    return _solve(case, progress, direct, appraise, stop=stop)


def _solve(
    case: Case,
    progress: Progress,
    direct: bool = False,
    appraise: bool = True,
    towards: pd.DataFrame | None = None,
    stop: Stop | None = None,
) -> Result:
    """`towards`: the placements of a plan that ties are settled to, in place of today's pattern."""
    until = Deadline.after(case.model.solver.seconds, stop)
    left_out: list[str] = []
    seconds = {"read": case.seconds}
    clock = time.perf_counter()

    def took(step: str) -> None:
        nonlocal clock
        seconds[step] = seconds.get(step, 0.0) + time.perf_counter() - clock
        clock = time.perf_counter()

    given, for_kappa = case, until.share(FOR_KAPPA)
    case = with_kappa(case, progress, for_kappa)
    if case is not given and for_kappa.passed:
        left_out.append("kappa")
    took("solve")
    progress("Build", "cells, lines and journeys")
    base = prepare(case)
    took("build")
    if stop is not None:
        stop.solving = True
    programme = (programme_directly if direct else programme_by_prices)(base, progress, until)
    prepared = programme.prepared
    took("choose")
    progress("Solve", "places for children")
    solved = (solve_directly if direct else solve_by_pricing)(prepared, progress, until, programme.children(prepared))
    took("solve")
    values = place_values(solved, progress)
    if until.passed:
        left_out.append("place_values")
    took("place values")
    progress("Settle ties", "closest to today's pattern" if towards is None else "closest to the base plan")
    settled = with_ties_settled(solved, towards)
    if settled is solved.plan and until.passed:
        left_out.append("ties")
    plan = with_programme(settled, programme, until)
    took("ties")
    least = least_overspend(prepared, plan, progress, until) if case.model.finance.least_overspend else None
    if least is None and until.passed and case.model.finance.least_overspend and years_with_budget(case):
        left_out.append("least_overspend")
    took("least overspend")
    as_long_again = Deadline.after(case.model.solver.seconds, stop)
    appraisal = appraised(programme, as_long_again, progress) if appraise else NO_APPRAISAL
    if appraise and len(programme.found.choices) and as_long_again.passed:
        left_out.append("appraisal")
    took("appraise")
    progress("Tables", "placements, gaps, spend")
    data, stock = plan.data, plan.stock
    nothing_opened = decided(programme.found, 0.0 * programme.y)
    projection = unmitigated(nothing_opened.data, nothing_opened.settled)
    spend = spend_by_academic_year(case, data, stock, plan.waiting)
    unmitigated_spend = spend_by_academic_year(case, projection.data, projection.stock, projection.waiting)
    by_cell = frames.cell_gaps(plan, stock)
    first = case.model.years[0]
    by_financial_year = {"plan": financial(spend, first), "unmitigated": financial(unmitigated_spend, first)}
    known = bool(years_with_budget(case))
    over = {name: overspend(case, rows) for name, rows in by_financial_year.items()} if known else {}
    balance = deficit(case, **by_financial_year) if known else None
    tables = {
        "placements": frames.placements(plan, stock),
        "occupancy": frames.occupancy(data, stock),
        "awaiting": frames.awaiting(data, plan.waiting),
        "place_values": values,
        "gaps": frames.gaps(by_cell),
        "area_gaps": frames.area_gaps(by_cell),
        "provision": frames.provision(data, stock),
        "journeys": frames.journeys(data, stock),
        "spend": academic(spend, first),
        "spend_financial": by_financial_year["plan"],
        "place_funding": place_funding(case, data, stock),
        "changes": frames.changes(plan, stock, projection),
        "rules": frames.rules(plan),
        "reconciliation": reconciliation(case, data, spend),
    }
    if balance is not None:
        tables |= {"overspend": over["plan"], "deficit": balance}
    tables |= programme_frames(programme, appraisal, plan)
    tables |= with_capital(tables, programme)
    if case.model.rules.bases_first:
        tables["bases_first"] = without_a_base(case, base.data)
    areas, settings, desire_lines = make_layers(case.tables.areas, case.tables.settings, tables, case.model.plan_years)
    why = deficits(plan)
    took("tables")
    short = by_cell.groupby("year")["shortfall"].sum()
    told = summary(plan, projection, spend, unmitigated_spend, values, short, why, seconds)
    told["finance"] = finances(
        case, by_financial_year, over, balance, least, tables["reconciliation"], tables["place_funding"]
    )
    whole = {} if least is None else {"least_overspend": least.pounds}
    tables["measures"] = measures(
        told["headline"], by_financial_year, over, balance, tables.get("programme"), whole, first
    )
    told["interrupted"], told["left_out"] = bool(left_out) and until.stopped, left_out
    told["ties_settled_to"] = PATTERN if towards is None else BASE
    told["programme"] = programme_told(programme, appraisal, tables)
    return Result(tables, told, areas, settings, desire_lines)


def inspect(path: str | Path, scenario: str = "base", progress: Progress = silent) -> tuple[list[Problem], str | None]:
    """Every problem of a model, and a one-screen picture of supply against demand (None where it cannot be read)."""
    from sufficiency.report.supply import supply_screen

    try:
        case, problems = _read(Path(path), scenario, progress)
    except InputError as error:
        return list(error.problems), None
    return problems, supply_screen(case)


def result_folder(path: str | Path, scenario: str = "base") -> Path:
    """Where a model's results go by default: `results/<model>/<scenario>`."""
    return Path("results") / Path(path).stem / scenario


def plan_to_folder(
    path: str | Path,
    scenario: str = "base",
    folder: Path | None = None,
    parquet: bool = False,
    progress: Progress = silent,
    direct: bool = False,
    appraise: bool = True,
    warn: Callable[[Sequence[Problem]], object] | None = None,
    stop: Stop | None = None,
) -> tuple[Result, Path]:
    """Read, plan and save. Raises InputError before anything is solved where the folder cannot be used. `warn` is
    given the problems that do not stop the plan; `stop` is as in `solve`.
    """
    scenario_model(read_model(path), scenario)  # a name that is none must not become a folder
    target = folder or result_folder(path, scenario)
    refuse_unusable(target)
    if folder is None:
        refuse_other_model(target, model_place(Path(path)))
    case = read(path, scenario, progress)
    if warn is not None:
        warn(case.warnings)
    result = solve(case, progress, direct, appraise, stop)
    progress("Save", str(target))
    return result, save(result, target, parquet=parquet)


@dataclass(frozen=True)
class MapsDrawn:
    """The files drawn, the result they show, and whether it had to be planned first."""

    files: list[Path]
    result: Result
    planned: bool


def maps_to_folder(
    path: str | Path,
    scenario: str = "base",
    folder: Path | None = None,
    years: Sequence[int] | None = None,
    needs: Sequence[str] | None = None,
    phases: Sequence[str] | None = None,
    kinds: Sequence[str] | None = None,
    formats: Sequence[str] = ("png", "svg"),
    progress: Progress = silent,
    warn: Callable[[Sequence[Problem]], object] | None = None,
    stop: Stop | None = None,
) -> MapsDrawn:
    """Draw maps into the result's folder, planning first where it holds no result of the same inputs; `stop` is as in
    `solve`.

    Raises InputError before anything is planned where the maps asked for cannot be drawn.
    """
    from sufficiency.report.map_request import map_request
    from sufficiency.report.maps import KINDS, draw_maps

    asked: dict[str, Any] = {
        "years": years,
        "needs": needs,
        "phases": phases,
        "kinds": kinds or KINDS,
        "formats": formats,
    }
    map_request(described(scenario_model(read_model(path), scenario), scenario), **asked)
    target = folder or result_folder(path, scenario)
    result = _matching_result(path, scenario, target, progress)
    planned = result is None
    if result is None:
        result, target = plan_to_folder(path, scenario, folder, progress=progress, warn=warn, stop=stop)
    return MapsDrawn(draw_maps(result, target / "maps", progress=progress, **asked), result, planned)


def _matching_result(path: str | Path, scenario: str, folder: Path, progress: Progress) -> Result | None:
    """The result in a folder, where it was made from just these inputs and this scenario."""
    if not (folder / "summary.json").is_file():
        return None
    result = load(folder)
    made_from = result.summary.get("inputs", {})
    now = input_hashes(read(path, scenario, progress))
    return result if result.summary.get("scenario") == scenario and made_from == now else None


def frontier_to_folder(
    path: str | Path,
    scenario: str = "base",
    folder: Path | None = None,
    points: int = 8,
    progress: Progress = silent,
    warn: Callable[[Sequence[Problem]], object] | None = None,
    stop: Stop | None = None,
) -> tuple[Frontier, list[Path]]:
    """What fairer journeys cost: `frontier.csv` and its picture, in `results/<model>/<scenario>.frontier`.

    `stop.ask()` ends it with the plans made so far. Raises as `studies.frontier.frontier` does, and InputError
    where the folder holds anything else.
    """
    from sufficiency.report.frontier_chart import draw_frontier
    from sufficiency.report.screen_words import academic_year
    from sufficiency.studies.frontier import frontier

    scenario_model(read_model(path), scenario)  # a name that is none must not become a folder
    plain = result_folder(path, scenario)
    target = folder or plain.with_name(f"{plain.name}.frontier")
    refuse_unusable_study(target, "frontier")
    case = read(path, scenario, progress)
    if warn is not None:
        warn(case.warnings)
    found = frontier(case, points, progress, stop)
    model, (first, last) = case.model, case.model.years
    named = model.name if scenario == "base" else f"{model.name}, {scenario}"
    title = f"{named}: what fairer journeys cost, {academic_year(first)} to {academic_year(last)}"
    with saved_study(target, "frontier", found.points) as new:
        drawn = draw_frontier(found.points, new / "frontier", title, model.fictional)
    return found, [target / "frontier.csv", *(target / file.name for file in drawn)]


def compare(
    path: str | Path,
    scenarios: Sequence[str] | None = None,
    progress: Progress = silent,
    stop: Stop | None = None,
) -> Comparison:
    """Plan scenarios of a model (without names: all), `base` first, and set them side by side; nothing is saved.

    `stop.ask()` ends the scenario at hand with its best plan so far; those after it are named as `missing`. Raises
    InputError with every problem of every scenario before anything is solved.
    """
    return _compare(_cases(path, scenarios, progress), None, progress, stop)


def compare_to_folder(
    path: str | Path,
    scenarios: Sequence[str] | None = None,
    folder: Path | None = None,
    progress: Progress = silent,
    warn: Callable[[Sequence[Problem]], object] | None = None,
    stop: Stop | None = None,
) -> tuple[Comparison, Path]:
    """Compare scenarios; results go into folders of the scenarios' names, and those that were made from these very
    inputs are used again. Raises as `compare`, and where a folder cannot be used.
    """
    target = folder or result_folder(path).parent
    cases = _cases(path, scenarios, progress)
    refuse_unusable_comparison(target, list(cases))
    if warn is not None:
        warn(cases[BASE].warnings)
    comparison = _compare(cases, target, progress, stop)
    save_comparison(comparison, target, compare_summary(comparison))
    return comparison, target


def _cases(path: str | Path, scenarios: Sequence[str] | None, progress: Progress) -> dict[str, Case]:
    """The cases of scenarios by name, `base` first; tables are read once for all that name the same files, phases and
    years. Raises InputError with the problems of all of them.
    """
    started = time.perf_counter()
    base = read_model(path)
    cases: dict[str, Case] = {}
    problems: list[Problem] = []
    read_so_far: list[tuple[Model, Tables, list[Problem]]] = []
    for name in dict.fromkeys([BASE, *(scenarios or base.scenarios)]):
        progress("Read", name)
        try:
            model = scenario_model(base, name)
            shared = [(tables, found) for other, tables, found in read_so_far if _same_files(model, other)]
            if not shared:
                shared = [_tables_of(model, progress)]
                read_so_far.append((model, *shared[0]))
            case, found = _checked(model, *shared[0], name)
        except InputError as error:
            problems += [problem for problem in error.problems if problem not in problems]
            continue
        warnings = tuple(problem for problem in found if problem.severity == "warning")
        cases[name] = replace(case, warnings=warnings, seconds=time.perf_counter() - started)
        started = time.perf_counter()
    raise_errors(problems)
    return cases


def _same_files(one: Model, other: Model) -> bool:
    """Whether two models read the same tables in the same way."""
    return all(
        getattr(one, key) == getattr(other, key) for key in ("tables", "phases", "base_year", "years", "forecast")
    )


def _compare(cases: dict[str, Case], folder: Path | None, progress: Progress, stop: Stop | None = None) -> Comparison:
    results: dict[str, Result] = {}
    reused: list[str] = []
    missing: list[str] = []
    for number, (name, case) in enumerate(cases.items(), 1):
        step = _within(progress, f"{name} ({number} of {len(cases)})")
        found = None if folder is None else _usable(folder / name, case)
        if found is not None:
            results[name] = found
            reused.append(name)
            continue
        if stop is not None and stop.asked and results:
            missing.append(name)
            continue
        towards = results[BASE].placements if name != BASE else None
        results[name] = _solve(case, step, appraise=False, towards=towards, stop=stop)
        if folder is not None:
            save(results[name], folder / name)
    return compared(results, tuple(reused), tuple(missing))


def _within(progress: Progress, scenario: str) -> Progress:
    def told(step: str, detail: str = "") -> None:
        progress(scenario, f"{step.lower()}, {detail}" if detail else step.lower())

    return told


def _usable(folder: Path, case: Case) -> Result | None:
    """The result in a folder where it was made from these inputs, with its ties settled as a comparison needs, and
    nobody interrupted it.
    """
    try:
        result = load(folder)
    except InputError:
        return None
    summary, settled = result.summary, PATTERN if case.scenario == BASE else BASE
    same = summary.get("scenario") == case.scenario and summary.get("inputs") == input_hashes(case)
    fits = same and summary.get("ties_settled_to") == settled and "measures" in result.frames
    fits = fits and not summary.get("interrupted", False)
    return result if fits and summary.get("versions", {}).get("sufficiency") == __version__ else None


def start(folder: Path, template: str | None = None) -> list[Path]:
    """Put a starter model into a new folder: the worked example, or empty templates (`csv`, `xlsx`)."""
    from sufficiency.starter import start_in

    return start_in(folder, template)


@dataclass(frozen=True)
class ForecastMade:
    """Where a forecast went, its summary, and what to show on the screen."""

    folder: Path
    summary: dict[str, Any]
    shown: str


def forecast_folder_of(path: str | Path, scenario: str = "base") -> Path:
    """Where a model's forecasts go by default: `results/<model>/<scenario>-forecast`, beside the plan's own folder."""
    return Path("results") / Path(path).stem / f"{scenario}-forecast"


def forecast_to_folder(
    path: str | Path,
    scenario: str = "base",
    folder: Path | None = None,
    backtest: bool = False,
    parquet: bool = False,
    progress: Progress = silent,
    warn: Callable[[Sequence[Problem]], object] | None = None,
) -> ForecastMade:
    """Forecast demand of a model and save it: tables, plots and, with `backtest`, its errors on the past.

    Raises InputError before anything is forecast where the folder cannot be used.
    """
    from sufficiency.forecast import backtest as tried
    from sufficiency.forecast.inputs import read_inputs
    from sufficiency.forecast.levels import history_levels
    from sufficiency.forecast.run import forecast
    from sufficiency.forecast.scores import better_rivals, scored
    from sufficiency.report.fans import draw_fans
    from sufficiency.report.forecast_screen import errors_screen, forecast_screen
    from sufficiency.result.forecast_folder import forecast_folder, refuse_unusable_for_forecast, write_forecast
    from sufficiency.result.forecast_summary import forecast_summary

    model = scenario_model(read_model(path), scenario)
    target = folder or forecast_folder_of(path, scenario)
    refuse_unusable_for_forecast(target)
    progress("Read", model.name)
    inputs = read_inputs(model)
    if warn is not None:
        warn(inputs.notes)
    made = forecast(inputs, progress)
    told = {"demand": made.demand, "levels": made.levels, "plans": made.plans, "rates": made.rates}
    tables = {name: frame for name, frame in told.items() if len(frame)}
    shown = forecast_screen(model, made.levels, made.plans, made.growth, made.own_growth)
    if backtest:
        outcomes = tried.council_outcomes(inputs, progress)
        tables["errors"] = scored(outcomes)
        tables["backtest"] = outcomes.rename(columns={"name": "which"})
        shown += "\n\n" + errors_screen(tables["errors"], better_rivals(tables["errors"]))
    summary = forecast_summary(inputs, made, scenario, tables.get("errors"))
    progress("Save", str(target))
    with forecast_folder(target) as new:
        write_forecast(tables, summary, new, parquet=parquet)
        if len(made.plans):
            draw_fans(model, history_levels(inputs), made.plans, made.levels, new)
    return ForecastMade(target, summary, shown)

"""The pipeline: the only place that calls the rooms in order."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sufficiency.case import Case
from sufficiency.finance.reconcile import reconciliation
from sufficiency.finance.spend import academic, financial, spend_by_academic_year
from sufficiency.model import Model
from sufficiency.model_file import read_model
from sufficiency.plan.appraisal import NO_APPRAISAL, appraised
from sufficiency.plan.decided import decided
from sufficiency.plan.fairness import with_kappa
from sufficiency.plan.prepared import prepare
from sufficiency.plan.programme import programme_by_prices, programme_directly, with_programme
from sufficiency.plan.projection import unmitigated
from sufficiency.plan.shortfall import deficits
from sufficiency.plan.solve import solve_by_pricing, solve_directly, with_ties_settled
from sufficiency.plan.values import place_values
from sufficiency.problems import InputError, Problem, raise_errors
from sufficiency.progress import Progress, silent
from sufficiency.report.screen import screen
from sufficiency.result import Result, frames
from sufficiency.result.bases_first import without_a_base
from sufficiency.result.folder import load, refuse_unusable, save
from sufficiency.result.layers import make_layers
from sufficiency.result.programme import programme_frames, programme_told, with_capital
from sufficiency.result.summary import described, input_hashes, summary
from sufficiency.scenarios import edited_tables, scenario_model
from sufficiency.tables import Tables
from sufficiency.tables.check import check_tables
from sufficiency.tables.check_travel import journey_method
from sufficiency.tables.read import read_tables
from sufficiency.travel import Journeys, default_curve, journeys

__all__ = [
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
    tables, problems = read_tables(model, progress)
    if not any(problem.severity == "error" for problem in problems):
        tables = edited_tables(model, tables, scenario)
    problems += check_tables(model, tables)
    raise_errors(problems)
    return Case(model, tables, journeys_of(model, tables), scenario), problems


def journeys_of(model: Model, tables: Tables) -> Journeys:
    """Minutes and km one way for every area and setting of a model."""
    travel = model.travel
    return journeys(
        tables.areas[["area", "x", "y"]],
        tables.settings[["setting", "type", "x", "y", "km", "minutes"]],
        method=journey_method(model, tables),
        matrix=tables.travel,
        curve=default_curve(travel.detour, travel.speed_factor),
        weights=tables.demand.groupby("area")["children"].sum(),
    )


def solve(case: Case, progress: Progress = silent, direct: bool = False, appraise: bool = True) -> Result:
    """Plan a case: the cheapest placement plan, proven, as a result. Raises CertificateError where the proof fails
    and InputError where hard rules clash. `direct` solves the program of all arcs at once: slower, for checking.
    `appraise` false leaves out what each option saves, the order to commission, and the alternatives.
    """
    seconds = {"read": case.seconds}
    clock = time.perf_counter()

    def took(step: str) -> None:
        nonlocal clock
        seconds[step] = seconds.get(step, 0.0) + time.perf_counter() - clock
        clock = time.perf_counter()

    case = with_kappa(case, progress)
    took("solve")
    progress("Build", "cells, lines and journeys")
    base = prepare(case)
    took("build")
    programme = programme_directly(base, progress) if direct else programme_by_prices(base, progress)
    prepared = programme.prepared
    took("choose")
    progress("Solve", "places for children")
    solved = solve_by_pricing(prepared, progress) if not direct else solve_directly(prepared, progress)
    took("solve")
    values = place_values(solved, progress)
    took("place values")
    progress("Settle ties", "closest to today's pattern")
    plan = with_programme(with_ties_settled(solved), programme)
    took("ties")
    until = time.monotonic() + case.model.solver.seconds
    appraisal = appraised(programme, until, progress) if appraise else NO_APPRAISAL
    took("appraise")
    progress("Tables", "placements, gaps, spend")
    data, stock = plan.data, plan.stock
    nothing_opened = decided(programme.found, 0.0 * programme.y)
    projection = unmitigated(nothing_opened.data, nothing_opened.settled)
    spend = spend_by_academic_year(case, data, stock, plan.waiting)
    unmitigated_spend = spend_by_academic_year(case, projection.data, projection.stock, projection.waiting)
    by_cell = frames.cell_gaps(plan, stock)
    first = case.model.years[0]
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
        "spend_financial": financial(spend, first),
        "changes": frames.changes(plan, stock, projection),
        "rules": frames.rules(plan),
        "reconciliation": reconciliation(spend, case.tables, case.model.base_year),
    }
    tables |= programme_frames(programme, appraisal, plan)
    tables |= with_capital(tables, programme)
    if case.model.rules.bases_first:
        tables["bases_first"] = without_a_base(case, base.data)
    areas, settings, desire_lines = make_layers(case.tables.areas, case.tables.settings, tables, case.model.plan_years)
    why = deficits(plan)
    took("tables")
    short = by_cell.groupby("year")["shortfall"].sum()
    told = summary(plan, projection, spend, unmitigated_spend, values, short, why, seconds)
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
) -> tuple[Result, Path]:
    """Read, plan and save. Raises InputError before anything is solved where the folder cannot be used. `warn` is
    given the problems that do not stop the plan.
    """
    scenario_model(read_model(path), scenario)  # a name that is none must not become a folder
    target = folder or result_folder(path, scenario)
    refuse_unusable(target)
    case = read(path, scenario, progress)
    if warn is not None:
        warn(case.warnings)
    result = solve(case, progress, direct, appraise)
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
) -> MapsDrawn:
    """Draw maps into the result's folder, planning first where it holds no result of the same inputs.

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
        result, target = plan_to_folder(path, scenario, target, progress=progress, warn=warn)
    return MapsDrawn(draw_maps(result, target / "maps", progress=progress, **asked), result, planned)


def _matching_result(path: str | Path, scenario: str, folder: Path, progress: Progress) -> Result | None:
    """The result in a folder, where it was made from just these inputs and this scenario."""
    if not (folder / "summary.json").is_file():
        return None
    result = load(folder)
    made_from = result.summary.get("inputs", {})
    now = input_hashes(read(path, scenario, progress))
    return result if result.summary.get("scenario") == scenario and made_from == now else None


def start(folder: Path, template: str | None = None) -> list[Path]:
    """Put a starter model into a new folder: the worked example, or empty templates (`csv`, `xlsx`)."""
    from sufficiency.starter import start_in

    return start_in(folder, template)

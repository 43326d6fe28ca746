"""Studies of many plans of one case: what fairer journeys cost, and what every setting is worth."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from sufficiency.api.asking import Session, session
from sufficiency.api.planning import result_folder
from sufficiency.api.reading import read
from sufficiency.case import Case
from sufficiency.deadline import Interrupted, Stop
from sufficiency.model_file import read_model
from sufficiency.plan.explain.rule_prices import rules_missed
from sufficiency.plan.solve.solve import Plan, with_ties_settled
from sufficiency.problems import InputError, Problem
from sufficiency.progress import Progress, silent
from sufficiency.result import frames
from sufficiency.result.study import refuse_unusable_study, saved_study
from sufficiency.scenarios import scenario_model
from sufficiency.studies.worth import Worth, closing, settings_of, worth_row, worth_table
from sufficiency.tables.origin import standing_of

if TYPE_CHECKING:
    from sufficiency.studies.frontier import Frontier


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
    from sufficiency.report.charts.frontier import draw_frontier
    from sufficiency.report.words import academic_year
    from sufficiency.studies.frontier import frontier

    target = _folder_for(path, scenario, folder, "frontier")
    case = read(path, scenario, progress)
    if warn is not None:
        warn(case.warnings)
    plans = frontier(case, points, progress, stop)
    model, (first, last) = case.model, case.model.years
    named = model.name if scenario == "base" else f"{model.name}, {scenario}"
    title = f"{named}: what fairer journeys cost, {academic_year(first)} to {academic_year(last)}"
    with saved_study(target, "frontier", plans.with_missing) as new:
        drawn = draw_frontier(plans.points, new / "frontier", title, plans.first_year, plans.standing)
    return plans, [target / "frontier.csv", *(target / file.name for file in drawn)]


def setting_worths(case: Case, progress: Progress = silent, stop: Stop | None = None) -> Worth:
    """What the plan of a case would cost more without each of its settings, one at a time.

    Every answer is asked of the same solved plan, so that the order does not matter, is proven like any plan, and
    among plans of its cost is the closest to that plan. `stop.ask()` ends it with the answers so far. Raises as
    `session`; InputError where the plan itself was not proven in time, Interrupted where it was stopped before.
    """
    if stop is not None:
        stop.solving = True
    base = session(case, progress, stop)
    if base.plan.status != "optimal":
        if stop is not None and stop.asked:
            raise Interrupted("the worth of no setting is known yet")
        what = "the plan was not proven in time, so it cannot be the base for questions"
        raise InputError([Problem(what, case.model.path.name, fix="give solver.seconds more")])
    plan = with_ties_settled(base.solved)
    placed = frames.placements(plan, plan.stock)
    names = case.tables.settings.set_index("setting")["name"]
    opens = {name: " and ".join(str(one.year) for one in parts) for name, parts in base.openings.items()}
    settings = settings_of(plan)
    rows = []
    for number, setting in enumerate(settings):
        progress("Worth", f"setting {number + 1} of {len(settings)}: {names[setting]}")
        if stop is not None and stop.asked:
            break
        try:
            without = _without(base, setting, placed, stop)
        except Interrupted:
            break
        if stop is not None and stop.asked:
            break
        rows.append(worth_row(plan, setting, without, opens))
    if settings and not rows:
        raise Interrupted("the worth of no setting is known yet")
    missing = tuple(str(names[setting]) for setting in settings[len(rows) :])
    return Worth(worth_table(rows), case.model.years[0], rules_missed(plan), missing, standing_of(case.model))


def _without(base: Session, setting: str, placed: pd.DataFrame, stop: Stop | None) -> Plan | InputError:
    """The plan without a setting, closest to the one with it, or why there is none. Raises Interrupted."""
    try:
        return with_ties_settled(base.what_if(closing(base.case, setting), stop=stop).solved, placed)
    except InputError as error:
        return error


def setting_worth_to_folder(
    path: str | Path,
    scenario: str = "base",
    folder: Path | None = None,
    progress: Progress = silent,
    warn: Callable[[Sequence[Problem]], object] | None = None,
    stop: Stop | None = None,
) -> tuple[Worth, list[Path]]:
    """What every setting is worth: `worth.csv` in `results/<model>/<scenario>.worth`.

    Raises as `setting_worths` and `read`, and InputError where the folder holds anything else.
    """
    target = _folder_for(path, scenario, folder, "worth")
    case = read(path, scenario, progress)
    if warn is not None:
        warn(case.warnings)
    worths = setting_worths(case, progress, stop)
    with saved_study(target, "worth", worths.with_missing):
        pass
    return worths, [target / "worth.csv"]


def _folder_for(path: str | Path, scenario: str, folder: Path | None, name: str) -> Path:
    """Where a study goes. Raises InputError where that holds anything else, or there is no such scenario."""
    scenario_model(read_model(path), scenario)  # a name that is none must not become a folder
    plain = result_folder(path, scenario)
    target = folder or plain.with_name(f"{plain.name}.{name}")
    refuse_unusable_study(target, name)
    return target

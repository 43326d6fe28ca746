"""Studies of many plans of one case: what fairer journeys cost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sufficiency.api.planning import result_folder
from sufficiency.api.reading import read
from sufficiency.deadline import Stop
from sufficiency.model_file import read_model
from sufficiency.problems import Problem
from sufficiency.progress import Progress, silent
from sufficiency.result.study import refuse_unusable_study, saved_study
from sufficiency.scenarios import scenario_model

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

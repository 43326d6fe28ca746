"""Maps of a result, planned first where there is none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sufficiency.api.matching import is_made_from
from sufficiency.api.planning import plan_to_folder, result_folder
from sufficiency.api.reading import read
from sufficiency.deadline import Stop
from sufficiency.model_file import read_model
from sufficiency.problems import Problem
from sufficiency.progress import Progress, silent
from sufficiency.result import Result
from sufficiency.result.folder import MAPS_FOLDER, load, read_summary, refuse_unusable_inside
from sufficiency.result.summary import described
from sufficiency.result.swap import recover
from sufficiency.scenarios import scenario_model


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
    from sufficiency.report.maps.draw import KINDS, draw_maps
    from sufficiency.report.maps.request import map_request

    asked: dict[str, Any] = {
        "years": years,
        "needs": needs,
        "phases": phases,
        "kinds": kinds or KINDS,
        "formats": formats,
    }
    map_request(described(scenario_model(read_model(path), scenario), scenario), **asked)
    target = folder or result_folder(path, scenario)
    refuse_unusable_inside(target, MAPS_FOLDER)
    result = _matching_result(path, scenario, target, progress)
    planned = result is None
    if result is None:
        result, target = plan_to_folder(path, scenario, folder, progress=progress, warn=warn, stop=stop)
    return MapsDrawn(draw_maps(result, target / MAPS_FOLDER, progress=progress, **asked), result, planned)


def _matching_result(path: str | Path, scenario: str, folder: Path, progress: Progress) -> Result | None:
    """The result in a folder, where it was made from just these inputs and this scenario by this version. Raises
    InputError where it is damaged.
    """
    recover(folder)
    summary = read_summary(folder)
    if summary is None:
        return None
    return load(folder, whole=True) if is_made_from(summary, read(path, scenario, progress)) else None
